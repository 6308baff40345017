"""Looking around in the bank: `list`, `topics` and `show`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption, JsonOption, KindOption, TopicOption, console, printable
from essaydrill.cli.completion import complete_prompt

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank import Bank, Entry, Item, Topic

_NARROW = 64  # below this width a prompt takes two lines


def list_prompts(
    topic: TopicOption = None,
    kind: KindOption = None,
    difficulty: Annotated[
        int | None, typer.Option("--difficulty", "-d", metavar="难度", min=1, max=5, help="只看这个难度的题，1–5")
    ] = None,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """列出题库里的题目，按专题分组。

    示例：
    essaydrill list
    essaydrill list --topic 社会治理 --kind 概括归纳
    essaydrill list --difficulty 2 --json
    """
    from essaydrill.bank import Bank, resolve_kind, resolve_topic

    opened = Bank.open(bank)
    slug = resolve_topic(topic, opened).slug if topic else None
    wanted = resolve_kind(kind) if kind else None
    entries = [
        entry
        for entry in opened.entries()
        if slug in (None, entry.topic) and wanted in (None, entry.kind) and difficulty in (None, entry.difficulty)
    ]
    if json:
        print_json([asdict(entry) for entry in entries])
    elif entries:
        _print_entries(entries, opened)
    else:
        print("没有符合条件的题目，去掉一些条件再看，或用 essaydrill topics 看有哪些专题。")
    _tell_problems(opened)


def topics(bank: BankOption = None, json: JsonOption = False) -> None:
    """列出专题：代号、中文名、题目数和别名。

    代号、中文名和别名都可以用在 --topic 后面。

    示例：
    essaydrill topics
    essaydrill list --topic 基层治理
    """
    from essaydrill.bank import Bank

    opened = Bank.open(bank)
    counts = {topic.slug: 0 for topic in opened.topics()}
    for entry in opened.entries():
        counts[entry.topic] += 1
    if json:
        print_json([{**asdict(topic), "prompts": counts[topic.slug]} for topic in opened.topics()])
    else:
        _print_topics(opened.topics(), counts)
    _tell_problems(opened)


def show(
    prompt: Annotated[str, typer.Argument(metavar="题目", help="题目编号", autocompletion=complete_prompt)],
    reference: Annotated[
        bool, typer.Option("--reference", "-r", help="连同采分点、参考答案和标杆卷一起显示（建议作答以后再看）")
    ] = False,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """显示一道题：题目、要求和给定材料。

    采分点和参考答案只有加上 --reference 才显示。

    示例：
    essaydrill show governance-summary-01
    essaydrill show governance-summary-01 --reference
    """
    from essaydrill.bank import Bank

    opened = Bank.open(bank)
    item = opened[prompt] if reference else None
    if json:
        question = opened.prompt(prompt)
        content = question.model_dump(mode="json")
        content["limit"] = question.limit.model_dump() if question.limit else None
        print_json(content | {"reference": item.reference.model_dump(mode="json")} if item else content)
        return
    from essaydrill.reports import render_prompt

    screen = console()
    render_prompt(opened.shown(prompt), screen)
    if item:
        _print_reference(item, screen)


# --- printing --------------------------------------------------------------------------------------------------------


def print_json(content: object) -> None:
    """Print `content` as indented JSON that is harmless for a terminal."""
    import json
    import re

    text = json.dumps(content, ensure_ascii=False, indent=2)
    # JSON itself lets these stand, a terminal would act on them.
    print(re.sub("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text))


def _print_entries(entries: list["Entry"], bank: "Bank") -> None:
    """The table is put together by hand: rich's would double the time that a listing takes."""
    from shutil import get_terminal_size

    from rich.cells import cell_len, set_cell_size

    from essaydrill.bank import GENRE_NAMES, KIND_NAMES
    from essaydrill.reports.safe_text import one_line

    names: dict[str, str] = dict([*KIND_NAMES.items(), *GENRE_NAMES.items()])
    rows = {
        entry.id: (names[entry.genre or entry.kind], f"{entry.max_score:g}", _limit(entry.limit), str(entry.difficulty))
        for entry in entries
    }
    head = ("题型", "分值", "字数", "难度")
    columns = [max(map(cell_len, (title, *(row[n] for row in rows.values())))) for n, title in enumerate(head)]
    first = max(cell_len("编号"), *(len(entry.id) for entry in entries))
    width = get_terminal_size((80, 24)).columns
    room = width - first - sum(columns) - 2 * (len(columns) + 1)
    narrow = width < _NARROW or room < 16

    def short(title: str, room: int) -> str:
        return title if cell_len(title) <= room else set_cell_size(title, room - 1).rstrip() + "…"

    def shown(entry_id: str, title: str, cells: tuple[str, ...]) -> str:
        kind, *rest = (set_cell_size(cell, size) for cell, size in zip(cells, columns, strict=True))
        if narrow:
            return f"{entry_id}\n  {short(title, width - 2)}\n  {'  '.join([kind, *rest]).rstrip()}"
        return "  ".join(
            [set_cell_size(entry_id, first), kind, set_cell_size(short(title, room), room), *rest]
        ).rstrip()

    groups = [(topic, [entry for entry in entries if entry.topic == topic.slug]) for topic in bank.topics()]
    print(shown("编号", "题目", head))
    for topic, members in groups:
        if members:
            print(f"\n{one_line(topic.name)}（{topic.slug}，{len(members)} 题）")
            for entry in members:
                print(shown(entry.id, one_line(entry.title), rows[entry.id]))


def _limit(limit: dict[str, int] | None) -> str:
    if not limit:
        return "—"
    if "about" in limit:
        return f"{limit['about']}左右"
    if len(limit) == 2:
        return f"{limit['min']}-{limit['max']}"
    return f"≤{limit['max']}" if "max" in limit else f"≥{limit['min']}"


def _print_topics(topics: tuple["Topic", ...], counts: dict[str, int]) -> None:
    from shutil import get_terminal_size

    from rich.cells import cell_len, set_cell_size

    from essaydrill.reports.safe_text import one_line

    slugs = max(len(topic.slug) for topic in topics)
    names = max(cell_len(one_line(topic.name)) for topic in topics)
    room = get_terminal_size((80, 24)).columns - slugs - names - 11
    for topic in topics:
        aliases = ""
        for alias in topic.aliases:
            longer = f"{aliases}、{alias}" if aliases else alias
            aliases = longer if cell_len(longer) <= room else aliases
        count = f"{counts[topic.slug]} 题".rjust(4)
        print(f"{topic.slug:<{slugs}}  {set_cell_size(one_line(topic.name), names)}  {count}  {aliases}".rstrip())


def _tell_problems(bank: "Bank") -> None:
    problems = bank.problems()
    if problems:
        import sys

        files = len({problem.file for problem in problems})
        print(f"\n另有 {files} 个题目文件有误，没有列出。例如：{printable(str(problems[0]))}", file=sys.stderr)
        print("用 essaydrill bank check 看全部问题。", file=sys.stderr)


def _print_reference(item: "Item", screen: "Console") -> None:
    """The marking scheme, the reference answers and the specimens."""
    from rich.text import Text

    from essaydrill.reports import render_references, render_specimens
    from essaydrill.reports.layout import heading, numbered, page_width, put
    from essaydrill.reports.safe_text import one_line

    width = page_width(screen)
    scheme = [heading("采分点", f"条理 {item.reference.presentation:g} 分", screen)]
    for number, point in enumerate(item.reference.points, 1):
        body = f"{one_line(point.text)}（{point.marks:g} 分）"
        if point.found_in:
            body += f"见{'、'.join(map(one_line, point.found_in))}"
        scheme += numbered(number, Text(body), width)
    blocks = [scheme] if item.reference.points else []
    screen.print()
    put(screen, *blocks)
    screen.print()
    render_references(item, screen)
    if item.reference.specimens:
        screen.print()
        render_specimens(item, screen)
