"""The arrows between the rooms of the house run downwards only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import essaydrill

SOURCE = Path(essaydrill.__file__).parent

# Each room with the rooms it may enter (itself always; errors and paths are open to all).
ALLOWED = {
    "text": set(),
    "bank": {"text"},
    "scoring": {"bank", "text"},
    "history": {"scoring", "bank", "text"},
    "agreement": {"scoring", "bank", "text"},
    "practice": {"history", "scoring", "bank", "text"},
    "grading": {"agreement", "scoring", "bank", "text"},
    "reports": {"scoring", "bank", "text"},
    "examroom": {"practice", "history", "reports", "scoring", "bank", "text"},
    "cli": {"examroom", "practice", "grading", "agreement", "reports", "history", "scoring", "bank", "text"},
}
OPEN = {"errors", "paths", "__version__"}
SILENT = ("text", "bank", "scoring", "history", "practice", "grading", "reports", "examroom")


def modules(room: str) -> list[Path]:
    return sorted((SOURCE / room).rglob("*.py"))


def entered_rooms(tree: ast.AST) -> Iterator[str]:
    """The rooms of the package that a module imports from, at the top or inside a function."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "essaydrill" else [f"essaydrill.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("essaydrill."))


def test_every_room_is_known() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms <= set(ALLOWED)


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_arrows_run_downwards(room: str) -> None:
    for path in modules(room):
        entered = set(entered_rooms(ast.parse(path.read_text("utf-8")))) - OPEN - {room}
        assert entered <= ALLOWED[room], f"{path.relative_to(SOURCE)} enters {sorted(entered - ALLOWED[room])}"


@pytest.mark.parametrize("room", SILENT)
def test_the_library_never_prints(room: str) -> None:
    for path in modules(room):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        printing = [c.lineno for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]
        assert not printing, f"{path.relative_to(SOURCE)} prints in line {printing[0]}"


def test_scoring_knows_no_clock_and_no_screen() -> None:
    forbidden = {"time", "datetime", "rich", "typer", "random", "sklearn", "sqlite3"}
    for path in modules("scoring"):
        imported = {
            (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert not imported & forbidden, path.name
