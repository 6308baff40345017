"""`essaydrill exam`: a whole mock paper under one clock."""

from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption
from essaydrill.errors import BankError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from essaydrill.bank import Bank
    from essaydrill.practice.exam import Exam, ExamDesk
    from essaydrill.practice.paper import Paper


def exam(
    name: Annotated[
        str | None, typer.Argument(metavar="[试卷]", help="用 essaydrill paper --save 存过的试卷；不写就新组一份")
    ] = None,
    kinds: Annotated[str | None, typer.Option("--kinds", metavar="题型,…", help="新组的卷只要这些题型")] = None,
    topics: Annotated[str | None, typer.Option("--topics", metavar="专题,…", help="新组的卷只从这些专题里选")] = None,
    total: Annotated[
        float | None, typer.Option("--total", metavar="分数", min=1, max=1000, help="新组的卷的满分，默认 100")
    ] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", metavar="分钟", min=1, help="新组的卷的考试时间")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="数", help="新组的卷的种子")] = None,
    untimed: Annotated[bool, typer.Option("--untimed", help="不限时间，可以停下再考")] = False,
    abandon: Annotated[bool, typer.Option("--abandon", help="放弃没有交卷的那一场，写下的作答另存")] = False,
    bank: BankOption = None,
) -> None:
    """考一场：整张模拟卷一个钟，各题随意先后，一起交卷，一起阅卷。

    中途断了也不要紧，再运行一次就接着考，题库也还用原来的；时间按开考那一刻算，不因离开而停。
    空着的题记 0 分，采分点照样进复习；整张卷一个字没写就不记。

    示例：
    essaydrill exam --seed 7
    essaydrill exam 第一周
    essaydrill exam --kinds 概括归纳,综合分析 --total 40
    """
    from essaydrill.bank import Bank
    from essaydrill.cli.practice import has_room, has_terminal
    from essaydrill.practice.exam import ExamDesk

    desk = ExamDesk.open()
    current = desk.current()
    if abandon:
        _abandon(desk, current)
        return
    if not (has_terminal() and has_room()):
        raise UsageError(
            "模拟考要在至少 60 列、20 行的终端里进行；只要试卷的话，用 essaydrill paper --print 文件 打印出来做"
        )
    if current and any(wish is not None for wish in (name, kinds, topics, total, minutes, seed)):
        raise UsageError(
            f"还有一场没有交卷（{current.name}），先用 essaydrill exam 考完，或用 essaydrill exam --abandon 放弃"
        )
    if current:
        opened, current = _resumed(desk, current, bank)
    else:
        opened = Bank.open(bank)
        name, paper = _saved(name) if name else _composed(opened, kinds, topics, total, minutes, seed)
        for prompt in paper.prompts:
            opened.shown(prompt)  # what is missing or broken is told before the clock starts
        current = desk.begin(name, paper, untimed=untimed, bank=bank)
    raise typer.Exit(_sit(desk, opened, current))


def _resumed(desk: "ExamDesk", exam: "Exam", moved: "Path | None") -> "tuple[Bank, Exam]":
    """The bank of an exam under way, and the exam; `moved` is where its folder is now, if it is elsewhere."""
    from essaydrill.bank import Bank

    if moved:
        exam = exam.model_copy(update={"bank": str(moved.expanduser().absolute())})
    otherwise = "不考了用 essaydrill exam --abandon"
    try:
        opened = Bank.open(exam.bank)
    except BankError as error:
        raise BankError(
            f"没考完的 {exam.name} 用的题库打不开（{error}），请放回原处，或用 --bank 写明它现在在哪；{otherwise}"
        ) from error
    if missing := [prompt for prompt in exam.paper.prompts if prompt not in opened]:
        raise UsageError(
            f"没考完的 {exam.name} 里的 {'、'.join(missing)} 题库里没有了，请用 --bank 写明它在哪个题库；{otherwise}"
        )
    if moved:
        desk.keep(exam)
    return opened, exam


def _saved(name: str) -> "tuple[str, Paper]":
    from essaydrill.practice.paper import Papers

    return name, Papers.open().load(name)


def _composed(
    bank: "Bank",
    kinds: str | None,
    topics: str | None,
    total: float | None,
    minutes: int | None,
    seed: int | None,
) -> "tuple[str, Paper]":
    from essaydrill.cli.paper import compose_paper, wish_of

    paper, notes = compose_paper(wish_of(total, minutes, kinds, topics, bank), bank, seed, todo=False)
    for note in notes:
        print(f"注意：{note}。")
    return f"模拟卷（种子 {paper.seed}）", paper


def _sit(desk: "ExamDesk", bank: "Bank", exam: "Exam") -> int:
    from essaydrill.cli.common import printable
    from essaydrill.examroom.guard import guard

    watched = guard()
    from essaydrill.examroom.exam import ExamRoom
    from essaydrill.history import History
    from essaydrill.paths import profile_data

    with History(profile_data() / "history.db") as history:
        room = ExamRoom(bank, desk, history, exam)
        code = room.open(watched)
    print(printable(room.farewell))
    return code


def _abandon(desk: "ExamDesk", exam: "Exam | None") -> None:
    if exam is None:
        print("没有正在进行的模拟考。")
        return
    desk.end(exam)
    print(f"已放弃 {exam.name}，写下的作答挪到了 {desk.drafts.folder / 'old'}。")
