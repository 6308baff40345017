"""`essaydrill bank new`: write a question of one's own, asked for step by step or given by options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from essaydrill.cli.completion import complete_topic
from essaydrill.errors import UsageError

_POINT = "文字=分值[=关键词[=出处]]"


def new(
    into: Annotated[
        Path | None, typer.Option("--into", metavar="目录", help="写进哪个题库目录；不写就写进自己的题库")
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option("--topic", "-t", metavar="专题", help="代号、中文名或别名", autocompletion=complete_topic),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", "-k", metavar="题型", help="如 summary 或 概括归纳")] = None,
    genre: Annotated[str | None, typer.Option("--genre", "-g", metavar="文种", help="公文题的文种，如 简报")] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="标题", help="列表里显示的短标题")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="题干", help="照试卷的写法")] = None,
    requirements: Annotated[
        str | None, typer.Option("--requirements", metavar="要求", help="照试卷的写法，字数从这里读出")
    ] = None,
    length: Annotated[
        str | None, typer.Option("--length", metavar="字数", help="要求里读不出时写明，如 不超过200字")
    ] = None,
    max_score: Annotated[float | None, typer.Option("--max-score", metavar="分数", help="满分")] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", metavar="分钟", help="建议用时")] = None,
    difficulty: Annotated[
        int | None, typer.Option("--difficulty", "-d", metavar="难度", min=1, max=5, help="1–5，默认 3")
    ] = None,
    material: Annotated[
        list[Path] | None, typer.Option("--material", "-m", metavar="文件", help="一则给定材料，可写多次")
    ] = None,
    point: Annotated[
        list[str] | None,
        typer.Option("--point", metavar=_POINT, help="一个采分点，可写多次；关键词写成 甲、甲的同义词；乙"),
    ] = None,
    presentation: Annotated[
        float | None, typer.Option("--presentation", metavar="分数", help="条理分；不写就取采分点剩下的")
    ] = None,
    reference: Annotated[
        list[Path] | None, typer.Option("--reference", "-r", metavar="文件", help="一份参考答案，可写多次")
    ] = None,
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="编号", help="题目编号；不写就接着已有的往下排")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不提问，没写的用默认值")] = False,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="草稿", help="接着写上次没写完的草稿")] = None,
) -> None:
    """新写一道题：逐项提问，写成题目和参考答案两个文件，带说明，可以再改。

    已有的文件不会被覆盖。中途按 Ctrl-C，写过的都在草稿里，会告诉你怎么接着写。

    示例：
    essaydrill bank new
    essaydrill bank new --into 我的题库 --topic 法治 --kind 概括归纳
    essaydrill bank new -t law -k summary --task 概括…… --requirements 不超过200字。 --max-score 15 --yes
    """
    given = {
        "into": into,
        "topic": topic,
        "kind": kind,
        "genre": genre,
        "title": title,
        "task": task,
        "requirements": requirements,
        "length": length,
        "max_score": max_score,
        "minutes": minutes,
        "difficulty": difficulty,
        "presentation": presentation,
        "id": identifier,
        **{f"material.{number}": f"@{path}" for number, path in enumerate(material or [], 1)},
        **{f"reference.{number}": f"@{path}" for number, path in enumerate(reference or [], 1)},
        **_points(point or []),
    }
    answers = {
        key: f"{value:g}" if isinstance(value, float) else str(value)
        for key, value in given.items()
        if value is not None
    }
    if yes and resume:
        raise UsageError("--yes 和 --resume 只能用一个：草稿要接着回答")
    if not yes and not _has_terminal():
        raise UsageError("这里不是交互终端，不能提问：把各项写成选项，并加上 --yes")
    from essaydrill.cli import bank_new_desk

    if yes:
        bank_new_desk.write_as_given(answers)
    else:
        raise typer.Exit(bank_new_desk.interview(answers, resume))


def _points(options: list[str]) -> dict[str, str]:
    """The answers that --point options give."""
    answers: dict[str, str] = {}
    for number, option in enumerate(options, 1):
        parts = [part.strip() for part in option.split("=")]
        if not 2 <= len(parts) <= 4 or not all(parts[:2]):
            raise UsageError(f"--point 要写成 {_POINT}，现在是“{option}”")
        text, marks, keywords, found_in = [*parts, "", ""][:4]
        key = f"point.{number}"
        answers |= {key: text, f"{key}.marks": marks, f"{key}.keywords": keywords, f"{key}.found_in": found_in}
    return answers


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
