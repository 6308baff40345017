"""What a command pays for: its own modules, and for showing a prompt neither a parser nor a model."""

import subprocess
import sys
from typing import ClassVar

import pytest
import typer

from essaydrill.cli.app import Root, run
from essaydrill.cli.common import make_group
from essaydrill.cli.lazy import LazyCommand, LazyGroup
from essaydrill.cli.reference import reference


@pytest.mark.parametrize("name", Root.table)
def test_the_table_of_commands_says_what_the_commands_say(name: str) -> None:
    command = Root.table[name].load(name)
    assert command.name == name
    assert command.help.split("\n")[0] == Root.table[name].summary


def test_every_command_is_in_the_reference() -> None:
    groups = {name: Root.table[name].load(name) for name in Root.table}
    names = [*groups, *(f"{name} {sub}" for name, group in groups.items() for sub in getattr(group, "commands", ()))]
    assert "bank check" in names
    headings = [line.removeprefix("## essaydrill").strip() for line in reference().splitlines() if line[:3] == "## "]
    assert sorted(headings) == sorted(["", *names])


def test_a_group_lists_its_table_and_then_the_commands_of_its_app() -> None:
    class Mixed(LazyGroup):
        table: ClassVar[dict[str, LazyCommand]] = {"list": Root.table["list"], "bank": Root.table["bank"]}

    both = make_group(Mixed)
    both.callback()(lambda: None)

    @both.command("own")
    def own() -> None:
        """自己的命令。

        第二段。
        """

    group = typer.main.get_command(both)
    assert isinstance(group, Mixed)
    assert group.list_commands(None) == ["list", "bank", "own"]
    assert group.summaries() == [*((name, each.summary) for name, each in Mixed.table.items()), ("own", "自己的命令。")]
    assert group.get_command(None, "own").callback is not None
    assert group.get_command(None, "none") is None


def test_an_unknown_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shwo"]) == 2
    assert capsys.readouterr().err == "错误：没有“shwo”这个命令，用 essaydrill --help 看全部命令\n"


def loaded(*arguments: str) -> set[str]:
    """The modules that a command line has loaded when it ends."""
    code = (
        "import sys\n"
        "from essaydrill.cli.app import run\n"
        f"assert run({list(arguments)!r}) == 0\n"
        "print('\\n', *sys.modules, sep='\\n')\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=True)
    return set(done.stdout.rpartition("\n\n")[2].split())


def test_help_imports_no_command() -> None:
    modules = {f"essaydrill.cli.{each.place.partition(':')[0]}" for each in Root.table.values()}
    assert not modules & loaded("--help")
    assert modules & loaded("list", "--help") == {"essaydrill.cli.browse"}


@pytest.mark.parametrize(
    "command", [["practice", "governance-summary-01"], ["practice", "--seed", "1"], ["show", "governance-summary-01"]]
)
def test_a_known_prompt_is_shown_without_parser_models_and_scoring(command: list[str]) -> None:
    assert run(["list"]) == 0  # reads every prompt once
    modules = loaded(*command)
    assert "rich.console" in modules
    assert not {"pydantic", "yaml", "numpy", "sklearn", "prompt_toolkit", "asyncio"} & modules
    assert not [name for name in modules if name.startswith(("essaydrill.scoring", "essaydrill.bank.models"))]


def test_a_wished_for_prompt_is_shown_without_the_history() -> None:
    assert run(["list"]) == 0
    assert not {"sqlite3", "essaydrill.history", "essaydrill.practice.drafts"} & loaded("practice", "rural-summary-01")
