"""`essaydrill calibrate`: the marking of one question adapted to a tutor's marks."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption
from essaydrill.cli.completion import complete_prompt
from essaydrill.cli.evaluate import MapOption
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.agreement.marked_rows import LeftOut, Script
    from essaydrill.bank import Item
    from essaydrill.scoring.calibration import Calibration

_ENOUGH = 30
_MOST_LEFT_OUT = 0.25  # of the rows; where more cannot be used, a column or the full mark is wrong
_METHODS = {
    "none": "只用评分最高的作答做参考答案，没有再调整",
    "scale": "调整总分的松紧和高低",
    "points": "调整总分，并按您的评分重估各采分点的轻重",
    "words": "调整总分，并学习评过的作答里的说法",
}


def calibrate(
    prompt: Annotated[
        str,
        typer.Argument(metavar="题目", help="题目编号；用 --task 时给题目起个名称", autocompletion=complete_prompt),
    ],
    file: Annotated[Path, typer.Argument(metavar="文件", help="csv、xlsx 或 jsonl，一行一份亲手评过的作答")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="文件", help="校准文件写到哪里，如 校准.json")],
    task: Annotated[str | None, typer.Option("--task", metavar="题干", help="题库里没有的题：题干")] = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option("--reference", metavar="文件", help="配合 --task：参考答案文件；不写就取评分最高的作答"),
    ] = None,
    max_score: Annotated[float | None, typer.Option("--max-score", metavar="分数", help="配合 --task：满分")] = None,
    map: MapOption = None,
    bank: BankOption = None,
) -> None:
    """亲手评 30–50 份，让这道题的机器评分向您看齐。

    表里要有作答和得分；列名是要点编号（p1、p2 ……）的列当作各要点的得分，可以没有。
    采分点的判定不变，只调整总分。有没有用由交叉验证来说：每次留出一部分评过的作答，看没见过它们时评得准不准。没有好处就不写文件。

    示例：
    essaydrill calibrate governance-summary-01 我评的.xlsx --out 校准.json
    essaydrill score governance-summary-01 作答.txt --calibration 校准.json
    essaydrill calibrate 钻石 我评的.csv --task 钻石为什么能划开玻璃？ --max-score 2 --out 钻石.json
    """
    from essaydrill.agreement.calibrate import HandMarked, calibrate_own
    from essaydrill.agreement.calibrate import calibrate as fit
    from essaydrill.bank import Bank
    from essaydrill.scoring.calibration import OwnQuestion
    from essaydrill.text.decode import read_answer

    if out.exists():
        raise UsageError(f"已经有 {out}，换个文件名，或先把它删掉")
    if task is None and (reference or max_score is not None):
        raise UsageError("--reference 和 --max-score 要和 --task 一起用，题库里的题不需要写")
    if task is not None and max_score is None:
        raise UsageError("用 --task 时要写明满分：--max-score 分数")
    question = None
    if task is None or max_score is None:
        item = Bank.open(bank)[prompt]
    else:
        texts = [read_answer(each) for each in reference or []]
        # Without references the best-marked answers take their place; until then any text holds the full mark.
        question = OwnQuestion(task=task, max_score=max_score, references=tuple(texts or ["—"]))
        item = question.item(prompt)
    scripts, left_out = _scripts(file, prompt, item, map or [])
    marked = [HandMarked(script.answer, script.mark, script.credits) for script in scripts]
    if task is not None and max_score is not None and not reference:
        found = calibrate_own(task, prompt, max_score, marked)
    else:
        found = fit(item, marked, question)
    out.write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
    _tell(found, left_out, prompt, out)


def _scripts(file: Path, prompt: str, item: "Item", pairs: Sequence[str]) -> "tuple[list[Script], list[LeftOut]]":
    """The rows of the question; in a table of several questions those that name it."""
    from essaydrill.agreement.marked_rows import find_columns, read_mapping, read_scripts
    from essaydrill.cli.marked_table import read_rows

    rows = read_rows(file)
    columns = find_columns(rows, read_mapping(pairs))
    if heading := next(iter(columns.get("prompt", ())), None):
        mine = [row for row in rows if str(row.cells.get(heading, "")).strip() == prompt]
        rows = mine or rows
    scripts, left_out = read_scripts(rows, columns, lambda _row, _columns: item)
    if len(left_out) > _MOST_LEFT_OUT * len(rows):
        first = left_out[0]
        reason = f"如第 {first.number} 行：{first.reason}"
        raise UsageError(f"{file} 的 {len(rows)} 行里有 {len(left_out)} 行用不上，{reason}；请检查列名和满分")
    return scripts, left_out


def _tell(found: "Calibration", left_out: "Sequence[LeftOut]", prompt: str, out: Path) -> None:
    from essaydrill.cli.common import console

    lines = [f"用 {found.answers} 份人工评分校准：{_METHODS[found.method]}。"]
    if found.method == "none":
        lines.append(f"交叉验证：QWK {found.before.qwk:.2f}，平均相差满分的 {found.before.mae:.1%}。")
    else:
        lines.append(
            f"交叉验证：QWK {found.before.qwk:.2f} → {found.after.qwk:.2f}，"
            f"平均相差满分的 {found.before.mae:.1%} → {found.after.mae:.1%}。"
        )
    if found.answers < _ENOUGH:
        lines.append(f"注意：不到 {_ENOUGH} 份，上面的数字很不稳，再评几份会更可靠。")
    if found.question:
        lines.append("校准文件里有题干和参考答案（没有给参考答案时是评分最高的几份作答），评分时不用再写。")
    if left_out:
        first = left_out[0]
        lines.append(f"没有用上 {len(left_out)} 行，如第 {first.number} 行：{first.reason}。")
    lines.append(f"写好了 {out}，这样用：essaydrill score {prompt} 作答.txt --calibration {out}")
    for line in lines:
        console().print(line, soft_wrap=True)
