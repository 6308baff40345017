"""`essaydrill score`: the mark of one answer with its reasons."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption, CalibrationOption, JsonOption
from essaydrill.cli.completion import complete_prompt
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.scoring import Result
    from essaydrill.scoring.calibration import Calibration

_DEFAULT_MAX_SCORE = 10.0


def score(
    prompt: Annotated[
        str,
        typer.Argument(metavar="题目", help="题目编号；用 --reference 时写题目名称", autocompletion=complete_prompt),
    ],
    file: Annotated[
        Path | None, typer.Argument(metavar="[作答文件|-]", help="要评的作答；- 或不写表示从标准输入读")
    ] = None,
    bank: BankOption = None,
    json: JsonOption = False,
    save: Annotated[bool, typer.Option("--save", help="记入历史")] = False,
    reference: Annotated[
        list[Path] | None,
        typer.Option("--reference", metavar="文件", help="题库里没有的题：参考答案文件，可写多次"),
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", metavar="题干", help="配合 --reference：题干，可带字数要求")
    ] = None,
    max_score: Annotated[
        float | None,
        typer.Option("--max-score", metavar="分数", help=f"配合 --reference：满分，默认 {_DEFAULT_MAX_SCORE:g}"),
    ] = None,
    calibration: CalibrationOption = None,
) -> None:
    """给一份作答评分，逐个采分点说明依据。

    作答可以是 UTF-8、UTF-16 或 GB18030 编码的文本文件。不带 --save 时不记入历史。

    示例：
    essaydrill score governance-summary-01 我的作答.txt
    cat 我的作答.txt | essaydrill score governance-summary-01 --json
    essaydrill score 谈谈网格化 作答.txt --reference 范文1.txt --reference 范文2.txt --max-score 15
    essaydrill score governance-summary-01 我的作答.txt --calibration 校准.json
    """
    from essaydrill.bank import Bank
    from essaydrill.text.decode import read_answer

    adjustment = _calibration(calibration, prompt)
    own = adjustment.item() if adjustment else None
    if save and (reference or own):
        raise UsageError("--save 只用于题库里的题，题目不在题库里就不能记入历史")
    if reference:
        item = _item_from_references(prompt, task, reference, max_score)
    elif own:
        item = own
    else:
        if task is not None or max_score is not None:
            raise UsageError("--task 和 --max-score 要和 --reference 一起用，题库里的题不需要写")
        item = Bank.open(bank)[prompt]
    if file is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError(f"没有作答：写上文件名，或用管道送进来，如 essaydrill score {prompt} 我的作答.txt")
    answer = read_answer("-" if file is None or str(file) == "-" else file)

    from essaydrill.scoring import Scorer

    result = Scorer(item, calibration=adjustment).score(answer)
    if json:
        print(result.model_dump_json())
    else:
        from essaydrill.cli.common import console
        from essaydrill.reports import render_result

        render_result(result, item, answer, console())
    if save:
        _record(item, answer, result)


def _calibration(file: Path | None, prompt: str) -> "Calibration | None":
    if file is None:
        return None
    from essaydrill.agreement.calibration_file import load_calibration

    found = load_calibration(file)
    if found.prompt != prompt:
        raise UsageError(f"校准文件 {file} 是给“{found.prompt}”做的，不是“{prompt}”")
    return found


def _item_from_references(title: str, task: str | None, files: list[Path], max_score: float | None) -> "Item":
    """A question with nothing but reference answers, under the name that the user gave it."""
    from essaydrill.bank import Item
    from essaydrill.text.decode import read_answer

    texts = [read_answer(file) for file in files]
    item = Item.from_references(task or title, texts, _DEFAULT_MAX_SCORE if max_score is None else max_score)
    return Item(item.prompt.model_copy(update={"title": title}), item.reference)


def _record(item: "Item", answer: str, result: "Result") -> None:
    from datetime import UTC, datetime

    from essaydrill.cli.common import err_console
    from essaydrill.history import History
    from essaydrill.paths import profile_data

    with History(profile_data() / "history.db") as history:
        now = datetime.now(UTC)
        attempt = history.record(item.prompt, answer, result, started_at=now, seconds=0, origin="score")
    err_console().print(f"已记入历史，第 {attempt.id} 号。")
