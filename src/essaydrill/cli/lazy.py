"""Commands that are imported when they are asked for: running one does not pay for all the others."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import typer

from essaydrill.cli.help import ChineseCommand, ChineseGroup


class LazyCommand(NamedTuple):
    """A command by its place in `essaydrill.cli`: `module:function`, or `module:app` for a group of commands.

    `summary`, the first line of its help, stands here too, so that listing the commands imports none of them.
    """

    place: str
    summary: str

    def load(self, name: str) -> Any:
        """Import the command and build it under this name."""
        from importlib import import_module

        module, _, attribute = self.place.partition(":")
        found = getattr(import_module(f"essaydrill.cli.{module}"), attribute)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
            alone.command(cls=ChineseCommand)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = name
        return command


class LazyGroup(ChineseGroup):
    """A group with the commands of `table`, in the order in which help lists them, before those of its Typer app."""

    table: ClassVar[Mapping[str, LazyCommand]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        return [*self.table, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in self.table:
            return self.table[cmd_name].load(cmd_name)
        return super().get_command(ctx, cmd_name)

    def summaries(self) -> list[tuple[str, str]]:
        return [*((name, command.summary) for name, command in self.table.items()), *super().summaries()]
