"""Reading a YAML file into a tree that remembers where every value stands.

Stricter than PyYAML alone, which silently takes the last of two equal keys, expands aliases without bound and reads
tags: each of these is a problem with a line here.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from essaydrill.bank.problems import InvalidFileError, Problem

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 2_000_000
_MAX_DEPTH = 20  # the models nest five deep
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_WIDE_COLON = re.compile(r"\s*(?:- )?[A-Za-z_]+：")
_PLAIN_TAGS = ("int", "float", "bool", "null")


@dataclass
class Node:
    """A value of the file. `value` is a scalar, a list of nodes or a dict of nodes; places count from 1."""

    value: Any
    line: int
    column: int
    key_lines: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def place(self, *path: str | int) -> tuple[int, int]:
        """Line and column of the key or list item at `path`, or of the nearest thing around it that exists."""
        node, place = self, (self.line, self.column)
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                place, node = node.key_lines[str(step)], node.value[step]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                place = (node.line, node.column)
            else:
                break
        return place


def read_text(path: Path, name: str = "") -> str:
    """The text of a UTF-8 file with or without BOM; `InvalidFileError` says which other encoding it seems to have."""
    name = name or str(path)

    def refuse(message: str, line: int | None = None, column: int | None = None) -> NoReturn:
        raise InvalidFileError((Problem(name, message, line, column),))

    try:
        if path.stat().st_size > MAX_BYTES:
            refuse(f"文件超过 {MAX_BYTES // 1_000_000} MB，不像一道题，请检查是不是放错了文件")
        data = path.read_bytes()
    except FileNotFoundError:
        refuse("文件不存在")
    except OSError as error:
        refuse("没有权限读取" if isinstance(error, PermissionError) else "读不出来，请检查文件或磁盘")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        refuse("文件是 UTF-16 编码，请另存为 UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse(_wrong_encoding(data))
    if found := _UNPRINTABLE.search(text):
        before = text[: found.start()]
        refuse(
            f"有看不见的控制字符（U+{ord(found[0]):04X}），请删去",
            before.count("\n") + 1,
            found.start() - before.rfind("\n"),
        )
    return text


def _wrong_encoding(data: bytes) -> str:
    if b"\x00" in data:
        return "不是文本文件"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "不是 UTF-8 编码的文本，请另存为 UTF-8"
    return "文件像是 GBK（GB18030）编码，请另存为 UTF-8"


def read_tree(path: Path, name: str = "") -> Node:
    """Parse the one YAML document in `path`, a mapping; raises `InvalidFileError`, which calls the file `name`."""
    import yaml

    name = name or str(path)
    text = read_text(path, name)
    loader_class: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = loader_class(text)
    try:
        return _Builder(loader, name).document()
    except yaml.YAMLError as error:
        raise InvalidFileError((_syntax_problem(error, text, name),)) from None
    finally:
        loader.dispose()


class _Builder:
    """Builds nodes from the parser's events, collecting what is wrong on the way."""

    def __init__(self, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name
        self._problems: list[Problem] = []

    def document(self) -> Node:
        import yaml

        root: Node | None = None
        while not isinstance(event := self._loader.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(event, "一个文件只能放一道题，去掉分隔用的 ---")
                root = self._node(self._loader.get_event(), 0)
        if root is None:
            self._refuse(event, "文件是空的")
        if not isinstance(root.value, dict):
            self._refuse(event, "内容应为“键: 值”的形式，冒号是英文冒号，后面有空格", first_line=True)
        if self._problems:
            raise InvalidFileError(tuple(self._problems))
        return root

    def _refuse(self, event: Any, message: str, *, first_line: bool = False) -> NoReturn:
        line = 1 if first_line else event.start_mark.line + 1
        raise InvalidFileError((*self._problems, Problem(self._name, message, line)))

    def _node(self, event: Any, depth: int) -> Node:
        import yaml

        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._refuse(event, "不支持锚点和引用（& 和 *）；值以这两个符号开头时请加引号")
        if event.tag is not None:
            self._refuse(event, "不支持 ! 标签；值以 ! 开头时请加引号")
        if depth > _MAX_DEPTH:
            self._refuse(event, "嵌套太深，请检查括号和缩进")
        node = Node(None, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            node.value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node.value = []
            while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
                node.value.append(self._node(event, depth + 1))
        else:
            node.value = {}
            while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
                self._member(node, event, depth)
        return node

    def _member(self, node: Node, event: Any, depth: int) -> None:
        key = self._node(event, depth + 1)
        if isinstance(key.value, dict | list):
            self._refuse(event, "键不能是列表或花括号，请检查缩进和冒号")
        # A key is what was typed: `2024: …` and `yes: …` are words here.
        name = event.value
        if name in node.value:
            first = node.key_lines[name][0]
            self._problems.append(
                Problem(self._name, f"这个键写了两遍（第 {first} 行已有），请删去一处", key.line, key.column, name)
            )
        node.value[name] = self._node(self._loader.get_event(), depth + 1)
        node.key_lines[name] = (key.line, key.column)

    def _scalar(self, event: "yaml.ScalarEvent") -> Any:
        """The scalar with YAML's own reading of numbers, booleans and null; anything else is the text as typed."""
        import yaml

        tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag.rpartition(":")[2] in _PLAIN_TAGS:
            try:
                return self._loader.construct_object(yaml.ScalarNode(tag, event.value))
            except ValueError:
                return event.value
        return event.value


def _syntax_problem(error: "yaml.YAMLError", text: str, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    lines = text.splitlines() or [""]
    if mark is None:
        return Problem(name, "YAML 写法有误，请检查缩进、冒号和引号")
    number = min(mark.line, len(lines) - 1)
    said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    # The parser often notices one line late: look at the line before as well.
    for suspect in (number, number - 1):
        if suspect >= 0 and (cause := _visible_cause(lines[suspect])):
            return Problem(name, cause, suspect + 1)
    here = lines[number][mark.column : mark.column + 1]
    return Problem(name, _said_cause(said, here), number + 1, mark.column + 1)


def _visible_cause(line: str) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "用了制表符（Tab）缩进，YAML 只认空格，请改成空格"
    if _WIDE_COLON.match(line):
        return "键后面是全角冒号“：”，请改成英文冒号加空格"
    return ""


def _said_cause(said: str, character: str) -> str:
    causes = (
        ("quoted scalar", "引号没有成对，请检查这一处前后的引号"),
        ("unexpected end of stream", "引号没有成对，请检查这一处前后的引号"),
        ("mapping values are not allowed", "这里不该有冒号：可能是缩进没有对齐，或值里有英文冒号，含冒号的值请加引号"),
        ("cannot start any token", f"值不能直接以“{character}”开头，请给整个值加引号"),
        ("flow", "方括号或花括号没有成对，或少了逗号"),
        ("expected ':'", "缺少冒号，或冒号后面少了空格"),
        ("block scalar", "竖线 | 后面的文字要另起一行并缩进"),
        ("did not find expected", "缩进没有对齐，同一层的键要从同一列写起"),
    )
    return next((cause for words, cause in causes if words in said), "YAML 写法有误，请检查缩进、冒号和引号")
