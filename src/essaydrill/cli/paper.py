"""`essaydrill paper`: mock papers put together from the bank."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption, JsonOption, console, printable
from essaydrill.cli.completion import complete_topic
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.bank import Bank, Entry
    from essaydrill.bank.kinds import Kind
    from essaydrill.practice.compose import Wish
    from essaydrill.practice.paper import Paper

_TOTAL = 100.0
_SEEDS = 1_000_000


def paper(
    name: Annotated[str | None, typer.Argument(metavar="[试卷]", help="存过的试卷的名字；不写就新组一份")] = None,
    total: Annotated[
        float | None, typer.Option("--total", metavar="分数", min=1, max=1000, help=f"满分，默认 {_TOTAL:g}")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", metavar="分钟", min=1, help="考试时间，各题建议用时之和不超过它")
    ] = None,
    kinds: Annotated[
        str | None, typer.Option("--kinds", metavar="题型,…", help="只要这些题型，每种至少一题，如 概括归纳,文章论述")
    ] = None,
    topics: Annotated[
        str | None,
        typer.Option("--topics", metavar="专题,…", help="只从这些专题里选", autocompletion=complete_topic),
    ] = None,
    todo: Annotated[bool, typer.Option("--todo", help="不要做过的题")] = False,
    seed: Annotated[int | None, typer.Option("--seed", metavar="数", help="种子，相同时组出的卷也相同")] = None,
    save: Annotated[str | None, typer.Option("--save", metavar="名字", help="存下这份试卷")] = None,
    listed: Annotated[bool, typer.Option("--list", "-l", help="列出存过的试卷")] = False,
    printed: Annotated[
        Path | None, typer.Option("--print", "-p", metavar="文件", help="写成可以打印的 HTML：封面、题目、答题纸")
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="同名的试卷或文件已经有了也换掉")] = False,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """从题库里组一份模拟卷：总分凑到 100，题型和专题尽量不重复，文章最多一题。

    凑不出正好的总分时取最接近的，并说明原因。

    示例：
    essaydrill paper --seed 7 --save 第一周
    essaydrill paper --kinds 概括归纳,综合分析,贯彻执行,文章论述 --minutes 180 --todo
    essaydrill paper 第一周 --print 第一周.html
    essaydrill paper --list
    """
    from essaydrill.bank import Bank

    if listed:
        _list(json=json)
        return
    opened = Bank.open(bank)
    if name is not None:
        wishes = (total, minutes, kinds, topics, seed, save)
        if todo or any(wish is not None for wish in wishes):
            raise UsageError("看存过的试卷时，不能再写组卷的条件；要新组一份，去掉试卷名")
        _show_saved(name, opened, printed, force=force, json=json)
        return
    wish = wish_of(total, minutes, kinds, topics, opened)
    chosen, notes = compose_paper(wish, opened, seed, todo=todo)
    done = [_save(save, chosen, force=force)] if save is not None else []
    done += [_print_page(chosen, opened, save, printed, force=force)] if printed is not None else []
    hint = f"要存下来：再运行一次，加上 --seed {chosen.seed} --save 名字"
    _tell(chosen, opened, "模拟卷", notes, done or [hint], json=json)


def wish_of(total: float | None, minutes: int | None, kinds: str | None, topics: str | None, bank: "Bank") -> "Wish":
    """What the options ask for; raises UsageError for an unknown kind or topic."""
    from essaydrill.bank import resolve_kind, resolve_topic
    from essaydrill.practice.compose import Wish

    wanted: list[Kind] = [resolve_kind(name) for name in _names(kinds)]
    slugs = [resolve_topic(name, bank).slug for name in _names(topics)]
    return Wish(_TOTAL if total is None else total, tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(slugs)), minutes)


def _names(listed: str | None) -> list[str]:
    import re

    return [name for name in re.split(r"[,，、\s]+", listed or "") if name]


def compose_paper(wish: "Wish", bank: "Bank", seed: int | None, *, todo: bool) -> "tuple[Paper, tuple[str, ...]]":
    """A paper and what of the wish it does not meet."""
    from random import randrange

    from essaydrill.practice.compose import compose

    done: set[str] = set()
    if todo:
        from essaydrill.history import History
        from essaydrill.paths import profile_data

        with History(profile_data() / "history.db") as history:
            done = set(history.done_prompts())
    entries = [entry for entry in bank.entries() if entry.id not in done]
    composed = compose(entries, wish, randrange(_SEEDS) if seed is None else seed)
    return composed.paper, composed.notes


def _show_saved(name: str, bank: "Bank", printed: Path | None, *, force: bool, json: bool) -> None:
    from essaydrill.practice.paper import Papers

    chosen = Papers.open().load(name)
    worth = sum(entry.max_score for entry in _entries(chosen, bank))
    changed = f"题库改过，这些题现在一共 {worth:g} 分，组卷时是 {chosen.total:g} 分"
    notes = (changed,) if worth != chosen.total else ()
    done = [_print_page(chosen, bank, name, printed, force=force)] if printed is not None else []
    _tell(chosen, bank, name, notes, done, json=json)


def _tell(chosen: "Paper", bank: "Bank", title: str, notes: tuple[str, ...], done: list[str], *, json: bool) -> None:
    """Show the paper, then what was done with it."""
    if json:
        _print_json(chosen, notes, bank)
        return
    _show(chosen, bank, title, notes)
    if done:
        print()
    for line in done:
        print(printable(line))


def _entries(chosen: "Paper", bank: "Bank") -> "list[Entry]":
    known = {entry.id: entry for entry in bank.entries()}
    if gone := [identifier for identifier in chosen.prompts if identifier not in known]:
        raise UsageError(f"题库里没有试卷要的题 {'、'.join(gone)}；题在别的题库时加上 --bank 目录")
    return [known[identifier] for identifier in chosen.prompts]


def _show(chosen: "Paper", bank: "Bank", title: str, notes: tuple[str, ...]) -> None:
    """The questions with what they are worth, and what of the wish is not met."""
    from rich.text import Text

    from essaydrill.reports.layout import heading, numbered, page_width, put, wrap
    from essaydrill.reports.safe_text import one_line
    from essaydrill.reports.sheet import facts

    screen = console()
    width = page_width(screen)
    names = {topic.slug: topic.name for topic in bank.topics()}
    told = f"{chosen.total:g} 分 · {len(chosen.prompts)} 题 · {chosen.minutes} 分钟 · 种子 {chosen.seed}"
    lines = [heading(one_line(title), told, screen)]
    for number, entry in enumerate(_entries(chosen, bank), 1):
        about = " · ".join([*facts(bank.prompt(entry.id)), names[entry.topic]])
        body = Text.assemble((one_line(entry.title), "bold"), "\n", one_line(about), "\n", entry.id)
        lines += numbered(number, body, width)
    put(screen, lines, [line for note in notes for line in wrap(Text(f"注意：{one_line(note)}。"), width)])


def _print_json(chosen: "Paper", notes: tuple[str, ...], bank: "Bank") -> None:
    from essaydrill.cli.browse import print_json

    questions = [asdict(entry) for entry in _entries(chosen, bank)]
    print_json({**chosen.model_dump(mode="json"), "notes": list(notes), "questions": questions})


def _save(name: str, chosen: "Paper", *, force: bool) -> str:
    from essaydrill.practice.paper import Papers

    path = Papers.open().save(name, chosen, force=force)
    return f"存在 {path}，以后用 essaydrill paper {name} 看。"


def _list(*, json: bool) -> None:
    from essaydrill.cli.browse import print_json
    from essaydrill.errors import BankError
    from essaydrill.practice.paper import Papers

    papers = Papers.open()
    found: dict[str, Paper] = {}
    for name in papers.names():
        try:
            found[name] = papers.load(name)
        except BankError as error:
            from essaydrill.cli.common import err_console

            err_console().print(printable(str(error)), soft_wrap=True)
    if json:
        print_json([{"name": name, **each.model_dump(mode="json")} for name, each in found.items()])
    elif not found:
        print("还没有存过试卷。组一份并存下：essaydrill paper --save 名字")
    else:
        for name, each in found.items():
            print(f"{printable(name)}  {each.total:g} 分  {len(each.prompts)} 题  {each.minutes} 分钟")


def _print_page(chosen: "Paper", bank: "Bank", name: str | None, path: Path, *, force: bool) -> str:
    from essaydrill.cli.sheet import write_page
    from essaydrill.reports.paper import paper_page

    prompts = [bank.prompt(entry.id) for entry in _entries(chosen, bank)]
    total = sum(prompt.max_score for prompt in prompts)
    title = f"申论模拟卷（{name}）" if name else "申论模拟卷"
    write_page(path, paper_page(title, prompts, total, chosen.minutes), force=force)
    return f"试卷在 {path}，用浏览器打开，按 A4 纸、缩放 100% 打印。"
