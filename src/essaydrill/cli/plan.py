"""`essaydrill plan`: what to do until the exam, day by day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption, JsonOption
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank import Bank
    from essaydrill.history import History
    from essaydrill.practice.plan import Day, Plan, Task

_WEEKDAYS = "一二三四五六日"
_DETAILED_DAYS = 14
_LONGEST_DAYS = 400
HOW_TO_PLAN = "essaydrill plan --until 2027-03-01 --minutes 40"


def plan(
    until: Annotated[
        str | None, typer.Option("--until", metavar="日期", help="计划到哪一天，写成 2027-03-01；最后一天只复习")
    ] = None,
    minutes: Annotated[int, typer.Option("--minutes", metavar="分钟", min=10, max=600, help="每天练多久")] = 40,
    everything: Annotated[bool, typer.Option("--all", help="逐日列出整个计划")] = False,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """排出到考试那天为止每天练哪题、复习多少。

    按薄弱的题型专题和到期的要点来排。不写 --until 就看已有的计划。

    示例：
    essaydrill plan --until 2027-03-01 --minutes 40
    essaydrill plan
    essaydrill today
    """
    from essaydrill.bank import Bank
    from essaydrill.cli.common import console
    from essaydrill.history import History
    from essaydrill.paths import profile_data
    from essaydrill.practice.plan_file import load_plan

    questions = Bank.open(bank)
    if until is not None:
        with History(profile_data() / "history.db") as history:
            made = remake(questions, history, _date(until), minutes)
    elif (found := load_plan(profile_data())) is not None:
        made = found
    else:
        raise UsageError(f"还没有计划，先定一个：{HOW_TO_PLAN}")
    if json:
        from pydantic_core import to_jsonable_python

        from essaydrill.cli.browse import print_json

        print_json(to_jsonable_python(made))
    else:
        _print_plan(made, titles(questions), console(), everything=everything)


def remake(bank: "Bank", history: "History", until: date, minutes: int) -> "Plan":
    """Make a plan from today on and put it in the place of the one before."""
    from datetime import UTC, datetime
    from statistics import median

    from essaydrill.history import ReviewLog
    from essaydrill.paths import profile_data
    from essaydrill.practice.cards import study_day
    from essaydrill.practice.deck import load_cards
    from essaydrill.practice.plan import SECONDS_PER_REVIEW, make_plan
    from essaydrill.practice.plan_file import save_plan

    day = study_day(datetime.now(UTC))
    if not day <= until <= day + timedelta(days=_LONGEST_DAYS):
        raise UsageError(f"日期要在今天（{day}）以后、{_LONGEST_DAYS} 天以内，{until} 不行")
    taken = [review.seconds for review in ReviewLog(history.database).reviews() if review.seconds]
    pace = median(taken[-100:]) if len(taken) >= 20 else SECONDS_PER_REVIEW
    cards = load_cards(history).values()
    made = make_plan(bank.entries(), history.attempts(), cards, day, until, minutes, max(10, pace))
    save_plan(made, profile_data())
    return made


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"日期“{text}”看不懂，请写成 2027-03-01 这样") from None


def titles(bank: "Bank") -> dict[str, str]:
    """What each prompt is called in a plan."""
    from essaydrill.bank.kinds import KIND_NAMES
    from essaydrill.reports.safe_text import one_line

    names: dict[str, str] = dict(KIND_NAMES.items())
    return {entry.id: f"{one_line(entry.title)}（{names.get(entry.kind, entry.kind)}）" for entry in bank.entries()}


def described(task: "Task", names: Mapping[str, str]) -> str:
    """A task on one line."""
    part = f"，第 {task.part}/{task.parts} 段" if task.parts > 1 else ""
    return f"{names.get(task.prompt, task.prompt)} {task.minutes} 分钟{part}"


def weekday(day: date) -> str:
    return f"{day:%m-%d} 周{_WEEKDAYS[day.weekday()]}"


def _print_plan(made: "Plan", names: Mapping[str, str], console: "Console", *, everything: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from essaydrill.reports.layout import page_width, wrap

    shown = made.days if everything else made.days[:_DETAILED_DAYS]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("日期", no_wrap=True)
    table.add_column("复习", justify="right", no_wrap=True)
    table.add_column("练习", overflow="fold")
    for day in shown:
        reviews = f"{day.reviews} 张" if day.reviews else "—"
        table.add_row(weekday(day.day), reviews, Text("\n".join(described(task, names) for task in day.tasks) or "—"))
    for line in _weeks(made.days[len(shown) :]):
        table.add_row(*line)
    console.print(table)
    console.print()
    console.print(Text("\n").join(wrap(Text(_summary(made)), page_width(console))))
    console.print("今天的这样开始：essaydrill today")
    if not everything:
        console.print("逐日看全部：essaydrill plan --all")


def _weeks(days: Sequence["Day"]) -> Iterator[tuple[str, str, str]]:
    """The rest of a plan, a row for seven days."""
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        handed_in = sum(task.hands_in for day in week for task in day.tasks)
        until = f"–{week[-1].day:%m-%d}" if len(week) > 1 else ""
        yield f"{week[0].day:%m-%d}{until}", f"{sum(day.reviews for day in week)} 张", f"{handed_in} 题"


def _summary(made: "Plan") -> str:
    tasks = [task for day in made.days for task in day.tasks]
    handed_in = [task.prompt for task in tasks if task.hands_in]
    reviews = sum(day.reviews for day in made.days)
    hours = (sum(task.minutes for task in tasks) + sum(day.review_minutes for day in made.days)) / 60
    return (
        f"到 {made.until} 共 {len(made.days)} 天，每天 {made.minutes} 分钟左右："
        f"练 {len(handed_in)} 次（{len(set(handed_in))} 道题），复习约 {reviews} 张，合计约 {hours:.0f} 小时。"
    )
