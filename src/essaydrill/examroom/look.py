"""Light and dark, and which of them the candidate likes."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from textual.theme import Theme

from essaydrill.paths import profile_data

if TYPE_CHECKING:
    from essaydrill.scoring.result import Status

LIGHT = Theme(
    "paper",
    primary="#8a5a2b",
    secondary="#4f6d5b",
    accent="#9a4a1f",
    foreground="#2b2822",
    background="#f4efe4",
    surface="#fbf8f1",
    panel="#e9e1d0",
    warning="#a86a00",
    error="#b3382c",
    success="#3a7a3a",
    dark=False,
    variables={"border": "#cbbfa6", "input-selection-background": "#e2c58a"},
)
DARK = Theme(
    "night",
    primary="#c8a26a",
    secondary="#8fb39c",
    accent="#e0b070",
    foreground="#d8d3c8",
    background="#17181b",
    surface="#1e2024",
    panel="#26292e",
    warning="#d9a441",
    error="#dd6b5f",
    success="#7fb77e",
    dark=True,
    variables={"border": "#3c4047", "input-selection-background": "#5a4a2a"},
)


def status_styles(theme: Theme) -> "dict[Status, str]":
    """The colours of hit, partial and missed points on this look."""
    return {"hit": theme.success or "", "partial": theme.warning or "", "missed": theme.error or ""}


def preferred() -> str:
    """The look chosen last; else a light one where the terminal says that it is light."""
    with suppress(OSError):
        if (chosen := _choice().read_text("utf-8").strip()) in (LIGHT.name, DARK.name):
            return chosen
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name


def prefer(name: str) -> None:
    """Remember the choice, where that can be done."""
    with suppress(OSError):
        _choice().parent.mkdir(parents=True, exist_ok=True)
        _choice().write_text(name, "utf-8")


def _choice() -> Path:
    return profile_data() / "look.txt"
