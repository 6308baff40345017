"""The report on a whole class: one file that a tutor can mail, print, and read on a phone.

Whoever makes the page has computed everything: a `share` is 0..1 and decides how much of a bar is drawn; the texts say
what it is, and are shown as text whatever they hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from essaydrill.reports.classroom_charts import Columns, histogram, stacked, strip
from essaydrill.reports.scatter import Scatter, scatter
from essaydrill.reports.style import STATUS_NAMES
from essaydrill.reports.web import line, page, prose
from essaydrill.scoring.result import Status

NOT_KNOWN = (
    "相似只说明两份作答有大段相同的话，看不出谁抄了谁，也可能都出自同一份讲义或范文。请不要只凭这里的结果处理学生。"
)


@dataclass(frozen=True)
class Tile:
    """One of the things that became of scripts, how many, and what it means."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True)
class Tally:
    """A remark, on how many scripts it stands, and on what share of them."""

    text: str
    count: str
    share: float


@dataclass(frozen=True)
class Quote:
    text: str
    status: Status


@dataclass(frozen=True)
class Point:
    """How a scoring point went: shares of hit, partial and missed, and what those wrote who lost marks."""

    heading: str
    rate: str
    shares: tuple[float, float, float]
    counts: str
    lacking: str
    quotes: Sequence[Quote]


@dataclass(frozen=True)
class Case:
    """A script in a list; `score` is empty where it has none."""

    who: str
    score: str
    reasons: Sequence[str]
    source: str


@dataclass(frozen=True)
class Cases:
    """Scripts that are listed for the same kind of reason; `more` says what is left out."""

    title: str
    note: str
    cases: Sequence[Case]
    more: str = ""


@dataclass(frozen=True)
class Side:
    """One of two scripts that are alike: its text in pieces, each with whether the other has it too."""

    who: str
    score: str
    pieces: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Pair:
    title: str
    sides: tuple[Side, Side]


@dataclass(frozen=True)
class Figure:
    """A measure by name, its value, and what it means."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class PromptReport:
    """All about one prompt; what there is nothing of is left empty. `points` come as they are to be shown."""

    title: str
    facts: str
    marks: Columns | None
    bands: Sequence[Tally]
    points: Sequence[Point]
    presentation: str
    findings: Sequence[Tally]
    length: str
    cells: Columns | None
    flags: Sequence[Tally]
    review: Cases | None
    pairs: Sequence[Pair]
    more_pairs: str
    agreement: Sequence[Figure]
    agreement_note: str
    scatter: Scatter | None
    unmarked: Sequence[Cases]


@dataclass(frozen=True)
class ClassroomReport:
    title: str
    notice: str
    tiles: Sequence[Tile]
    prompts: Sequence[PromptReport]
    footer: str


def classroom_html(report: ClassroomReport) -> str:
    """The whole file."""
    contents = [
        f'<li><a href="#prompt-{number}">{line(prompt.title)}</a> <small>{line(prompt.facts)}</small></li>'
        for number, prompt in enumerate(report.prompts, 1)
    ]
    parts = [
        f'<header><h1>{line(report.title)}</h1>\n<p class="faint">{line(report.notice)}</p></header>',
        f'<div class="tiles">{"".join(map(_tile, report.tiles))}</div>',
        f"<nav><ol>{''.join(contents)}</ol></nav>" if len(contents) > 1 else "",
        *(_prompt(number, prompt) for number, prompt in enumerate(report.prompts, 1)),
        f"<footer>{line(report.footer)}</footer>",
    ]
    return page(report.title, _joined(parts))


def _tile(tile: Tile) -> str:
    return f'<div class="tile">{line(tile.label)}<b>{line(tile.figure)}</b><small>{line(tile.note)}</small></div>'


def _prompt(number: int, prompt: PromptReport) -> str:
    parts = [
        f'<section class="prompt" id="prompt-{number}">\n<h2>{line(prompt.title)}</h2>',
        f'<p class="faint">{line(prompt.facts)}</p>',
        _section("分数分布", histogram(prompt.marks, "分数分布") if prompt.marks else "", _tallies(prompt.bands)),
        _section("采分点，得分率低的在前", *map(_point, prompt.points)),
        _section(
            "条理和字数",
            _sentence(prompt.presentation),
            _tallies(prompt.findings),
            _sentence(prompt.length),
            histogram(prompt.cells, "字数分布（格）") if prompt.cells else "",
        ),
        _section("整份作答的问题", _tallies(prompt.flags)),
        _cases(prompt.review) if prompt.review else "",
        _section("雷同", *_pairs(prompt)),
        _section("与人工分比较", _sentence(prompt.agreement_note), _scatter(prompt), _figures(prompt.agreement)),
        *map(_cases, prompt.unmarked),
        "</section>",
    ]
    return _joined(parts)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(filter(None, parts))


def _section(title: str, *parts: str) -> str:
    """Nothing where there is nothing in it."""
    return _joined([f"<h3>{line(title)}</h3>", *parts]) if any(parts) else ""


def _sentence(text: str) -> str:
    return f"<p>{line(text)}</p>" if text else ""


def _tallies(rows: Sequence[Tally]) -> str:
    body = "".join(
        f'<tr><td>{line(row.text)}</td><td>{strip(row.share)}</td><td class="figure">{line(row.count)}</td></tr>'
        for row in rows
    )
    return f'<table class="tally"><tbody>{body}</tbody></table>' if rows else ""


def _point(point: Point) -> str:
    quotes = "".join(map(_quote, point.quotes))
    lacking = f"<p><small>部分得分的常缺：{line(point.lacking)}</small></p>" if point.lacking else ""
    return (
        f'<div class="card"><h4>{line(point.heading)} <span>{line(point.rate)}</span></h4>{stacked(point.shares)}'
        f"<small>{line(point.counts)}</small>{lacking}{quotes}</div>"
    )


def _quote(quote: Quote) -> str:
    status = f'<span class="{quote.status}">{STATUS_NAMES[quote.status]}</span>'
    return f"<blockquote>{status} “{line(quote.text)}”</blockquote>"


def _cases(listed: Cases) -> str:
    with_score = any(case.score for case in listed.cases)
    score = '<th class="figure">得分</th>' if with_score else ""
    rows = "".join(_case(case, with_score=with_score) for case in listed.cases)
    return _section(
        listed.title,
        _sentence(listed.note),
        f'<table class="stack"><thead><tr><th>学生</th>{score}<th>原因</th><th>来源</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>",
        _sentence(listed.more),
    )


def _case(case: Case, *, with_score: bool) -> str:
    score = f'<td class="figure" data-name="得分">{line(case.score)}</td>' if with_score else ""
    source = f'<td class="faint" data-name="来源">{line(case.source)}</td>' if case.source else "<td></td>"
    reasons = "<br>".join(map(line, case.reasons))
    return f"<tr><td><b>{line(case.who)}</b></td>{score}<td>{reasons}</td>{source}</tr>"


def _pairs(prompt: PromptReport) -> list[str]:
    if not prompt.pairs:
        return []
    shown = [
        f'<h4>{line(pair.title)}</h4><div class="pair">{"".join(map(_side, pair.sides))}</div>' for pair in prompt.pairs
    ]
    return [f'<p class="notice">{NOT_KNOWN}</p>', *shown, _sentence(prompt.more_pairs)]


def _side(side: Side) -> str:
    text = "".join(f"<mark>{prose(piece)}</mark>" if shared else prose(piece) for piece, shared in side.pieces)
    return f'<div><b>{line(side.who)}</b> <small>{line(side.score)}</small><div class="text">{text}</div></div>'


def _scatter(prompt: PromptReport) -> str:
    if prompt.scatter is None:
        return ""
    caption = "每个点是一种分数搭配，越大份数越多；在虚线上的两边相同，在虚线上方的机器给得高。"
    return f"<figure>{scatter(prompt.scatter)}<figcaption>{caption}</figcaption></figure>"


def _figures(figures: Sequence[Figure]) -> str:
    rows = "".join(
        f'<tr><td>{line(figure.name)}</td><td class="figure">{line(figure.value)}</td>'
        f'<td class="faint">{line(figure.meaning)}</td></tr>'
        for figure in figures
    )
    return f'<table class="figures"><tbody>{rows}</tbody></table>' if figures else ""
