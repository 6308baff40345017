"""The documents say what the program does."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from essaydrill.cli.app import app
from essaydrill.cli.reference import reference

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def test_the_command_reference_is_current() -> None:
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference(), (
        "run: python -m essaydrill.cli.reference > docs/cli.md"
    )


def test_every_command_is_documented_with_an_example() -> None:
    sections = (ROOT / "docs" / "cli.md").read_text("utf-8").split("\n## ")[1:]
    lacking = [section.splitlines()[0] for section in sections if "示例" not in section]
    assert not lacking


@pytest.mark.parametrize("name", READMES)
def test_readme_names_commands_that_exist(name: str) -> None:
    group: Any = typer.main.get_command(app)
    commands = set(group.list_commands(group.context_class(group)))
    named = set(re.findall(r"essaydrill ([a-z]+)\b", (ROOT / name).read_text("utf-8"))) - {"import"}
    assert named <= commands


@pytest.mark.parametrize("name", READMES)
def test_quick_start_has_two_commands(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    start = re.search(r"^## (?:Quick start|快速开始)$(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    assert start is not None
    blocks = re.findall(r"```bash\n(.*?)```", start[1], re.DOTALL)
    assert [len(block.strip().splitlines()) for block in blocks] == [1, 1]
    assert "essaydrill practice" in blocks[0]
    assert "pytest" in blocks[1]


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")) + [ROOT / name for name in READMES])
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
