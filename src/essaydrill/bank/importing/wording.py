"""What a question says in its own words: task, requirements, full mark, minutes, a title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from essaydrill.bank.importing.numbering import numbered
from essaydrill.bank.limits import read_limit

_MARKS = re.compile(
    r"[（(]\s*(?P<total>本题|本大题|共计?|满分|总计|合计)?\s*(?:为|[:：])?\s*(?P<marks>\d{1,3}(?:\.5)?)\s*分\s*[）)]"
)
_STATED_MARKS = re.compile(r"(?:本题|满分|分值)\s*(?:为|共|[:：])?\s*(\d{1,3}(?:\.5)?)\s*分")
_MINUTES = re.compile(r"(?:建议)?(?:用时|时限|限时|时间)\s*(?:为|约|[:：])?\s*(\d{1,3})\s*分钟")
_REQUIREMENTS = re.compile(
    r"(?:^|(?<=[\s\0。；;，,）)？?！!”]))[【\[（(]?\s*(?:作答|答题|写作|具体)?要求\s*(?:[】\]）)]\s*[:：]?|[:：]|(?=\n))\s*"
)
_SENTENCE_END = re.compile(r"(?<=[。；;！？!?])")
_CLOSED = tuple("。；;，,、：:！？!?")

_VERB = re.compile(
    r"(?:概括|概述|归纳|梳理|总结|提炼|简述|阐述|分析|说明|列举|谈谈|评析|评价)(?:一下|出(?!现|台)|概括|归纳|提炼)?(?:你)?(?:对)?(?:当前|目前)?"
)
_QUOTED = re.compile(r"“(?P<quoted>[^“”]{4,22})”|《(?P<work>[^《》]{4,22})》")
_SOURCE = re.compile(r"资料|材料|日报|晚报")
_NAMED = re.compile(r"以[“《](?P<name>[^”》]{4,24})[”》]为(?:题|标题|主题|话题)")
_TITLE_STOP = re.compile(r"[。；;？?！!（(：:]|[，,]?(?:并|据此|供)|[，,](?:提出|谈谈|说明|分析)")
_NO_TITLE = re.compile(r"[，,]|^(?:你|我|这|该|其|它|上述|理解|看法|认识|对)")
_MOST_MARKS = 300  # of one question
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 22


@dataclass(frozen=True)
class Wording:
    """`max_score` and `minutes` are None where the document does not state them; `title` may be empty."""

    task: str
    requirements: str
    max_score: float | None
    minutes: int | None
    title: str


def read_wording(lines: Sequence[str]) -> Wording:
    """Take the lines of one question apart."""
    text = "\n".join(lines)
    minutes = _MINUTES.search(text)
    max_score = _full_mark(text)
    if len(_MARKS.findall(text)) == 1:  # those of the parts of a question stay where they are
        text = _MARKS.sub(lambda found: "\0" if found["marks"] else "", text)
    task, requirements = map(_plain, _parted(text))
    if not task:
        task, requirements = _plain(text), ""
    return Wording(
        task=task,
        requirements=_one_line(requirements),
        max_score=max_score,
        minutes=int(minutes[1]) if minutes and int(minutes[1]) else None,
        title=_title(task),
    )


def _full_mark(text: str) -> float | None:
    """The mark stated for all, or the first where it is the sum of the others, or the sum."""
    found = list(_MARKS.finditer(text))
    marks = [float(match["marks"]) for match in found]
    total = next((mark for mark, match in zip(marks, found, strict=True) if match["total"]), None)
    if total is None and marks:
        total = marks[0] if len(marks) > 1 and marks[0] == sum(marks[1:]) else sum(marks)
    if total is None and (stated := _STATED_MARKS.search(text)):
        total = float(stated[1])
    return total if total and total <= _MOST_MARKS else None


def _parted(text: str) -> tuple[str, str]:
    """Task and requirements: parted at 要求, behind the marks (here \\0), or before the sentence with the limit."""
    if found := _REQUIREMENTS.search(text, 1):
        return text[: found.start()], text[found.end() :]
    head, mark, tail = text.partition("\0")
    if mark and head.strip() and tail.strip():
        return head, tail
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence]
    at = next((n for n, sentence in enumerate(sentences) if n and read_limit(sentence)), None)
    return (text, "") if at is None else ("".join(sentences[:at]), "".join(sentences[at:]))


def _plain(text: str) -> str:
    """Without blank lines, the places of the marks, and what parted the text from the mark before it."""
    lines = (line.strip() for line in text.replace("\0", "").split("\n"))
    return "\n".join(line for line in lines if line).lstrip("：:、，,.．。 ")


def _one_line(text: str) -> str:
    """Requirements in a list become one line, as papers print them."""
    joined = ""
    for line in text.split("\n"):
        joined += ("；" if joined and not joined.endswith(_CLOSED) else "") + line
    return joined


def _title(task: str) -> str:
    """What the task asks about, in its own words; empty where that cannot be told."""
    if named := _NAMED.search(task):
        return named["name"]
    for verb in reversed(list(_VERB.finditer(task))):
        said = _TITLE_STOP.split(task[verb.end() :].replace("\n", ""))[0].strip("的 ")
        if _SHORTEST_TITLE <= len(said) <= _LONGEST_TITLE and not _NO_TITLE.search(said):
            return said
    for found in _QUOTED.finditer(task):
        said = found["quoted"] or found["work"]
        if not _SOURCE.search(said):
            marker = numbered(said)
            return said[marker.end :] if marker else said
    return ""
