"""A student's scripts as Markdown, which reads well as plain text too.

Nothing that a student wrote acts as Markdown or as HTML: signs that could are escaped wherever they stand.
"""

import re
from collections.abc import Iterator

from essaydrill.reports.feedback import (
    Feedback,
    MarkedScript,
    Script,
    UnmarkedScript,
    details,
    length_told,
    presentation_name,
)
from essaydrill.reports.marked_text import marks_of, pieces_of
from essaydrill.reports.points_table import counted, in_scheme_order
from essaydrill.reports.remarks import certainty, remarks
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.style import STATUS_NAMES, STATUS_SIGNS, marks
from essaydrill.scoring.advice import next_steps
from essaydrill.scoring.result import PointResult

# Signs that mean something within a line; a colon or full stop that makes a link of an address; what begins a list,
# a heading or a rule at the start of a line.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>&|~#$@^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_BEGINNINGS = re.compile(r"^([+\-=]|\d{1,9}(?=[.)]))")


def feedback_markdown(feedback: Feedback) -> str:
    """The whole file."""
    blocks = [f"# {_text(feedback.who)}"]
    for script in feedback.scripts:
        blocks += _script(script)
    return "\n\n".join(blocks) + "\n"


def _text(text: str) -> str:
    """`text` on one line, showing as it is wherever it stands."""
    escaped = _SIGNS.sub(r"\\\g<0>", one_line(text))
    # The number of a list is not escaped itself but the sign behind it.
    return _BEGINNINGS.sub(lambda found: f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}", escaped)


def _script(script: Script) -> Iterator[str]:
    yield f"## {_text(script.title)}"
    if isinstance(script, UnmarkedScript):
        yield f"{_text(script.state)}：{_text(script.meaning)}"
        return
    result = script.result
    yield _text(script.facts)
    yield f"得分：{marks(result.score)} / {marks(result.max_score)}　{_text(result.band)}"
    yield from filter(None, [certainty(result)])
    for label, told in remarks(result):
        yield f"> {label}：{_text(told)}"
    yield from _answer(script)
    yield from _points(script)
    yield from _presentation_and_length(script)
    yield from _next_steps(script)
    yield _text(result.signature)


def _answer(script: MarkedScript) -> Iterator[str]:
    yield "### 我的作答"
    shown = script.shown
    pieces = pieces_of(shown.text, marks_of(script.result.points))
    written = "".join(f"【{piece.text[1:-1]}】" if piece.is_tag else piece.text for piece in pieces)
    yield from filter(None, map(_text, written.split("\n")))
    if not written.strip():
        yield "（没有写）"
    yield from shown.notes


def _points(script: MarkedScript) -> Iterator[str]:
    if script.result.points:
        yield f"### 采分点（{counted(script.result)}）"
        rows = [_point(point, script) for point in in_scheme_order(script.result, script.item)]
        yield "\n".join(["| | 采分点 | 得分 | 说明 |", "|---|---|---:|---|", *rows])


def _point(point: PointResult, script: MarkedScript) -> str:
    cells = [
        f"{STATUS_SIGNS[point.status]} {STATUS_NAMES[point.status]}",
        _text(f"{point.id} {point.text}"),
        f"{marks(point.awarded)}/{marks(point.marks)}",
        _text("　".join(details(point, script))),
    ]
    return f"| {' | '.join(cells)} |"


def _presentation_and_length(script: MarkedScript) -> Iterator[str]:
    yield "### 条理和字数"
    presentation, length = script.result.presentation, script.result.length
    if presentation.max > 0 or presentation.findings:
        findings = _text("；".join(presentation.findings))
        yield f"{presentation_name(script)}：{marks(presentation.score)}/{marks(presentation.max)}　{findings}"
    yield f"字数：{length_told(length)}　{_text(length.rule)}"


def _next_steps(script: MarkedScript) -> Iterator[str]:
    steps = next_steps(script.result, script.item)
    if steps:
        yield f"### 下一步（做到后可得 {marks(steps[-1].reaches)} 分）"
        yield "\n".join(f"{n}. {_text(step.advice)}（+{marks(step.gain)}）" for n, step in enumerate(steps, 1))
