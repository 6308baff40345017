"""`essaydrill stats`: what a coach would tell from everything that was practised."""

from pathlib import Path
from typing import Annotated

import typer

from essaydrill.cli.common import BankOption, JsonOption


def stats(
    html: Annotated[
        Path | None, typer.Option("--html", metavar="文件", help="写成一个网页文件，带图，可以直接发给别人看")
    ] = None,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """看练得怎么样：走势、薄弱处、分丢在哪、该做什么。

    示例：
    essaydrill stats
    essaydrill stats --html 练习情况.html
    """
    from datetime import UTC, datetime

    from essaydrill.bank import Bank
    from essaydrill.cli.common import console
    from essaydrill.history import History, ReviewLog
    from essaydrill.paths import profile, profile_data
    from essaydrill.practice.cards import study_day
    from essaydrill.practice.deck import load_cards
    from essaydrill.practice.statistics import compute

    questions = Bank.open(bank)
    minutes = {entry.id: entry.minutes for entry in questions.entries()}
    with History(profile_data() / "history.db") as history:
        reviews = ReviewLog(history.database).reviews()
        cards = load_cards(history).values()
        found = compute(history.attempts(), reviews, cards, minutes, study_day(datetime.now(UTC)))
    if json:
        from pydantic_core import to_jsonable_python

        from essaydrill.cli.browse import print_json

        print_json(to_jsonable_python(found))
        return
    from essaydrill.cli.stats_page import statistics_page

    page = statistics_page(found, {topic.slug: topic.name for topic in questions.topics()}, profile())
    if html is not None:
        from essaydrill.reports.statistics_html import page_html

        html.write_text(page_html(page), encoding="utf-8")
        console().print(f"写好了 {html}", soft_wrap=True)
    elif found.attempts:
        from essaydrill.reports.statistics import render_page

        render_page(page, console())
    else:
        console().print("还没有作答记录，先练一题：essaydrill practice")
