"""`essaydrill bank`: for those who write questions."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli import bank_import, bank_new, bank_schema
from essaydrill.cli.browse import print_json
from essaydrill.cli.common import ChineseCommand, JsonOption, make_group, printable

if TYPE_CHECKING:
    from essaydrill.bank import Finding, Item
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
    json: JsonOption = False,
) -> None:
    """检查题库：分值、关键词、参考答案、标杆卷和文件本身有没有写错。

    有错误时退出码是 1。

    示例：
    essaydrill bank check
    essaydrill bank check 我的题库/ --strict
    """
    from essaydrill.bank import Bank, check_bank

    bank = Bank.open(folder, builtin=folder is None)
    findings = check_bank(bank, score=_Marker())
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        _print_findings(findings, len(bank))
    if any(strict or finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


app.command("import", cls=ChineseCommand)(bank_import.import_files)
app.command("new", cls=ChineseCommand)(bank_new.new)
app.command("schema", cls=ChineseCommand)(bank_schema.schema)


class _Marker:
    """Marks the references of one item after another; the scorer of an item is built once."""

    def __init__(self) -> None:
        self._item: Item | None = None
        self._scorer: Scorer | None = None

    def __call__(self, item: "Item", text: str) -> "Result":
        from essaydrill.scoring import Scorer

        if self._scorer is None or item is not self._item:
            self._item, self._scorer = item, Scorer(item)
        return self._scorer.score(text)


def _print_findings(findings: list["Finding"], prompts: int) -> None:
    from itertools import groupby

    names = {"error": "错误", "warning": "提醒"}
    for file, group in groupby(findings, key=lambda finding: finding.file):
        print(printable(file))
        for finding in group:
            print(f"  {names[finding.severity]}  {printable(str(finding))}")
        print()
    counts = [f"{sum(f.severity == key for f in findings)} 处{name}" for key, name in names.items()]
    print(f"检查了 {prompts} 道题，{'，'.join(counts) if findings else '没有发现问题'}。")
