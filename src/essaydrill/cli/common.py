"""What the commands share: consoles, and option types used by more than one command."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.completion import complete_topic
from essaydrill.cli.help import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

BankOption = Annotated[
    Path | None,
    typer.Option("--bank", metavar="目录", help="再叠加一个题库目录（里面有 prompts/ 和 reference_answers/）"),
]
TopicOption = Annotated[
    str | None,
    typer.Option(
        "--topic", "-t", metavar="专题", help="只看一个专题，写代号、中文名或别名", autocompletion=complete_topic
    ),
]
KindOption = Annotated[
    str | None,
    typer.Option("--kind", "-k", metavar="题型", help="只看一种题型，如 summary 或 概括归纳"),
]
CalibrationOption = Annotated[
    Path | None,
    typer.Option("--calibration", metavar="文件", help="按 essaydrill calibrate 做的校准文件调整总分"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]


def console() -> "Console":
    """A console for what the user asked for (stdout); data is never parsed as markup."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False, soft_wrap=False)


def err_console() -> "Console":
    """A console for messages beside the output (stderr)."""
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def printable(text: str) -> str:
    """Text from a file or a person with control characters made harmless for a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def make_group(cls: type[ChineseGroup] = ChineseGroup, *, completion: bool = False) -> typer.Typer:
    """A Typer app with Chinese help pages, no English panels and no traceback decoration."""
    return typer.Typer(
        cls=cls,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=completion,
        no_args_is_help=True,
    )


__all__ = [
    "BankOption",
    "CalibrationOption",
    "ChineseCommand",
    "ChineseGroup",
    "JsonOption",
    "KindOption",
    "TopicOption",
    "console",
    "err_console",
    "make_group",
    "printable",
]
