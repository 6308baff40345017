"""The words around the figures of `essaydrill evaluate`, the same for the terminal and for the web page."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from essaydrill.bank.kinds import KIND_NAMES
from essaydrill.reports.agreement import AgreementPage, Quote, Table
from essaydrill.reports.scatter import Dot

if TYPE_CHECKING:
    from essaydrill.agreement.evaluate import Evaluation, Group, Marked, Measures

_STRATA = {"ordinary": "一般作答", "paraphrase": "换说法", "adversarial": "有毛病的"}
_HEADINGS = (
    "", "份数", "人工", "机器", "人工 SD", "机器 SD", "SMD", "相同", "相邻", "kappa", "QWK", "QWK 95%", "r",
    "MAE", "MAE 95%", "区间命中",
)  # fmt: skip
_NARROW = (0, 1, 2, 3, 7, 8, 10, 11, 12, 13)
_MARKERS_HEADINGS = ("", "份数", "SMD", "相同", "相邻", "kappa", "QWK", "r", "MAE")
_QUOTED = 160
_TITLES = {"all": "全部", "stratum": "按层次", "kind": "按题型", "prompt": "按题目"}


def agreement_page(found: "Evaluation", source: str) -> AgreementPage:
    """The page of an evaluation; `source` says where the answers are from."""
    return AgreementPage(
        title=f"机器评分与人工评分的一致性：{source}",
        warnings=list(_warnings(found)),
        notes=[_explained(found)],
        tables=list(_tables(found)),
        dots=[_dot(each) for each in found.marked],
        quotes=[_quote(each) for each in found.worst],
        footer="；".join(found.signatures),
    )


def _warnings(found: "Evaluation") -> Iterator[str]:
    if found.seen:
        yield (
            f"注意：其中 {len(found.seen)} 道题的标杆卷或评过分的作答，随附的评分模型拟合时已经用过，"
            "这些题上的数字会偏高，不能当作新题上的表现。"
        )
    if found.left_out:
        reasons = Counter(row.reason for row in found.left_out)
        listed = "；".join(f"{reason} {count} 行" for reason, count in reasons.most_common(4))
        yield f"没有用上的有 {len(found.left_out)} 行：{listed}。"


def _explained(found: "Evaluation") -> str:
    shown = "、".join(f"{step:g}" for step in sorted(set(found.steps.values())))
    return (
        "“人工”“机器”是两边的均分，均分、SD、MAE 都是占满分的比例。"
        f"相同、相邻和 kappa 先把分数归到人工评分所用的档（{shown} 分一档）再算。"
        "95% 是自助法的区间。“区间命中”是人工分落在机器给出的区间里的比例。"
    )


def _tables(found: "Evaluation") -> Iterator[Table]:
    for by, title in _TITLES.items():
        groups = [group for group in found.groups if group.by == by]
        if groups and (by != "prompt" or len(groups) > 1):
            yield Table(title, _HEADINGS, [_row(group) for group in groups], _NARROW)
    if found.markers:
        rows = [
            ("两名阅卷人之间", *_markers_row(found.markers.people)),
            ("机器与第一名阅卷人", *_markers_row(found.markers.machine)),
            ("相差（机器 − 人）", "", "", *(_signed(found.markers.degradation.get(name)) for name in _DEGRADING), ""),
        ]
        yield Table("与人和人之间的一致性相比", _MARKERS_HEADINGS, rows, range(len(_MARKERS_HEADINGS)))


_DEGRADING = ("exact", "adjacent", "kappa", "qwk", "pearson")


def _row(group: "Group") -> tuple[str, ...]:
    m = group.measures
    return (
        _name(group),
        str(m.n),
        f"{m.mean_human:.2f}",
        f"{m.mean_machine:.2f}",
        f"{m.sd_human:.2f}",
        f"{m.sd_machine:.2f}",
        _figure(m.smd),
        f"{m.exact:.0%}",
        f"{m.adjacent:.0%}",
        _figure(m.kappa),
        _figure(m.qwk),
        _interval(m, "qwk"),
        _figure(m.pearson),
        f"{m.mae:.2f}",
        _interval(m, "mae"),
        f"{group.covered:.0%}",
    )


def _markers_row(m: "Measures") -> tuple[str, ...]:
    shares = (f"{m.exact:.0%}", f"{m.adjacent:.0%}")
    return (str(m.n), _figure(m.smd), *shares, _figure(m.kappa), _figure(m.qwk), _figure(m.pearson), f"{m.mae:.2f}")


def _name(group: "Group") -> str:
    if group.by == "all":
        return f"{group.questions} 题"
    names: dict[str, Any] = {"kind": KIND_NAMES, "stratum": _STRATA}
    return str(names.get(group.by, {}).get(group.name, group.name))


def _interval(m: "Measures", name: str) -> str:
    interval = m.intervals.get(name)
    return f"{interval[0]:.2f}–{interval[1]:.2f}" if interval else "—"


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.2f}"


def _dot(each: "Marked") -> Dot:
    full = each.result.max_score
    title = f"{each.script.question} 第 {each.script.number} 行：人工 {each.script.mark:g}，机器 {each.result.score:g}"
    return Dot(each.script.mark / full, each.result.score / full, title)


def _quote(each: "Marked") -> Quote:
    script, result = each.script, each.result
    marks = f"人工 {script.mark:g}，机器 {result.score:g}（满分 {result.max_score:g}）"
    heading = f"{script.question}，第 {script.number} 行：{marks}"
    hits = [f"{point.id} {point.awarded:g}/{point.marks:.3g}" for point in result.points]
    remark = "；".join([f"采分点 {'，'.join(hits)}", *(flag.message for flag in result.flags)])
    text = script.answer if len(script.answer) <= _QUOTED else f"{script.answer[:_QUOTED]}……"
    return Quote(heading, remark, text)
