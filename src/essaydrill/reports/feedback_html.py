"""A student's scripts as one web page."""

from essaydrill.reports.classroom_charts import strip
from essaydrill.reports.feedback import (
    Feedback,
    MarkedScript,
    Script,
    UnmarkedScript,
    details,
    length_told,
    presentation_name,
)
from essaydrill.reports.marked_text import Piece, marks_of, pieces_of
from essaydrill.reports.points_table import counted, in_scheme_order
from essaydrill.reports.remarks import certainty, remarks
from essaydrill.reports.style import EARNING, STATUS_NAMES, STATUS_SIGNS, marks
from essaydrill.reports.web import line, page, prose
from essaydrill.scoring.advice import next_steps
from essaydrill.scoring.result import PointResult

_LEGEND = " ".join(f'<mark class="{status}">{STATUS_NAMES[status]}</mark>' for status in EARNING)


def feedback_html(feedback: Feedback) -> str:
    """The whole file."""
    header = f"<header><h1>{line(feedback.who)}</h1></header>"
    return page(feedback.who, "\n".join([header, *map(_script, feedback.scripts)]))


def _script(script: Script) -> str:
    if isinstance(script, UnmarkedScript):
        told = f"<b>{line(script.state)}</b> {line(script.meaning)}"
        parts = [f"<h2>{line(script.title)}</h2>", f'<p class="notice">{told}</p>']
    else:
        parts = [
            *(f"<h2>{line(script.title)}</h2>", f'<p class="faint">{line(script.facts)}</p>', _score(script)),
            *(f'<p class="notice"><b>{line(label)}</b> {line(told)}</p>' for label, told in remarks(script.result)),
            *(_answer(script), _points(script), _presentation_and_length(script), _next_steps(script)),
            f"<p><small>{line(script.result.signature)}</small></p>",
        ]
    return "\n".join(['<section class="prompt">', *filter(None, parts), "</section>"])


def _score(script: MarkedScript) -> str:
    result = script.result
    share = min(1.0, max(0.0, result.score / result.max_score)) if result.max_score else 0.0
    return (
        f'<p class="score">{marks(result.score)} <small>/ {marks(result.max_score)} 分　{line(result.band)}</small></p>'
        f'{strip(share)}<p class="faint">{line(certainty(result))}</p>'
    )


def _answer(script: MarkedScript) -> str:
    shown = script.shown
    text = "".join(map(_piece, pieces_of(shown.text, marks_of(script.result.points))))
    notes = "".join(f'<p class="faint">{line(note)}</p>' for note in shown.notes)
    body = f'<div class="text">{text}</div>' if text.strip() else '<p class="faint">（没有写）</p>'
    return f'<h3>我的作答 <small>{_LEGEND} [采分点 +得分]</small></h3><div class="answer">{body}{notes}</div>'


def _piece(piece: Piece) -> str:
    if piece.is_tag:
        return f'<b class="tag {piece.status}">{line(piece.text)}</b>'
    return f'<mark class="{piece.status}">{prose(piece.text)}</mark>' if piece.status else prose(piece.text)


def _points(script: MarkedScript) -> str:
    if not script.result.points:
        return ""
    rows = "".join(_point(point, script) for point in in_scheme_order(script.result, script.item))
    return f'<h3>采分点 <small>{counted(script.result)}</small></h3><table class="points"><tbody>{rows}</tbody></table>'


def _point(point: PointResult, script: MarkedScript) -> str:
    told = "".join(f'<br><span class="faint">{line(detail)}</span>' for detail in details(point, script))
    return (
        f'<tr><td><b class="{point.status}">{STATUS_SIGNS[point.status]} {STATUS_NAMES[point.status]}</b></td>'
        f"<td>{line(point.id)} {line(point.text)}{told}</td>"
        f'<td class="figure"><b class="{point.status}">{marks(point.awarded)}</b>/{marks(point.marks)}</td></tr>'
    )


def _presentation_and_length(script: MarkedScript) -> str:
    presentation, length = script.result.presentation, script.result.length
    rows = []
    if presentation.max > 0 or presentation.findings:
        score = f"{marks(presentation.score)}/{marks(presentation.max)}"
        rows.append((presentation_name(script), score, "；".join(presentation.findings)))
    rows.append(("字数", length_told(length), length.rule))
    body = "".join(
        f'<p><span class="label">{name}</span><b>{line(figure)}</b> <span class="faint">{line(told)}</span></p>'
        for name, figure, told in rows
    )
    return f"<h3>条理和字数</h3>{body}"


def _next_steps(script: MarkedScript) -> str:
    steps = next_steps(script.result, script.item)
    if not steps:
        return ""
    rows = "".join(f'<li>{line(step.advice)} <b class="hit">+{marks(step.gain)}</b></li>' for step in steps)
    return f"<h3>下一步 <small>做到后可得 {marks(steps[-1].reaches)} 分</small></h3><ol>{rows}</ol>"
