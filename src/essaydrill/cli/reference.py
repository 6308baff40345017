"""Writes the command reference: python -m essaydrill.cli.reference > docs/cli.md"""

from collections.abc import Iterator
from typing import Any

import typer

from essaydrill.cli.app import app
from essaydrill.cli.help import ChineseGroup, render_help

_HEAD = """# 命令参考

这一页由 `python -m essaydrill.cli.reference` 生成，内容就是各命令的 `--help`。
"""


def pages(command: Any, context: Any, name: str) -> Iterator[tuple[str, str]]:
    """The name and help page of a command and of all commands below it."""
    yield name, render_help(command, context)
    for child_name in command.list_commands(context) if isinstance(command, ChineseGroup) else ():
        child = command.get_command(context, child_name)
        child_context = type(context)(child, parent=context, info_name=child_name)
        yield from pages(child, child_context, f"{name} {child_name}")


def reference() -> str:
    """The whole reference as Markdown."""
    root = typer.main.get_command(app)
    context = root.context_class(root, info_name="essaydrill", terminal_width=80)
    sections = [f"## {name}\n\n```text\n{page.rstrip()}\n```\n" for name, page in pages(root, context, "essaydrill")]
    return "\n".join([_HEAD, *sections])


if __name__ == "__main__":
    print(reference(), end="")
