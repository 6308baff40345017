"""Colours and signs of the reports.

The colours have a luminance near 0.2, which leaves a contrast of about 4 on white as well as on black.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.scoring.result import Band, Status

GREEN, ORANGE, RED, BLUE, GREY = "color(28)", "color(130)", "color(167)", "color(31)", "color(243)"

STATUS_STYLES: dict["Status", str] = {"hit": GREEN, "partial": ORANGE, "missed": RED}
STATUS_NAMES: dict["Status", str] = {"hit": "命中", "partial": "部分", "missed": "未得"}
STATUS_SIGNS: dict["Status", str] = {"hit": "✔", "partial": "◐", "missed": "✘"}
EARNING: tuple["Status", ...] = ("hit", "partial")
BAND_STYLES: dict["Band", str] = {"一类": GREEN, "二类": BLUE, "三类": ORANGE, "四类": RED}


@dataclass(frozen=True)
class Signs:
    """The characters that are not writing; every one is one column wide."""

    status: dict["Status", str]
    rule: str
    filled: str
    empty: str


_SIGNS = Signs(STATUS_SIGNS, rule="─", filled="━", empty="─")
# What GBK, the encoding of a Chinese Windows console, can say as well.
_PLAIN_SIGNS = Signs({"hit": "√", "partial": "△", "missed": "×"}, rule="-", filled="=", empty="-")


def is_plain(console: "Console") -> bool:
    """Whether nothing but characters reaches the reader: a pipe, a file, a dumb terminal."""
    return console.color_system is None


def signs(console: "Console") -> Signs:
    """The signs that the console's encoding can express."""
    wanted = "".join([*_SIGNS.status.values(), _SIGNS.rule, _SIGNS.filled, _SIGNS.empty])
    try:
        wanted.encode(console.encoding)
    except UnicodeEncodeError:
        return _PLAIN_SIGNS
    return _SIGNS


def marks(value: float) -> str:
    """A number of marks as people write it: 14.5, 3."""
    return f"{round(value, 2):g}"
