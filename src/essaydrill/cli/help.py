"""Help and usage errors in Chinese, laid out for double-width characters.

Typer's own help pages and errors are English and count a Han character as one column, so both are rendered here.
"""

import os
import re
import sys
from typing import Any

from typer.core import TyperCommand, TyperGroup

_BOLD, _CYAN, _DIM, _RESET = "\x1b[1m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
_LEFT = 28  # columns kept for the name of a command or an option

# Typer's usage errors, as they are worded by the library, and what we say instead.
_USAGE_ERRORS: tuple[tuple[str, str], ...] = (
    (r"No such command ['\"](.+?)['\"].*", r"没有“\1”这个命令，用 essaydrill --help 看全部命令"),
    (r"No such option: (\S+).*", r"没有 \1 这个选项，用 --help 看可用的选项"),
    (r"Missing argument ['\"](.+?)['\"].*", r"缺少参数 \1，用 --help 看用法"),
    (r"Missing option ['\"](.+?)['\"].*", r"缺少选项 \1，用 --help 看用法"),
    (r"Missing command\.?", "要写上命令，用 --help 看全部命令"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", r"多出了参数：\1，用 --help 看用法"),
    (r"Option ['\"]?(\S+?)['\"]? requires an argument\.?", r"选项 \1 后面要写一个值"),
    (r"Option ['\"]?(\S+?)['\"]? does not take a value\.?", r"选项 \1 后面不带值"),
    (
        r"Invalid value for ['\"]?(.+?)['\"]?: ['\"](.*?)['\"] is not one of (.+?)\.?",
        r"\1 的值“\2”不对，可选：\3",
    ),
    (
        r"Invalid value for ['\"]?(.+?)['\"]?: ['\"](.*?)['\"] is not a valid (?:int|integer|float)[\w ]*\.?",
        r"\1 要写一个数，“\2”不是数",
    ),
    (
        r"Invalid value for ['\"]?(.+?)['\"]?: (\S+) is not in the range (-?\d+)<=x<=(-?\d+)\.?",
        r"\1 要在 \3 到 \4 之间，\2 不行",
    ),
    (
        r"Invalid value for ['\"]?(.+?)['\"]?: (\S+) is not in the range (.+?)\.?",
        r"\1 的值 \2 超出范围 \3",
    ),
    (
        r"Invalid value for ['\"]?(.+?)['\"]?: \w+ ['\"](.*?)['\"] does not exist\.?",
        r"\1：找不到“\2”，请检查路径",
    ),
    (r"Invalid value for ['\"]?(.+?)['\"]?: (.*)", r"\1 的值不对：\2"),
)


def usage_error(message: str) -> str:
    """Typer's English usage error as one Chinese sentence (unknown wordings are passed on)."""
    # An option with two names is quoted as "'--difficulty' / '-d'": one name is enough.
    message = re.sub(r"'(-[\w-]+)'(?: / '-[\w-]+')+", r"'\1'", message)
    for pattern, chinese in _USAGE_ERRORS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return match.expand(chinese)
    return f"命令写得不对：{message}"


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    import shutil

    return max(40, min(100, shutil.get_terminal_size((80, 24)).columns))


def _wrap(text: str, width: int) -> list[str]:
    """Break text into lines of at most `width` columns; ASCII words stay whole where they fit."""
    from rich.cells import cell_len

    lines, line = [], ""
    for piece in re.findall(r"[!-~]+|\s+|.", text):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    from rich.cells import cell_len

    out: list[str] = []
    room = max(20, _width() - _LEFT - 2)
    for name, text in rows:
        first, *rest = _wrap(text, room) or [""]
        shown = f"{_CYAN}{name}{_RESET}" if _colour() else name
        if cell_len(name) + 2 <= _LEFT:
            out.append(f"  {shown}{' ' * (_LEFT - cell_len(name))}{first}".rstrip())
        else:
            out += [f"  {shown}", f"  {' ' * _LEFT}{first}"]
        out += [f"  {' ' * _LEFT}{line}" for line in rest]
    return out


def _heading(text: str) -> str:
    return f"{_BOLD}{text}{_RESET}" if _colour() else text


def _option_name(param: Any) -> str:
    names = ", ".join([*param.opts, *param.secondary_opts])
    takes_value = not (getattr(param, "is_flag", False) or getattr(param, "count", False))
    return f"{names} {param.metavar or param.name.upper()}" if takes_value else names


def _argument_name(param: Any) -> str:
    name: str = param.metavar or param.name.upper()
    return name if param.required or name.startswith("[") else f"[{name}]"


# Options that Typer adds by itself.
_BUILT_IN = {
    "install_completion": "为当前的 shell 安装命令补全",
    "show_completion": "打印补全脚本，供自行安装",
}


def _option_text(param: Any) -> str:
    text = _BUILT_IN.get(param.name) or param.help or ""
    default = param.default
    if getattr(param, "show_default", False) and default not in (None, False, True, (), []) and not callable(default):
        text += f"（默认 {default}）"
    return text


def render_help(command: Any, ctx: Any) -> str:
    """The help page of a command or group: what it does, usage, arguments, options, commands, examples."""
    prose, _, examples = (command.help or "").partition("示例")
    lines = [*_paragraphs(prose), ""]
    arguments = [p for p in command.get_params(ctx) if p.param_type_name == "argument"]
    options = [p for p in command.get_params(ctx) if p.param_type_name == "option" and not p.hidden]
    children = command.summaries() if isinstance(command, ChineseGroup) else []
    usage = " ".join(
        [
            ctx.command_path,
            *(["[选项]"] if options else []),
            *(_argument_name(p) for p in arguments),
            *(["命令 …"] if children else []),
        ]
    )
    lines += [_heading("用法") + f"  {usage}", ""]
    if children:
        lines += [_heading("命令"), *_rows(children), ""]
    if arguments:
        lines += [_heading("参数"), *_rows([(_argument_name(p), p.help or "") for p in arguments]), ""]
    if options:
        lines += [_heading("选项"), *_rows([(_option_name(p), _option_text(p)) for p in options]), ""]
    if examples:
        shown = [line.strip() for line in examples.lstrip("：:").strip().splitlines()]
        lines += [_heading("示例"), *(f"  {line}" for line in shown), ""]
    return "\n".join(lines).strip("\n") + "\n"


def _paragraphs(text: str) -> list[str]:
    return [line for part in text.strip().split("\n") for line in (_wrap(part.strip(), _width()) or [""])]


class ChineseCommand(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return render_help(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(render_help(self, ctx))

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))


class ChineseGroup(TyperGroup):
    def summaries(self) -> list[tuple[str, str]]:
        """The names of the commands, each with the first line of its help."""
        return [(name, (each.help or "").split("\n")[0]) for name, each in self.commands.items() if not each.hidden]

    def get_help(self, ctx: Any) -> str:
        return render_help(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(render_help(self, ctx))

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))


def _in_chinese(option: Any) -> Any:
    if option is not None:
        option.help = "显示这页说明"
    return option
