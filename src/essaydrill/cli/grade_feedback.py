"""What `essaydrill grade` writes for handing back: a web page and a Markdown file for each student."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from essaydrill.grading.whole import whole_folder

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.grading.model import Record, Status
    from essaydrill.grading.outputs import Publication
    from essaydrill.reports.feedback import Script

FOLDER = "feedback"

_MEANINGS: dict["Status", str] = {
    "empty": "交上来的作答里没有写字，所以没有分数。",
    "unreadable": "交上来的文件读不出，所以没有分数，请重新交一份。",
    "wrong_prompt": "看不出答的是哪道题，所以没有分数，请问老师该写哪个题目编号。",
    "failed": "评分没有完成，所以没有分数，请等老师处理。",
}


def publish_feedback(publication: "Publication") -> str:
    """Write the folder anew, student by student; one student's scripts are in memory at once."""
    from essaydrill.grading import students
    from essaydrill.reports.feedback import Feedback
    from essaydrill.reports.feedback_html import feedback_html
    from essaydrill.reports.feedback_markdown import feedback_markdown

    item = cache(publication.item)
    titles = {each.prompt: each.title for each in publication.summary.prompts}
    with whole_folder(publication.out / FOLDER) as folder:
        for student in students(publication.results):
            named = student.student.id or student.student.name
            who = student.student.shown if named else student.file_name
            feedback = Feedback(who, [_script(record, item, titles) for record in student.records])
            for suffix, render in (("html", feedback_html), ("md", feedback_markdown)):
                (folder / f"{student.file_name}.{suffix}").write_text(render(feedback), "utf-8", newline="\n")
    return f"{FOLDER}/"


def _script(record: "Record", item: Callable[[str], "Item"], titles: Mapping[str | None, str]) -> "Script":
    from essaydrill.grading.model import STATUS_NAMES
    from essaydrill.reports.feedback import MarkedScript, UnmarkedScript

    if record.result is not None and record.prompt is not None:
        return MarkedScript(item(record.prompt), record.result, record.answer or "")
    reason = f"（{record.reason}）" if record.reason else ""
    return UnmarkedScript(titles[record.prompt], STATUS_NAMES[record.status], f"{_MEANINGS[record.status]}{reason}")
