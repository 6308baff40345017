"""`essaydrill review`: the scoring points that were missed, asked again on the day they would be forgotten."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from essaydrill.cli.common import BankOption, JsonOption, TopicOption

if TYPE_CHECKING:
    from essaydrill.bank import Bank
    from essaydrill.history import Card
    from essaydrill.practice.deck import Deck


def review(
    topic: TopicOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="张数", min=1, help="这一次最多复习几张")] = 20,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """复习今天到期的要点：看材料，一句话写出来，当场判定。

    练习里没得分或只得一半的采分点都会变成卡片，快忘的时候再问。随时可以停，下次接着来。

    示例：
    essaydrill review
    essaydrill review --limit 10 --topic governance
    """
    from essaydrill.bank import Bank, resolve_topic
    from essaydrill.cli.practice import has_terminal
    from essaydrill.history import History
    from essaydrill.paths import profile_data
    from essaydrill.practice.deck import Deck

    questions = Bank.open(bank)
    with History(profile_data() / "history.db") as history:
        deck = Deck(history, topic=topic and resolve_topic(topic, questions).slug)
        if json:
            _print_json(deck.due(), deck, questions)
        elif has_terminal():
            from essaydrill.cli.review_dialogue import review_in_terminal

            raise typer.Exit(review_in_terminal(deck, questions, limit))
        else:
            _print_table(deck, questions, limit)


def _print_json(due: Sequence["Card"], deck: "Deck", bank: "Bank") -> None:
    from dataclasses import asdict

    from pydantic_core import to_jsonable_python

    from essaydrill.cli.browse import print_json
    from essaydrill.practice.cards import retention

    titles = _titles(bank)
    rows: list[dict[str, Any]] = [
        asdict(card) | {"title": titles.get(card.prompt), "retention": round(retention(card, deck.day), 3)}
        for card in due
    ]
    print_json(to_jsonable_python(rows))


def _print_table(deck: "Deck", bank: "Bank", limit: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from essaydrill.cli.common import console
    from essaydrill.practice.cards import retention
    from essaydrill.reports.safe_text import one_line

    due, out = deck.due(), console()
    if not due:
        out.print(nothing_due(deck))
        return
    titles = _titles(bank)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("题目", overflow="fold")
    table.add_column("要点", no_wrap=True)
    table.add_column("到期", no_wrap=True)
    table.add_column("还记得", justify="right", no_wrap=True)
    for card in due[:limit]:
        title = Text(one_line(titles.get(card.prompt, card.prompt)))
        table.add_row(title, one_line(card.point), f"{card.due:%m-%d}", f"{retention(card, deck.day):.0%}")
    out.print(table)
    out.print(f"\n今天到期 {len(due)} 张。在终端里运行 essaydrill review 就可以复习。")


def nothing_due(deck: "Deck") -> str:
    """What to say when no card is due today."""
    day = deck.upcoming()
    if day is None:
        return "还没有要复习的要点。做一题再来：essaydrill practice"
    return f"今天没有到期的要点，下一张在 {day:%m-%d}。"


def _titles(bank: "Bank") -> dict[str, str]:
    return {entry.id: entry.title for entry in bank.entries()}
