"""`essaydrill bank`: for those who write questions."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli import bank_import, bank_new, bank_schema
from essaydrill.cli.browse import print_json
from essaydrill.cli.common import ChineseCommand, JsonOption, make_group, printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from essaydrill.bank import Finding, Item, SpecimenAgreement
    from essaydrill.scoring import Result, Scorer

app = make_group()


@app.callback()
def root() -> None:
    """检查题库文件。

    示例：
    essaydrill bank check 我的题库/
    """


@app.command("check", cls=ChineseCommand)
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[目录]", help="题库目录，里面有 prompts/ 和 reference_answers/；不写就检查现有题库"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有提醒也算没通过")] = False,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="再列出每道题的机器评分与标杆卷的分数相差多少")
    ] = False,
    json: JsonOption = False,
) -> None:
    """检查题库：文件、分值、关键词、参考答案、标杆卷有没有写错，题目有没有雷同。

    标杆卷都用现在的评分评一遍，分数相差太多的题目会提醒。有错误时退出码是 1。

    示例：
    essaydrill bank check
    essaydrill bank check 我的题库/ --strict
    essaydrill bank check 我的题库/ --agreement
    """
    from essaydrill.bank import Bank, examine_bank

    bank = Bank.open(folder, builtin=folder is None)
    with _one_thread():
        found = examine_bank(bank, score=_Marker())
    if json:
        print_json(asdict(found))
    else:
        _print_findings(found.findings, len(bank))
        if agreement:
            _print_agreements(found.agreements)
    if any(strict or finding.severity == "error" for finding in found.findings):
        raise typer.Exit(1)


app.command("import", cls=ChineseCommand)(bank_import.import_files)
app.command("new", cls=ChineseCommand)(bank_new.new)
app.command("schema", cls=ChineseCommand)(bank_schema.schema)


def _one_thread() -> "AbstractContextManager[object]":
    """Marking here takes one thread: its products are so small that several would mostly wait for one another."""
    import numpy  # noqa: F401 - only libraries that are loaded can be limited
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


class _Marker:
    """Marks the answers to one item after another; the scorer of an item is built once."""

    def __init__(self) -> None:
        self._item: Item | None = None
        self._scorer: Scorer | None = None

    def __call__(self, item: "Item", text: str) -> "Result":
        from essaydrill.scoring import Scorer

        if self._scorer is None or item is not self._item:
            self._item, self._scorer = item, Scorer(item)
        return self._scorer.score(text)


def _print_findings(findings: Sequence["Finding"], prompts: int) -> None:
    from itertools import groupby

    names = {"error": "错误", "warning": "提醒"}
    for file, group in groupby(findings, key=lambda finding: finding.file):
        print(printable(file))
        for finding in group:
            print(f"  {names[finding.severity]}  {printable(str(finding))}")
        print()
    counts = [f"{sum(f.severity == key for f in findings)} 处{name}" for key, name in names.items()]
    print(f"检查了 {prompts} 道题，{'，'.join(counts) if findings else '没有发现问题'}。")


def _print_agreements(agreements: Sequence["SpecimenAgreement"]) -> None:
    """A table, the prompts whose marks differ most on top."""
    if not agreements:
        print("没有带标杆卷的题目，无从比较。")
        return
    from essaydrill.cli.common import console
    from essaydrill.reports.agreement import AgreementPage, Table, render_agreement

    headings = ("题目", "份数", "平均相差", "同档", "相差最大", "标杆", "机器", "满分")
    order = sorted(agreements, key=lambda each: (-each.difference, each.id))
    table = Table("机器评分与标杆卷", headings, [_agreement_row(each) for each in order], range(len(headings)))
    notes = [
        "平均相差：总分相差的绝对值占满分的比例，各份平均。同档：采分点的答出、部分答出、未答出判得相同的比例。",
        "内置题库的标杆卷参与过评分模型的拟合，这里看到的是拟合得怎样，不是评新卷的准确度。",
    ]
    print()
    render_agreement(AgreementPage("", (), notes, (table,), (), (), ""), console())


def _agreement_row(agreement: "SpecimenAgreement") -> list[str]:
    same, worst = agreement.same_status, agreement.worst
    return [
        agreement.id,
        str(agreement.specimens),
        f"{agreement.difference:.1%}",
        "—" if same is None else f"{same:.0%}",
        worst.label,
        f"{worst.marker:g}",
        f"{worst.machine:g}",
        f"{agreement.max_score:g}",
    ]
