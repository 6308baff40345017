"""The words around the figures of `report.html`, which `essaydrill grade` writes for the tutor."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from essaydrill.grading.gradebook import LENGTH_NAMES
from essaydrill.grading.model import STATUS_NAMES, STATUS_NOTES, Status
from essaydrill.grading.whole import whole
from essaydrill.reports.classroom import (
    Case,
    Cases,
    ClassroomReport,
    Figure,
    Pair,
    Point,
    PromptReport,
    Quote,
    Side,
    Tally,
    Tile,
)
from essaydrill.reports.classroom_charts import Columns
from essaydrill.reports.scatter import Dot, Scatter

if TYPE_CHECKING:
    from essaydrill.grading.distribution import Agreement, Distribution
    from essaydrill.grading.duplicates import Copy, DuplicatePair
    from essaydrill.grading.outputs import Publication
    from essaydrill.grading.point_summary import PointSummary
    from essaydrill.grading.summary import ClassSummary, PromptSummary, Remark
    from essaydrill.grading.tally import Case as ScriptCase

FILE = "report.html"

_MOST_CASES = 200  # listed of a kind; the gradebook has all
_MOST_PAIRS = 20
_MOST_REMARKS = 12
_LONGEST_SIDE = 1_500  # characters shown of a script that is like another
_LEAD = 80  # of them before the first that are alike
_TICKS = 4  # distances between the marks at an axis
_FEW = 30  # scripts with marks of both, below which agreement is little more than chance


def publish_report(publication: "Publication") -> str:
    from essaydrill.reports.classroom import classroom_html

    with whole(publication.out / FILE) as path:
        path.write_text(classroom_html(classroom_report(publication.summary)), "utf-8", newline="\n")
    return FILE


def classroom_report(summary: "ClassSummary") -> ClassroomReport:
    """The report's contents, prompt by prompt."""
    return ClassroomReport(
        title="阅卷报告",
        notice="这份报告里有全班的作答，只给老师看；发给学生的是 feedback 文件夹里的文件，每份只有一名学生的内容。",
        tiles=list(_tiles(summary)),
        prompts=list(map(_prompt, summary.prompts)),
        footer="；".join(each.signature for each in summary.prompts if each.signature),
    )


def _tiles(summary: "ClassSummary") -> Iterator[Tile]:
    for status, name in STATUS_NAMES.items():
        count = summary.counts.get(status, 0)
        note = STATUS_NOTES[status]
        if status == "marked":
            note = f"其中 0 分 {summary.zeros} 份；0 分也是评出来的分数"
        if count or status == "marked":
            yield Tile(name, str(count), note)


def _prompt(prompt: "PromptSummary") -> PromptReport:
    marked = prompt.counts.get("marked", 0)
    return PromptReport(
        title=prompt.title if prompt.prompt in (None, prompt.title) else f"{prompt.title}（{prompt.prompt}）",
        facts=_facts(prompt),
        marks=_columns(prompt.marks, "得分（分）"),
        bands=[Tally(band, f"{count} 份", count / marked) for band, count in sorted(prompt.bands.items(), key=_band)],
        points=list(map(_point, prompt.points)),
        presentation=_presentation(prompt),
        findings=_remarks(prompt.findings, marked),
        length=_length(prompt),
        cells=_columns(prompt.cells, "字数（格）"),
        flags=_remarks(prompt.flags, marked),
        review=_review(prompt),
        pairs=list(map(_pair, prompt.duplicates[:_MOST_PAIRS])),
        more_pairs=_left_out(len(prompt.duplicates), _MOST_PAIRS, "对相似程度较低的没有列出"),
        agreement=list(_agreement(prompt.agreement, prompt.max_score)) if prompt.agreement else [],
        agreement_note=_agreement_note(prompt.agreement, prompt.max_score) if prompt.agreement else "",
        scatter=_scatter(prompt.agreement, prompt.max_score) if prompt.agreement else None,
        unmarked=list(_unmarked(prompt)),
    )


def _band(row: tuple[str, int]) -> int:
    return "一二三四".index(row[0][0])


def _facts(prompt: "PromptSummary") -> str:
    told = [f"{STATUS_NAMES[status]} {prompt.counts[status]}" for status in STATUS_NAMES if prompt.counts.get(status)]
    if marks := prompt.marks:
        told.append(f"满分 {prompt.max_score:g}，平均 {marks.mean:.1f}，中位 {marks.median:g}")
    if prompt.to_review:
        told.append(f"建议复核 {prompt.to_review}")
    if prompt.duplicates:
        told.append(f"雷同 {len(prompt.duplicates)} 对")
    return " · ".join(told)


def _columns(spread: "Distribution | None", axis: str) -> Columns | None:
    if spread is None:
        return None
    highest = max(bar.count for bar in spread.bars)
    edges = [bar.low for bar in spread.bars] + [spread.bars[-1].high]
    long = edges[-1] >= 100  # figures of three digits stand too close on a phone
    return Columns(
        shares=[bar.count / highest for bar in spread.bars],
        counts=[str(bar.count) if bar.count else "" for bar in spread.bars],
        ticks=["" if long and n % 2 else f"{edge:.0f}" if long else f"{edge:g}" for n, edge in enumerate(edges)],
        caption=f"横轴是{axis}，柱上是份数。平均 {spread.mean:.1f}，中位 {spread.median:g}，标准差 {spread.sd:.1f}，"
        f"中间一半在 {spread.quartile:g}–{spread.upper_quartile:g}，最低 {spread.low:g}，最高 {spread.high:g}。",
    )


def _point(point: "PointSummary") -> Point:
    counts = (point.hits, point.partials, point.missed)
    n = sum(counts)
    return Point(
        heading=f"{point.id} {point.text}（{round(point.marks, 2):g} 分）",
        rate=f"得分率 {point.rate:.0%}",
        shares=(point.hits / n, point.partials / n, point.missed / n),
        counts=" · ".join(f"{name} {count}" for name, count in zip(("命中", "部分", "未得"), counts, strict=True)),
        lacking="、".join(f"{text}（{count} 份）" for text, count in point.lacking),
        quotes=[Quote(quote.text, quote.status) for quote in point.quotes],
    )


def _presentation(prompt: "PromptSummary") -> str:
    if not prompt.presentation_max:
        return ""
    return f"条理平均 {prompt.presentation_mean:.1f} 分，满分 {prompt.presentation_max:g} 分。"


def _length(prompt: "PromptSummary") -> str:
    told = [f"{LENGTH_NAMES[status]} {count} 份" for status, count in sorted(prompt.length.items())]
    if not told:
        return ""
    deducted = f"，其中因字数扣分 {prompt.deducted} 份" if prompt.deducted else ""
    return f"字数{'，'.join(told)}{deducted}。"


def _remarks(remarks: Sequence["Remark"], marked: int) -> list[Tally]:
    """A remark may stand more than once on a script, which is then counted as often."""
    return [Tally(each.text, f"{each.count} 份", min(1.0, each.count / marked)) for each in remarks[:_MOST_REMARKS]]


def _review(prompt: "PromptSummary") -> Cases | None:
    if not prompt.review:
        return None
    return Cases(
        f"建议复核（{prompt.to_review} 份）",
        "机器已经给了分，但下面这些最好由老师再看一遍。",
        list(map(_case, prompt.review[:_MOST_CASES])),
        _left_out(prompt.to_review, _MOST_CASES, "份见成绩册的“复核原因”一列"),
    )


def _unmarked(prompt: "PromptSummary") -> Iterator[Cases]:
    """A list for each of the five things that are not a mark."""
    listed: Mapping[Status, list[ScriptCase]] = {status: [] for status in STATUS_NAMES}
    for case in prompt.unmarked:
        listed[case.status].append(case)
    for status, cases in listed.items():
        if cases:
            count = prompt.counts[status]
            shown = cases[:_MOST_CASES]
            more = _left_out(count, len(shown), "份见 errors.csv")
            title = f"{STATUS_NAMES[status]}（{count} {'人' if status == 'missing' else '份'}）"
            yield Cases(title, STATUS_NOTES[status], list(map(_case, shown)), more)


def _case(case: "ScriptCase") -> Case:
    score = "" if case.score is None else f"{case.score:g}"
    source = case.source if case.status != "missing" else ""
    return Case(case.student.shown, score, list(filter(None, case.reasons)), source)


def _left_out(count: int, shown: int, where: str) -> str:
    return f"还有 {count - shown} {where}。" if count > shown else ""


def _pair(pair: "DuplicatePair") -> Pair:
    title = f"{pair.first.student.shown} 与 {pair.second.student.shown}：短的一份有 {pair.similarity:.0%} 和另一份相同"
    return Pair(title, (_side(pair.first), _side(pair.second)))


def _side(copy: "Copy") -> Side:
    return Side(copy.student.shown, f"{copy.score:g} 分 · {copy.source}", list(_pieces(copy)))


def _pieces(copy: "Copy") -> Iterator[tuple[str, bool]]:
    """The script in pieces, from shortly before the first that are alike, as far as it is shown."""
    start = max(0, copy.shared[0][0] - _LEAD) if len(copy.answer) > _LONGEST_SIDE else 0
    end = min(len(copy.answer), start + _LONGEST_SIDE)
    if start:
        yield "……", False
    for first, last, shared in _in_turn(copy.shared, len(copy.answer)):
        if text := copy.answer[max(first, start) : max(start, min(last, end))]:
            yield text, shared
    if end < len(copy.answer):
        yield "……", False


def _in_turn(shared: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int, bool]]:
    behind = 0
    for start, end in shared:
        yield behind, start, False
        yield start, end, True
        behind = end
    yield behind, length, False


def _agreement_note(found: "Agreement", full: float) -> str:
    few = f"少于 {_FEW} 份，下面的数字只能作参考。" if found.n < _FEW else ""
    beyond = sum(count for _, human, count in found.pairs if human > full)
    edge = f"其中 {beyond} 份的人工分高于满分 {full:g}，请核对，图上画在右边缘。" if beyond else ""
    return f"{found.n} 份作答带有人工分，与机器分逐份比较。{few}{edge}"


def _scatter(found: "Agreement", full: float) -> Scatter:
    """A person's mark beyond the full mark stands at the edge."""
    dots = [
        Dot(min(1.0, human / full), machine / full, f"人工 {human:g}，机器 {machine:g}：{count} 份", count)
        for machine, human, count in found.pairs
    ]
    return Scatter(dots, [f"{full * n / _TICKS:g}" for n in range(_TICKS + 1)], "分")


def _agreement(found: "Agreement", full: float) -> Iterator[Figure]:
    difference = found.mean_machine - found.mean_human
    side = "机器偏高" if difference > 0 else "机器偏低" if difference < 0 else "两边相同"
    yield Figure("机器平均", f"{found.mean_machine:.2f}", f"满分 {full:g}")
    yield Figure("人工平均", f"{found.mean_human:.2f}", f"相差 {difference:+.2f} 分，{side}")
    yield Figure("平均相差", f"{found.mae:.2f}", "每份作答两个分数相差的绝对值，平均起来（MAE），越小越好")
    yield Figure("相近的", f"{found.adjacent:.0%}", "相差不超过全部分数跨度十分之一的作答所占比例")
    if found.n > 1:
        yield Figure("QWK", f"{found.qwk:.2f}", "二次加权 kappa：1 为完全一致，0 和乱猜一样")
        yield Figure("相关", f"{found.pearson:.2f}", "皮尔逊相关系数：名次排得像不像，1 为最像")
