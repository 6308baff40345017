"""`essaydrill history`: what was practised, and whether it gets better."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from essaydrill.cli.common import BankOption, JsonOption, KindOption, TopicOption
from essaydrill.cli.completion import complete_prompt
from essaydrill.errors import BankError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank import Bank, Item
    from essaydrill.history import Attempt

_WIDE = 72  # columns from which a table has room for every column
_LONGEST_SPARKLINE = 30


def history(
    prompt: Annotated[
        str | None,
        typer.Option("--prompt", "-p", metavar="题目", help="只看这道题", autocompletion=complete_prompt),
    ] = None,
    topic: TopicOption = None,
    kind: KindOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="条数", min=1, help="最多列几条")] = 20,
    show: Annotated[
        int | None, typer.Option("--show", metavar="编号", min=1, help="再看这一次的作答和当时的评分报告")
    ] = None,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """看做过的题、得分和趋势；每次作答和当时的评分都原样留着。

    示例：
    essaydrill history
    essaydrill history --kind 概括归纳 --limit 50
    essaydrill history --show 12
    """
    from essaydrill.bank import Bank, resolve_kind, resolve_topic
    from essaydrill.cli.common import console
    from essaydrill.history import History
    from essaydrill.paths import profile_data

    questions = Bank.open(bank)
    with History(profile_data() / "history.db") as store:
        if show is not None:
            attempts = [found] if (found := store.attempt(show)) else []
        else:
            slug = topic and resolve_topic(topic, questions).slug
            attempts = store.attempts(prompt, slug, kind and resolve_kind(kind))
    if show is not None and not attempts:
        raise UsageError(f"没有第 {show} 号作答，用 essaydrill history 看全部编号")
    if json:
        _print_json(attempts[:limit])
    elif show is not None:
        _print_report(attempts[0], questions, console())
    elif attempts:
        _print_table(attempts[:limit], questions, console())
        _print_trend(attempts, console())
    elif prompt or topic or kind:
        console().print("没有符合条件的作答，去掉条件再看：essaydrill history")
    else:
        console().print("还没有作答记录，先练一题：essaydrill practice")


def _print_json(attempts: Sequence["Attempt"]) -> None:
    from dataclasses import asdict
    from json import dumps, loads

    rows: list[dict[str, Any]] = []
    for attempt in attempts:
        row = asdict(attempt)
        row["result"] = loads(row.pop("result_json"))
        rows.append(row)
    text = dumps(rows, ensure_ascii=False, indent=2, default=str)
    # JSON lets some characters stand that a terminal would act on; escaped they say the same.
    print("".join(each if each.isprintable() or each in "\n\u3000" else dumps(each)[1:-1] for each in text))


def _print_report(attempt: "Attempt", bank: "Bank", console: "Console") -> None:
    from essaydrill.practice.ladder import told
    from essaydrill.reports import render_result
    from essaydrill.reports.safe_text import one_line

    time = f"，用时 {_clock(attempt.seconds)}" if attempt.seconds else ""
    console.print(f"第 {attempt.id} 号作答，{_when(attempt, '%Y-%m-%d %H:%M')} 交卷{time}")
    if attempt.help:
        console.print(f"交卷前要过 {one_line(told(attempt.help))}")
    if attempt.origin == "exam" and not attempt.answer.strip():
        console.print("模拟考里没有作答，记 0 分")
    console.print()
    render_result(attempt.result(), _item(attempt, bank), attempt.answer, console)


def _item(attempt: "Attempt", bank: "Bank") -> "Item":
    """The question as it was marked then; where it is gone or has been changed, what the attempt itself knows of it."""
    from essaydrill.bank import Item, Prompt, Reference, ReferenceText

    try:
        item = bank[attempt.prompt]
    except (UsageError, BankError):
        title = f"{attempt.prompt}（题库里已没有这道题）"
    else:
        if item.digest in attempt.signature:
            return item
        title = f"{item.prompt.title or item.prompt.task}（题目或评分标准后来改过）"
    facts = {"id": attempt.prompt, "topic": attempt.topic, "kind": attempt.kind, "max_score": attempt.max_score}
    gone = Prompt.model_validate(facts | {"title": title, "task": title})
    return Item(gone, Reference(prompt=attempt.prompt, references=(ReferenceText(label="A", text="—"),)))


def _print_table(attempts: Sequence["Attempt"], bank: "Bank", console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from essaydrill.reports.safe_text import one_line

    titles = {entry.id: entry.title for entry in bank.entries()}
    wide = console.width >= _WIDE
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", expand=False)
    table.add_column("编号", justify="right", no_wrap=True)
    table.add_column("时间", no_wrap=True)
    table.add_column("题目", overflow="fold")
    if wide:
        table.add_column("题型", no_wrap=True)
    table.add_column("得分", justify="right", no_wrap=True)
    if wide:
        table.add_column("用时", justify="right", no_wrap=True)
    for attempt in attempts:
        title = Text(one_line(titles.get(attempt.prompt, attempt.prompt)))
        score = f"{attempt.score:g}/{attempt.max_score:g}"
        if wide:
            time = _clock(attempt.seconds) if attempt.seconds else "—"
            when = _when(attempt, "%Y-%m-%d %H:%M")
            table.add_row(str(attempt.id), when, title, _kind_name(attempt.kind), score, time)
        else:
            table.add_row(str(attempt.id), _when(attempt, "%m-%d"), title, score)
    console.print(table)


def _print_trend(attempts: Sequence["Attempt"], console: "Console") -> None:
    from essaydrill.history import kind_means, sparkline, trend
    from essaydrill.history.trend import WINDOW

    found = trend(attempts)
    shares = [attempt.share for attempt in attempts[:_LONGEST_SPARKLINE]]
    said = f"最近 {min(WINDOW, len(attempts))} 次平均得分率 {found.recent:.0%}"
    if found.before is not None:
        points = round(100 * found.recent) - round(100 * found.before)
        change = "持平" if points == 0 else f"{'提高' if points > 0 else '下降'} {abs(points)} 个百分点"
        said += f"，此前 {min(WINDOW, len(attempts) - WINDOW)} 次 {found.before:.0%}，{change}"
    console.print()
    console.print(f"趋势  {sparkline(shares[::-1])}  {said}")
    means = (f"{_kind_name(kind)} {mean.share:.0%}（{mean.count} 次）" for kind, mean in kind_means(attempts).items())
    console.print(f"题型  {'，'.join(means)}")


def _kind_name(kind: str) -> str:
    from essaydrill.bank import KIND_NAMES

    return next((name for key, name in KIND_NAMES.items() if key == kind), kind)


def _when(attempt: "Attempt", form: str) -> str:
    return attempt.finished_at.astimezone().strftime(form)


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
