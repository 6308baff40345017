"""One YAML file into one model, with every problem of the file named by line and field."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from essaydrill.bank.models import Prompt, Reference
from essaydrill.bank.problems import InvalidFileError, Problem
from essaydrill.bank.yamlfile import Node, read_tree

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A model with the file it came from; `file` is its name in messages, `line` finds the line of a field (from 1)."""

    model: M
    path: Path
    file: str
    tree: Node

    def line(self, *path: str | int) -> int:
        return self.tree.place(*path)[0]


def load_prompt(path: Path, name: str = "") -> Loaded[Prompt]:
    """Read a prompt file, called `<id>.yaml`. `name` stands for the file in errors. Raises `InvalidFileError`."""
    loaded = load_file(path, Prompt, name)
    _check_name(loaded, "id", loaded.model.id)
    return loaded


def load_reference(path: Path, name: str = "") -> Loaded[Reference]:
    """Read a reference file; it bears the name of its prompt. Raises `InvalidFileError`."""
    loaded = load_file(path, Reference, name)
    _check_name(loaded, "prompt", loaded.model.prompt)
    if problems := tuple(_inconsistencies(loaded)):
        raise InvalidFileError(problems)
    return loaded


def load_file(path: Path, model: type[M], name: str = "") -> Loaded[M]:
    """Read any YAML file as `model`; raises `InvalidFileError`."""
    import json

    from pydantic import ValidationError

    name = name or str(path)
    tree = read_tree(path, name)
    try:
        # By way of JSON because strict JSON reading is what we want: lists become tuples, but "3" is no number.
        return Loaded(model.model_validate_json(json.dumps(tree.plain()), strict=True), path, name, tree)
    except ValidationError as error:
        raise InvalidFileError(tuple(_problems(error, model, name, tree))) from None


def _problems(error: Any, model: "type[BaseModel]", name: str, tree: Node) -> Iterator[Problem]:
    from essaydrill.bank.messages import message

    for entry in error.errors(include_url=False):
        path = tuple(step for step in entry["loc"] if step != "[key]")
        line, column = tree.place(*path)
        yield Problem(name, message(entry, model), line, column, field_name(path, tree))


def field_name(path: tuple[str | int, ...], tree: Node) -> str:
    """`points[p2].marks`: list items by their id or label, else by number from 1."""
    name, node = "", tree
    for step in path:
        if isinstance(step, int):
            node = node.value[step] if isinstance(node.value, list) and step < len(node.value) else node
            members = node.value if isinstance(node.value, dict) else {}
            known = next((members[key].value for key in ("id", "label") if key in members), None)
            name += f"[{known}]" if isinstance(known, str) and known else f"[第 {step + 1} 项]"
        else:
            node = node.value[step] if isinstance(node.value, dict) and step in node.value else node
            name += f".{step}" if name else str(step)
    return name


def _check_name(loaded: Loaded[Any], key: str, identifier: str) -> None:
    if loaded.path.stem != identifier:
        line, column = loaded.tree.place(key)
        told = f"{key} 是 {identifier}，与文件名不一致，请把文件名改为 {identifier}{loaded.path.suffix} 或改 {key}"
        raise InvalidFileError((Problem(loaded.file, told, line, column, key),))


def _inconsistencies(loaded: Loaded[Reference]) -> Iterator[Problem]:
    """What one reference file can get wrong across its own fields."""
    reference = loaded.model

    def problem(message: str, *path: str | int) -> Problem:
        line, column = loaded.tree.place(*path)
        return Problem(loaded.file, message, line, column, field_name(path, loaded.tree))

    counts = Counter(point.id for point in reference.points)
    seen: set[str] = set()
    for number, point in enumerate(reference.points):
        if point.id in seen:
            yield problem(f"采分点 {point.id} 出现了 {counts[point.id]} 次，id 不能重复", "points", number, "id")
        seen.add(point.id)
    for number, specimen in enumerate(reference.specimens):
        for identifier in specimen.credits:
            if identifier not in counts:
                yield problem(f"没有采分点 {identifier}", "specimens", number, "credits", identifier)
