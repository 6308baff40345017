"""`essaydrill study`: notes of a topic, frameworks of kinds and genres."""

from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption, console, printable
from essaydrill.cli.completion import complete_topic
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from essaydrill.bank import Bank
    from essaydrill.bank.models import Framework


def study(
    topic: Annotated[
        str | None,
        typer.Argument(metavar="[专题]", help="专题的代号、中文名或别名", autocompletion=complete_topic),
    ] = None,
    framework: Annotated[
        str | None, typer.Option("--framework", "-f", metavar="题型|文种", help="看这种题型或文种的高分框架")
    ] = None,
    bank: BankOption = None,
) -> None:
    """看专题学习笔记，或某种题型、文种的高分框架。

    不写专题时列出现有的笔记。

    示例：
    essaydrill study
    essaydrill study governance
    essaydrill study --framework 讲话稿
    """
    from essaydrill.bank import Bank, framework_named, resolve_topic

    if framework:
        if topic:
            raise UsageError("专题和 --framework 一次只能看一样")
        _print_framework(framework_named(framework), console())
        return
    opened = Bank.open(bank)
    notes = opened.notes()
    if topic is None:
        _print_notes(notes, opened)
        return
    slug = topic if topic in notes else resolve_topic(topic, opened).slug
    if slug not in notes:
        raise UsageError(f"专题 {slug} 还没有学习笔记，现有笔记：{'、'.join(notes) or '无'}")
    _print_note(notes[slug])


def _print_framework(framework: "Framework", screen: "Console") -> None:
    from rich.text import Text

    from essaydrill.reports.layout import heading, numbered, page_width, put, wrap

    width = page_width(screen)
    title = heading(f"高分框架 {framework.name}", "", screen)
    steps = []
    for number, step in enumerate(framework.steps, 1):
        body = Text.assemble((step.title, "bold"), f"（{step.length}）" if step.length else "", "\n", step.does)
        if step.openings:
            body.append(f"\n句式：{' / '.join(step.openings)}")
        steps.append(numbered(number, body, width))
    put(screen, [title], wrap(Text(framework.advice), width), *steps)


def _print_notes(notes: dict[str, "Path"], bank: "Bank") -> None:
    if not notes:
        print("还没有学习笔记。")
        return
    from essaydrill.reports.safe_text import one_line

    names = {topic.slug: topic.name for topic in bank.topics()}
    print("现有的学习笔记：")
    for slug in notes:
        print(f"  essaydrill study {slug}    {one_line(names.get(slug, slug))}")
    print("高分框架：essaydrill study --framework 概括归纳，也可以写其他题型或文种。")


def _print_note(path: "Path") -> None:
    """Rendered and paged on a terminal; elsewhere the Markdown as it is written."""
    import os

    from essaydrill.bank.yamlfile import read_text

    text = printable(read_text(path))
    screen = console()
    if not screen.is_terminal:
        print(text.rstrip())
        return
    from rich.markdown import Markdown

    from essaydrill.reports.layout import MEASURE

    os.environ.setdefault("LESS", "-FRX")  # keep colours, and leave at once where one screen is enough
    with screen.pager(styles=True):
        screen.print(Markdown(text, hyperlinks=False), width=min(screen.width, MEASURE))
