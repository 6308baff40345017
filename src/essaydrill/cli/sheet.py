"""`essaydrill sheet`: the answer sheet of a prompt, for practising by hand."""

from pathlib import Path
from typing import Annotated

import typer

from essaydrill.cli.common import BankOption, printable
from essaydrill.cli.completion import complete_prompt

_MOST_LINES = 400  # 10,000 cells


def sheet(
    prompt: Annotated[str, typer.Argument(metavar="题目", help="题目编号", autocompletion=complete_prompt)],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="文件", help="写到哪个文件，默认是当前目录的 题目编号.html")
    ] = None,
    lines: Annotated[
        int | None,
        typer.Option(
            "--lines", metavar="行数", min=1, max=_MOST_LINES, help="至少印几行，每行 25 格；默认比字数要求多一成"
        ),
    ] = None,
    blank: Annotated[bool, typer.Option("--blank", help="不印给定材料")] = False,
    answer: Annotated[
        str | None, typer.Option("--answer", "-a", metavar="文件", help="把这份作答填进格子里，- 表示从标准输入读")
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="文件已经有了也覆盖")] = False,
    bank: BankOption = None,
) -> None:
    """生成可以打印的答题纸：前面是材料、题目和要求，后面是每行 25 格的方格，标出字数。

    是一个 HTML 文件，用浏览器打开，按 A4 纸打印。

    示例：
    essaydrill sheet governance-summary-01
    essaydrill sheet governance-summary-01 --blank --lines 30
    essaydrill sheet governance-summary-01 --answer 我的作答.txt --out 誊清.html
    """
    from essaydrill.bank import Bank
    from essaydrill.reports.sheet import sheet_page
    from essaydrill.text.decode import read_answer

    question = Bank.open(bank).prompt(prompt)
    text = "" if answer is None else read_answer("-" if answer == "-" else Path(answer))
    path = out or Path(f"{question.id}.html")
    write_page(path, sheet_page(question, lines=lines, materials=not blank, answer=text), force=force)
    print(f"答题纸在 {printable(str(path))}，用浏览器打开，按 A4 纸、缩放 100% 打印。")


def write_page(path: Path, html: str, *, force: bool) -> None:
    """Write an HTML file; one that is there already is left alone unless `force`. Raises `UsageError`, `OSError`."""
    from essaydrill.errors import UsageError

    try:
        with path.open("w" if force else "x", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(html)
    except FileExistsError:
        raise UsageError(f"{path}：已有这个文件，没有覆盖；换个名字，或加上 --force") from None
