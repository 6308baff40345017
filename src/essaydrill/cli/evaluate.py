"""`essaydrill evaluate`: how well the machine's marks agree with people's."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from essaydrill.cli.common import BankOption, JsonOption
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.agreement.evaluate import Evaluation, Marked
    from essaydrill.agreement.marked_rows import LeftOut, Script
    from essaydrill.bank import Bank

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="名=列名", help="列名认不出时写明，如 --map 得分=Q7，可写多次"),
]


def evaluate(
    file: Annotated[
        Path | None, typer.Argument(metavar="[文件]", help="csv、xlsx 或 jsonl，一行一份评过分的作答")
    ] = None,
    specimens: Annotated[bool, typer.Option("--specimens", help="不用文件，用题库里的标杆卷")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="目录", help="写出 evaluation.json、report.html、scores.csv、left_out.csv"),
    ] = None,
    map: MapOption = None,
    max_score: Annotated[
        float | None, typer.Option("--max-score", metavar="分数", help="题库里没有的题：满分（表里没有这一列时）")
    ] = None,
    bank: BankOption = None,
    json: JsonOption = False,
) -> None:
    """拿人评过分的作答，检验机器评分和人有多一致。

    表里要有：题目（题库里的编号，或题干加参考答案，参考答案可有几列）、作答、得分或两名阅卷人的分数（阅卷人1、阅卷人2）；
    可以有层次和满分。中英文列名都认。用不上的行会数出来，连同原因写进 left_out.csv。各数字的算法见
    docs/agreement-measures.md。

    示例：
    essaydrill evaluate 人工评分.xlsx --out 一致性
    essaydrill evaluate 人工评分.csv --map 得分=终评 --json
    essaydrill evaluate --specimens
    """
    from essaydrill.agreement.evaluate import evaluate as compute
    from essaydrill.agreement.evaluate import mark
    from essaydrill.bank import Bank
    from essaydrill.cli.common import console

    if (file is None) != specimens:
        raise UsageError("写上一个文件，或用 --specimens 检验题库里的标杆卷，二者选一")
    scripts, left_out = _scripts(file, Bank.open(bank), map or [], max_score)
    if not scripts:
        first = f"，第一行是：{left_out[0].reason}" if left_out else ""
        raise UsageError(f"没有一份能用的作答{first}")
    found = compute(mark(scripts), left_out)
    source = "题库标杆卷" if file is None else file.name
    if out is not None:
        _write(found, source, out)
    if json:
        print(_dumped(found))
    else:
        from essaydrill.cli.evaluate_page import agreement_page
        from essaydrill.reports.agreement import render_agreement

        render_agreement(agreement_page(found, source), console())
        if out is not None:
            console().print(f"写好了 {out}：evaluation.json、report.html、scores.csv、left_out.csv", soft_wrap=True)


def _scripts(
    file: Path | None, bank: "Bank", pairs: Sequence[str], max_score: float | None
) -> "tuple[list[Script], list[LeftOut]]":
    from essaydrill.agreement.evaluate import specimen_scripts
    from essaydrill.agreement.marked_rows import Questions, find_columns, need, read_mapping, read_scripts
    from essaydrill.cli.marked_table import read_rows

    if file is None:
        return list(specimen_scripts(bank)), []
    rows = read_rows(file)
    columns = find_columns(rows, read_mapping(pairs))
    need(columns, "prompt", "question")
    return read_scripts(rows, columns, Questions(bank, max_score))


def _dumped(found: "Evaluation") -> str:
    from dataclasses import asdict
    from json import dumps

    content: dict[str, Any] = {
        "schema": 1,
        "groups": [asdict(group) for group in found.groups],
        "markers": asdict(found.markers) if found.markers else None,
        "steps": found.steps,
        "seen": found.seen,
        "left_out": [asdict(row) for row in found.left_out],
        "worst": [_row(each) for each in found.worst],
        "signatures": found.signatures,
    }
    return dumps(content, ensure_ascii=False, indent=2)


def _row(each: "Marked") -> dict[str, Any]:
    return {
        "row": each.script.number,
        "prompt": each.script.question,
        "stratum": each.script.stratum,
        "human": each.script.mark,
        "machine": each.result.score,
        "max_score": each.result.max_score,
        "low": each.result.interval[0],
        "high": each.result.interval[1],
        "flags": " ".join(flag.code for flag in each.result.flags),
    }


def _write(found: "Evaluation", source: str, out: Path) -> None:
    import csv

    from essaydrill.cli.evaluate_page import agreement_page
    from essaydrill.reports.agreement import agreement_html

    out.mkdir(parents=True, exist_ok=True)
    (out / "evaluation.json").write_text(_dumped(found) + "\n", "utf-8")
    (out / "report.html").write_text(agreement_html(agreement_page(found, source)), "utf-8")
    # Excel reads UTF-8 only behind a byte-order mark.
    with (out / "scores.csv").open("w", encoding="utf-8-sig", newline="") as file:
        scores = csv.DictWriter(file, list(_row(found.marked[0])))
        scores.writeheader()
        scores.writerows({name: _cell(value) for name, value in _row(each).items()} for each in found.marked)
    with (out / "left_out.csv").open("w", encoding="utf-8-sig", newline="") as file:
        left_out = csv.writer(file)
        left_out.writerow(["row", "reason", "answer"])
        left_out.writerows([row.number, _cell(row.reason), _cell(row.excerpt)] for row in found.left_out)


def _cell(value: Any) -> Any:
    """A text that a spreadsheet program would run as a formula is made one that it shows."""
    return f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in tuple("=+-@＝＋－＠") else value
