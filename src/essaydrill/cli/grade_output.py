"""What `essaydrill grade` shows: progress while it marks, a summary in the end, a preview of what would be read."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from essaydrill.cli.common import err_console, printable

if TYPE_CHECKING:
    from essaydrill.grading.intake import Script
    from essaydrill.grading.run import Finished, Progress
    from essaydrill.grading.summary import ClassSummary, PromptSummary
    from essaydrill.grading.tally import Case

_MOST_FAILURES = 20  # listed at the end; errors.csv has all


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Callable[["Progress"], None]]:
    """A bar on stderr with the rate and the time left; nothing where it is not a terminal."""
    console = err_console()
    if not (shown and console.is_terminal):
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("还要"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    ]
    bar = Bar(*columns, console=console, transient=True)
    number = bar.add_task("评分", total=None, rate="", failed="")

    def tell(progress: "Progress") -> None:
        bar.start()  # with a thread of its own, so only when the workers have been forked
        speed = bar.tasks[0].speed
        bar.update(
            number,
            description="评分" if progress.done < progress.total else "写结果",
            completed=progress.done,
            total=progress.total,
            rate=f"每秒 {speed:.0f} 份" if speed else "",
            failed=f"没评成 {progress.failed}" if progress.failed else "",
        )

    try:
        yield tell
    finally:
        bar.stop()


def print_summary(finished: "Finished", out: Path) -> None:
    """What came out, prompt by prompt, the scripts that could not be marked, and where everything is."""
    print(_counts(finished.summary) + (f"（其中 {finished.reused} 份以前评过）" if finished.reused else ""))
    for prompt in finished.summary.prompts:
        if prompt.prompt is not None:
            print(_prompt(prompt))
    failures = [case for prompt in finished.summary.prompts for case in prompt.unmarked if _is_failure(case)]
    if failures:
        print("\n没能评分的：")
        for case in failures[:_MOST_FAILURES]:
            print(f"  {printable(case.source)}：{printable('；'.join(case.reasons))}")
        if finished.failed > _MOST_FAILURES:
            print(f"  ……共 {finished.failed} 份，全部列在 errors.csv")
    print(f"\n结果在 {printable(str(out))}/：{'、'.join([*finished.files, 'run.json'])}")


def print_round(finished: "Finished", out: Path) -> None:
    """One line for each round of watching."""
    from datetime import datetime

    new = finished.summary.counts.get("marked", 0) - finished.reused
    now = datetime.now().astimezone()
    print(f"{now:%H:%M:%S}  新评 {new} 份；{_counts(finished.summary)}；结果在 {printable(str(out))}/", flush=True)


def print_lines(out: Path) -> None:
    """`results.jsonl` as it is."""
    import shutil

    from essaydrill.grading.shelf import RESULTS

    sys.stdout.flush()
    with (out / RESULTS).open("r", encoding="utf-8") as file:
        shutil.copyfileobj(file, sys.stdout)


def print_preview(scripts: Iterable["Script"], *, json: bool) -> None:
    """One line for each script: what it is taken for, and how that is known; then how many of which kind."""
    from collections import Counter

    from essaydrill.grading.model import KNOWN_BY_NAMES, STATUS_NAMES, Status

    counts: Counter[Status] = Counter()
    for script in scripts:
        counts[script.status] += 1
        if json:
            print(_preview_json(script))
            continue
        name = "可评分" if script.status == "marked" else STATUS_NAMES[script.status]
        prompt = f"{script.prompt}（{KNOWN_BY_NAMES[script.known_by]}）" if script.prompt and script.known_by else "-"
        length = f"{len(script.answer)} 字符" if script.answer else ""
        cells = [script.submission.source.shown, script.student.shown, prompt, name, script.reason or length]
        print("  ".join(map(printable, cells)))
    if not json:
        told = [f"{'可评分' if status == 'marked' else STATUS_NAMES[status]} {n}" for status, n in counts.items()]
        print(f"\n共 {counts.total()} 份：{'，'.join(told)}。这是预览，没有评分，也没有写文件。")


def _preview_json(script: "Script") -> str:
    import json

    told = {
        "source": script.submission.source.model_dump(),
        "student": script.student.model_dump(),
        "prompt": script.prompt,
        "known_by": script.known_by,
        "status": "ready" if script.status == "marked" else script.status,
        "reason": script.reason,
        "characters": len(script.answer or ""),
    }
    return json.dumps(told, ensure_ascii=False)


def _counts(summary: "ClassSummary") -> str:
    from essaydrill.grading.model import STATUS_NAMES

    zeros = f"（0 分 {summary.zeros}）" if summary.zeros else ""
    handed_in = sum(count for status, count in summary.counts.items() if status != "missing")
    parts = []
    for status, name in STATUS_NAMES.items():
        count = summary.counts.get(status, 0)
        if count or status == "marked":
            parts.append(f"{name} {count}{zeros if status == 'marked' else ''}")
    return f"共 {handed_in} 份：{'，'.join(parts)}"


def _prompt(prompt: "PromptSummary") -> str:
    told = [f"{prompt.prompt} {printable(prompt.title)}"]
    if marks := prompt.marks:
        told.append(f"{marks.n} 份，平均 {marks.mean:.1f}/{prompt.max_score:g}，中位 {marks.median:g}")
        told.append(f"最低 {marks.low:g}，最高 {marks.high:g}")
    if prompt.to_review:
        told.append(f"建议复核 {prompt.to_review} 份")
    return "  ".join(told)


def _is_failure(case: "Case") -> bool:
    from essaydrill.grading.model import FAILURES

    return case.status in FAILURES
