"""`essaydrill today`: the day's part of the plan, started from here."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from essaydrill.cli.common import BankOption, JsonOption
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.bank import Bank
    from essaydrill.history import History
    from essaydrill.practice.plan import Plan, Task

# However few reviews were planned, so many may be made when they are due.
_FEWEST_REVIEWS = 20


def today(bank: BankOption = None, json: JsonOption = False) -> None:
    """照计划练今天的：先复习，再做题。

    前几天落下的题会重新排进去。

    示例：
    essaydrill today
    """
    from essaydrill.bank import Bank
    from essaydrill.cli.practice import has_terminal
    from essaydrill.history import History
    from essaydrill.paths import profile_data
    from essaydrill.practice.cards import study_day
    from essaydrill.practice.deck import Deck

    questions, day = Bank.open(bank), study_day(datetime.now(UTC))
    with History(profile_data() / "history.db") as history:
        plan, left, missed = _plan_for(day, questions, history)
        due = len(Deck(history).due())
    if json:
        _print_json(plan, day, due, left, missed)
        return
    _print(plan, day, due, left, missed, questions)
    if (due or left) and has_terminal():
        planned = plan.on(day)
        _start(max(planned.reviews if planned else 0, _FEWEST_REVIEWS) if due else 0, left, questions, bank)


def _plan_for(day: date, bank: "Bank", history: "History") -> "tuple[Plan, list[Task], int]":
    """The plan, made anew where something was missed; what is left of today; and how much was missed."""
    from essaydrill.cli.plan import HOW_TO_PLAN, remake
    from essaydrill.paths import profile_data
    from essaydrill.practice.plan import open_tasks
    from essaydrill.practice.plan_file import load_plan

    plan = load_plan(profile_data())
    if plan is None:
        raise UsageError(f"还没有计划，先定一个：{HOW_TO_PLAN}")
    if day > plan.until:
        raise UsageError(f"计划到 {plan.until} 为止，已经过了，再定一个：{HOW_TO_PLAN}")
    attempts = history.attempts()
    missed, left = open_tasks(plan, attempts, day)
    if missed:
        plan = remake(bank, history, plan.until, plan.minutes)
        left = open_tasks(plan, attempts, day)[1]
    return plan, left, len(missed)


def _print_json(plan: "Plan", day: date, due: int, left: Sequence["Task"], missed: int) -> None:
    from pydantic_core import to_jsonable_python

    from essaydrill.cli.browse import print_json

    print_json(to_jsonable_python({"day": day, "until": plan.until, "due": due, "left": left, "missed": missed}))


def _print(plan: "Plan", day: date, due: int, left: Sequence["Task"], missed: int, bank: "Bank") -> None:
    from rich.cells import cell_len

    from essaydrill.cli.common import console
    from essaydrill.cli.plan import described, titles, weekday

    out = console()
    if missed:
        out.print(f"前几天有 {missed} 题没做，计划重新排过了。")
    ahead = (plan.until - day).days
    out.print(f"今天 {weekday(day)}" + (f"，离 {plan.until} 还有 {ahead} 天" if ahead else "，计划的最后一天"))
    names = titles(bank)
    if due:
        out.print(f"  复习 {due} 个到期的要点   essaydrill review")
    for task in left:
        told, command = f"  {described(task, names)}", f"essaydrill practice {task.prompt}"
        apart = "   " if cell_len(f"{told}   {command}") <= out.width else "\n      "
        out.print(f"{told}{apart}{command}", soft_wrap=True)
    if not due and not left:
        out.print("今天的都完成了。")


def _start(reviews: int, left: Sequence["Task"], questions: "Bank", bank: Path | None) -> None:
    """Go through the day, asking before each part."""
    from essaydrill.cli.plan import titles
    from essaydrill.cli.practice import practice
    from essaydrill.cli.review_dialogue import review_in_terminal
    from essaydrill.history import History
    from essaydrill.paths import profile_data
    from essaydrill.practice.deck import Deck

    if reviews:
        if not _go_on("现在复习？"):
            return
        with History(profile_data() / "history.db") as history:
            review_in_terminal(Deck(history), questions, reviews)
    names = titles(questions)
    for task in left:
        if not _go_on(f"现在练 {names.get(task.prompt, task.prompt)}？"):
            return
        with suppress(typer.Exit):  # leaving a prompt is not leaving the day
            practice(task.prompt, bank=bank)


def _go_on(question: str) -> bool:
    try:
        return input(f"\n{question}回车开始，q 以后再说：").strip().lower() not in ("q", "退出")
    except (EOFError, KeyboardInterrupt):
        print()
        return False
