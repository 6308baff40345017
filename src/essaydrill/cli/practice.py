"""`essaydrill practice`: one prompt, one answer, one report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption, KindOption, TopicOption
from essaydrill.cli.completion import complete_prompt
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.cli.practice_desk import Desk


def practice(
    prompt: Annotated[
        str | None,
        typer.Argument(
            metavar="[题目]", help="题目编号；不写就从没做过的题里随机抽一道", autocompletion=complete_prompt
        ),
    ] = None,
    topic: TopicOption = None,
    kind: KindOption = None,
    difficulty: Annotated[
        int | None, typer.Option("--difficulty", "-d", metavar="难度", min=1, max=5, help="只抽这个难度的题，1–5")
    ] = None,
    bank: BankOption = None,
    answer: Annotated[
        str | None, typer.Option("--answer", "-a", metavar="文件", help="直接交这份作答，- 表示从标准输入读")
    ] = None,
    editor: Annotated[bool, typer.Option("--editor", "-e", help="用 $EDITOR 里设的编辑器作答")] = False,
    specimen: Annotated[bool, typer.Option("--specimen", help="先看一份标杆卷怎么判，不用自己写")] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="数", help="随机抽题的种子，种子相同抽到的题也相同")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="不进考场，用一问一答的简单界面")] = False,
    no_save: Annotated[bool, typer.Option("--no-save", help="这一次不记入历史")] = False,
) -> None:
    """出一道题，作答后按采分点评分，每一分都说明依据。

    终端够大（60 列、20 行以上）就进考场：材料和答题纸并排，字数、时间随时可见，交卷后对照要点看依据。
    也可以用 --plain 的简单界面，用自己的编辑器写，或者交一个写好的文件。草稿随写随存，关掉窗口也不会丢。

    示例：
    essaydrill practice --topic governance
    essaydrill practice --kind 概括归纳 --difficulty 2
    essaydrill practice governance-summary-01 --answer 我的作答.txt
    essaydrill practice --specimen
    """
    from essaydrill.cli.practice_desk import Desk

    if answer is not None and prompt is None:
        raise UsageError("用 --answer 交卷时要写明题目编号：essaydrill practice 题目编号 --answer 文件")
    if answer is not None and specimen:
        raise UsageError("--answer 和 --specimen 只能用一个")
    with Desk.open(bank, topic=topic, kind=kind, difficulty=difficulty, seed=seed, save=not no_save) as desk:
        if answer is not None and prompt is not None:
            _hand_in(desk, prompt, answer)
        elif has_terminal() and not (plain or editor or specimen) and has_room():
            from essaydrill.cli.practice_room import practise

            raise typer.Exit(practise(desk, prompt))
        elif has_terminal():
            from essaydrill.cli.practice_dialogue import Dialogue

            raise typer.Exit(Dialogue(desk, prefer_editor=editor).run(prompt, specimen=specimen))
        else:
            _print(desk, prompt, bank, specimen)


def has_terminal() -> bool:
    """Whether somebody sits at the other end."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def has_room() -> bool:
    """Whether the terminal can show the exam room."""
    import os

    size = os.get_terminal_size(sys.stdout.fileno())
    return os.environ.get("TERM", "") not in ("", "dumb", "unknown") and size.columns >= 60 and size.lines >= 20


def _hand_in(desk: "Desk", prompt: str, answer: str) -> None:
    from essaydrill.practice.session import Sitting
    from essaydrill.text.decode import read_answer

    sitting = Sitting(desk.bank.shown(prompt), desk.drafts)
    sitting.text = read_answer("-" if answer == "-" else Path(answer))
    if not sitting.text.strip():
        raise UsageError(f"{'标准输入' if answer == '-' else answer}：作答是空的，没有评分也没有记录，写好再交")
    desk.hand_in(sitting)


def _print(desk: "Desk", prompt: str | None, bank: Path | None, specimen: bool) -> None:
    """Without a terminal nothing can be asked: show the prompt and say how an answer is handed in."""
    from shlex import join

    chosen = desk.bank.shown(prompt or desk.pick())
    desk.show(chosen)
    if specimen:
        desk.mark_specimen(chosen)
        return
    where = ["--bank", str(bank)] if bank else []
    desk.say("这里不是交互终端。写好作答后这样交卷：")
    desk.say(f"  {join(['essaydrill', 'practice', chosen.id, *where])} --answer 文件")
    desk.say(f"  {join(['essaydrill', 'score', chosen.id, *where])} 文件")
