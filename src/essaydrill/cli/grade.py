"""`essaydrill grade`: a folder of answers."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import BankOption
from essaydrill.cli.completion import complete_prompt
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.grading import Plan

_INTERRUPTED = 130
_LOOK_EVERY = 2.0  # seconds between two looks at a drop folder


def grade(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="文件夹|文件…", help="作答：文件夹，或 txt md docx pdf csv xlsx jsonl zip 文件"),
    ],
    prompt: Annotated[
        str | None,
        typer.Option(
            "--prompt", "-p", metavar="题目", help="没有写明题目的作答按这道题评", autocompletion=complete_prompt
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="目录", help="结果放在哪里，默认是作答旁边的“<名字>-graded”")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="文件", help="名册（csv、xlsx 或每行一人的 txt）：补上姓名，查出谁没交"),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="字段=列名", help="表格的列认不出时指定，如 答案=Q3，可写多次"),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", metavar="格式", help="写哪些结果，用逗号隔开：csv,xlsx,report,feedback；默认全部"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会把什么读成什么，不评分，不写文件")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="守着文件夹，作答一到就评，按 Ctrl-C 结束")] = False,
    force: Annotated[bool, typer.Option("--force", help="评过的也重新评")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="个数", min=1, help="同时用几个进程，默认用全部核")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="地址", help="在 Dask 集群上评，如 tcp://10.0.0.1:8786")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="秒", min=0.1, help="一份作答最多评多久")] = 30.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只报错误，不显示进度和小结")] = False,
    json: Annotated[bool, typer.Option("--json", help="每份作答输出一行 JSON，与 results.jsonl 相同")] = False,
    bank: BankOption = None,
    calibration: Annotated[
        list[Path] | None,
        typer.Option("--calibration", metavar="文件", help="按 essaydrill calibrate 做的校准文件调整总分，可写多次"),
    ] = None,
) -> None:
    """给一个文件夹的作答评分，写出成绩册、报告和讲评。

    哪份作答答的是哪道题，依次看：表格里的“题目”列、文首的“题目：编号”、文件名“编号__学生.txt”、以编号命名的文件夹、--prompt。
    中途停下，再运行一次就接着评；评过又没改动的不再评。缺交、空白、读不出、题目不明和 0 分分开列出。
    report 是 report.html，给老师看的全班报告；feedback 是 feedback/ 里每名学生一份的讲评（html 和 md），每次重新写。
    退出码：0 全部评完，1 有没能评分的（见 errors.csv），2 命令写得不对。

    示例：
    essaydrill grade answers/ --prompt governance-summary-01 --roster 名册.xlsx
    essaydrill grade answers/ --dry-run
    essaydrill grade 问卷导出.xlsx --column 答案=第3题 --prompt governance-summary-01 --out 成绩/
    essaydrill grade --watch 收卷/ --prompt governance-summary-01
    """
    from essaydrill.agreement.calibration_file import load_calibration
    from essaydrill.bank import Bank
    from essaydrill.cli.grade_feedback import publish_feedback
    from essaydrill.cli.grade_report import publish_report
    from essaydrill.grading import Plan
    from essaydrill.grading.columns import choose_columns
    from essaydrill.grading.outputs import FORMATS
    from essaydrill.grading.run import default_jobs

    if watch and (json or dry_run):
        raise UsageError("--watch 不能和 --json、--dry-run 一起用")
    publishers = {"report": publish_report, "feedback": publish_feedback}
    chosen = [name.strip() for name in format.split(",")] if format else [*FORMATS, *publishers]
    plan = Plan(
        inputs=tuple(inputs),
        out=out or _default_out(inputs),
        bank=Bank.open(bank),
        prompt=prompt,
        roster=roster,
        columns=choose_columns(column or []),
        formats=tuple(dict.fromkeys(chosen)),
        publishers=publishers,
        jobs=jobs or default_jobs(),
        cluster=cluster,
        force=force,
        seconds=timeout,
        calibrations=tuple(map(load_calibration, calibration or ())),
    )
    if dry_run:
        _preview(plan, json=json)
    elif watch:
        _watch(plan, quiet=quiet)
    else:
        _grade(plan, quiet=quiet, json=json)


def _default_out(inputs: list[Path]) -> Path:
    if len(inputs) > 1:
        return Path("graded")
    given = inputs[0].absolute()
    return given.with_name(f"{given.stem if given.is_file() else given.name}-graded")


def _grade(plan: "Plan", *, quiet: bool, json: bool) -> None:
    from essaydrill.cli.grade_output import print_lines, print_summary, progress_bar
    from essaydrill.grading import grade

    try:
        with progress_bar(shown=not (quiet or json)) as tell:
            finished = grade(plan, tell)
    except KeyboardInterrupt:
        print("已停下，评过的都留着；再运行一次同样的命令就接着评。", file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None
    if json:
        print_lines(plan.out)
    elif not quiet:
        print_summary(finished, plan.out)
    if finished.failed:
        raise typer.Exit(1)


def _watch(plan: "Plan", *, quiet: bool) -> None:
    import time

    from essaydrill.cli.grade_output import print_round
    from essaydrill.grading import watch

    def wait() -> bool:
        time.sleep(_LOOK_EVERY)
        return True

    with suppress(KeyboardInterrupt):
        for finished in watch(plan, wait):
            if not quiet:
                print_round(finished, plan.out)


def _preview(plan: "Plan", *, json: bool) -> None:
    from essaydrill.cli.grade_output import print_preview
    from essaydrill.grading import preview

    print_preview(preview(plan), json=json)
