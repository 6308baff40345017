"""The checks of one prompt with its reference."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Literal, Protocol

from essaydrill.bank.item import Item
from essaydrill.bank.layer import PROMPTS
from essaydrill.bank.load import Loaded, field_name
from essaydrill.bank.models import Length, Prompt, Reference, Specimen
from essaydrill.bank.overlap import folded, shared_run, similarity

OVERLAP = 0.75  # Dice of bigrams; different ideas on one subject stay below a half
COPIED_RUN = 30  # characters: longer than any set phrase, and than two people hit upon by chance
OWN_POINTS = 0.9  # the share of the points' marks that a reference must earn
TOTAL_TOLERANCE = 0.5  # marks: markers round totals to a half
LENGTH_TOLERANCE = 1.0  # marks: a marker's own judgement of what too much or too little text costs
LENGTH_COST = 0.1  # share of the full mark that length can cost at most
FREE_EXCESS = 1.05  # as much over the limit costs nothing
ABOUT = 0.1  # 左右 allows this share more or less

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """Something wrong or doubtful: `line` counts from 1, `field` is like `points[p1].keywords`."""

    severity: Severity
    id: str
    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行 " if self.line else ""
        return f"{place}{self.field}：{self.message}" if self.field else f"{place}{self.message}"


class Marked(Protocol):
    """The part of a result that is looked at."""

    @property
    def score(self) -> float: ...
    @property
    def max_score(self) -> float: ...
    @property
    def points(self) -> Any: ...


ScoreFunction = Callable[[Item, str], Marked]


@dataclass(frozen=True)
class Pair:
    """A prompt and its reference as they were loaded."""

    prompt: Loaded[Prompt]
    reference: Loaded[Reference]

    @cached_property
    def item(self) -> Item:
        return Item(self.prompt.model, self.reference.model)

    def on_prompt(self, severity: Severity, message: str, *path: str | int) -> Finding:
        return self._finding(self.prompt, severity, message, path)

    def on_reference(self, severity: Severity, message: str, *path: str | int) -> Finding:
        return self._finding(self.reference, severity, message, path)

    def _finding(self, loaded: Loaded[Any], severity: Severity, message: str, path: tuple[str | int, ...]) -> Finding:
        field = field_name(path, loaded.tree)
        return Finding(severity, self.prompt.model.id, loaded.file, loaded.line(*path), field, message)


def item_findings(pair: Pair, topics: frozenset[str], score: ScoreFunction | None = None) -> Iterator[Finding]:
    """All findings on one pair; `topics` are the listed slugs, `score` marks a text, where given."""
    yield from _prompt(pair, topics)
    yield from _marks(pair)
    yield from _points(pair)
    yield from _keywords(pair)
    yield from _references(pair)
    for number, specimen in enumerate(pair.reference.model.specimens):
        yield from _specimen(pair, number, specimen)
    if score is not None:
        yield from _own_points(pair, score)


def _prompt(pair: Pair, topics: frozenset[str]) -> Iterator[Finding]:
    prompt = pair.prompt.model
    if prompt.topic not in topics:
        yield pair.on_prompt("warning", f"专题 {prompt.topic} 不在 topics.yaml 里，将单独成为一个专题", "topic")
    folder = pair.prompt.path.parent.name
    if folder not in (prompt.topic, PROMPTS):
        told = f"专题是 {prompt.topic}，文件却放在 {folder}/ 里，请移动文件或改 topic"
        yield pair.on_prompt("warning", told, "topic")
    if prompt.genre and prompt.kind != "document":
        yield pair.on_prompt("error", f"只有 document（贯彻执行）题写文种，这道题是 {prompt.kind}", "genre")
    if prompt.kind == "document" and not prompt.genre:
        yield pair.on_prompt("warning", "公文题没有写文种（genre），格式无从检查", "kind")
    if prompt.limit is None:
        told = "读不出字数要求，请在 requirements 写明，如“不超过200字”，或写 length"
        yield pair.on_prompt("warning", told, "requirements")
    for number, label in _repeated(material.label for material in prompt.materials):
        yield pair.on_prompt("error", f"材料名“{label}”重复", "materials", number, "label")


def _marks(pair: Pair) -> Iterator[Finding]:
    prompt, reference = pair.prompt.model, pair.reference.model
    total = sum(point.marks for point in reference.points) + reference.presentation
    if reference.points and abs(total - prompt.max_score) > 1e-6:
        parts = f"采分点共 {total - reference.presentation:g} 分，加条理 {reference.presentation:g} 分是 {total:g} 分"
        yield pair.on_reference("error", f"{parts}，与满分 {prompt.max_score:g} 分不符", "points")
    elif reference.presentation > prompt.max_score:
        yield pair.on_reference("error", f"条理分超过满分 {prompt.max_score:g} 分", "presentation")


def _points(pair: Pair) -> Iterator[Finding]:
    points = pair.reference.model.points
    labels = {material.label for material in pair.prompt.model.materials}
    for number, point in enumerate(points):
        for place, label in enumerate(point.found_in):
            if label not in labels:
                told = f"没有名为“{label}”的材料"
                yield pair.on_reference("error", told, "points", number, "found_in", place)
    for (_, first), (number, second) in combinations(enumerate(points), 2):
        if similarity(first.text, second.text) >= OVERLAP:
            told = f"与采分点 {first.id} 的内容几乎一样，同一句话会得两次分"
            yield pair.on_reference("error", told, "points", number, "text")
        elif first.keywords and _groups(first.keywords) == _groups(second.keywords):
            told = f"关键词与采分点 {first.id} 完全相同，两点分不开"
            yield pair.on_reference("error", told, "points", number, "keywords")


def _groups(keywords: tuple[tuple[str, ...], ...]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(map(folded, group)) for group in keywords)


def _keywords(pair: Pair) -> Iterator[Finding]:
    texts = [folded(reference.text) for reference in pair.reference.model.references]
    for number, point in enumerate(pair.reference.model.points):
        seen: set[frozenset[str]] = set()
        for place, group in enumerate(point.keywords):
            path = ("points", number, "keywords", place)
            words = frozenset(map(folded, group))
            if words in seen:
                yield pair.on_reference("error", f"关键词组“{'、'.join(group)}”写了两遍", *path)
            seen.add(words)
            if not group:
                yield pair.on_reference("error", "关键词组是空的", *path)
            elif not any(word in text for word in words for text in texts):
                told = f"哪一份参考答案都没有用到“{'、'.join(group)}”，请核对关键词或参考答案"
                yield pair.on_reference("error", told, *path)


def _references(pair: Pair) -> Iterator[Finding]:
    limit, references = pair.prompt.model.limit, pair.reference.model.references
    low, high = _bounds(limit)
    for number, label in _repeated(reference.label for reference in references):
        yield pair.on_reference("error", f"参考答案名“{label}”重复", "references", number, "label")
    for number, reference in enumerate(references):
        path = ("references", number)
        cells = _cells(reference.text)
        if cells > high:
            yield pair.on_reference("error", f"{cells} 字，超过了题目要求的 {high:g} 字", *path, "text")
        elif cells < low:
            yield pair.on_reference("warning", f"{cells} 字，不到题目要求的 {low:g} 字", *path, "text")
    for (_, first), (number, second) in combinations(enumerate(references), 2):
        if similarity(first.text, second.text) >= OVERLAP:
            told = f"与参考答案 {first.label} 几乎一样，另一份要换说法、换顺序"
            yield pair.on_reference("warning", told, "references", number, "text")


def _repeated(labels: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Number and text of each label that stood before."""
    seen: set[str] = set()
    for number, label in enumerate(labels):
        if label in seen:
            yield number, label
        seen.add(label)


def _bounds(limit: Length | None) -> tuple[float, float]:
    """The fewest and the most cells that meet the requirement."""
    if limit is None:
        return 0, float("inf")
    if limit.about:
        return round(limit.about * (1 - ABOUT)), round(limit.about * (1 + ABOUT))
    return limit.min or 0, limit.max or float("inf")


def _specimen(pair: Pair, number: int, specimen: Specimen) -> Iterator[Finding]:
    reference = pair.reference.model
    path = ("specimens", number)
    missing = [point.id for point in reference.points if point.id not in specimen.credits]
    if missing:
        yield pair.on_reference("error", f"没有给采分点 {'、'.join(missing)} 评分", *path, "credits")
    if specimen.presentation > reference.presentation:
        told = f"条理分 {specimen.presentation:g} 超过上限 {reference.presentation:g}"
        yield pair.on_reference("error", told, *path, "presentation")
    if reference.points and not missing:
        yield from _total(pair, number, specimen)
    sources = [pair.prompt.model.task, *(material.text for material in pair.prompt.model.materials)]
    for source in reference.references:
        run = shared_run(specimen.answer, source.text, sources, COPIED_RUN)
        if run:
            told = f"照抄了参考答案 {source.label}：“{run[:20]}……”（连续 {len(run)} 字）"
            yield pair.on_reference("warning", told, *path, "answer")


def _total(pair: Pair, number: int, specimen: Specimen) -> Iterator[Finding]:
    full = pair.prompt.model.max_score
    earned = sum(specimen.credits[point.id] * point.marks for point in pair.reference.model.points)
    expected = earned + specimen.presentation
    limit = pair.prompt.model.limit
    cells, (low, high) = _cells(specimen.answer), _bounds(limit)
    # Too much text costs, too little only where the requirement states a minimum.
    if cells <= high * FREE_EXCESS and not (limit and limit.min and cells < low):
        severity: Severity = "error"
        wrong = abs(specimen.total - expected) > TOTAL_TOLERANCE
    else:
        severity = "warning"
        least = expected - LENGTH_COST * full - LENGTH_TOLERANCE
        wrong = not least <= specimen.total <= expected + TOTAL_TOLERANCE
    if wrong:
        told = f"总分 {specimen.total:g} 与各点得分加条理分之和 {expected:g} 不符"
        yield pair.on_reference(severity, told, "specimens", number, "total")


def _own_points(pair: Pair, score: ScoreFunction) -> Iterator[Finding]:
    for number, reference in enumerate(pair.reference.model.references):
        result = score(pair.item, reference.text)
        marks = sum(point.marks for point in result.points)
        earned = sum(point.awarded for point in result.points)
        share = earned / marks if marks else result.score / result.max_score
        if share < OWN_POINTS:
            lost = "、".join(point.id for point in result.points if point.awarded < point.marks)
            told = f"只得到采分点分值的 {share:.0%}，应在 {OWN_POINTS:.0%} 以上"
            told += f"，没有得满分的是 {lost}" if lost else ""
            yield pair.on_reference("error", told, "references", number, "text")


def _cells(text: str) -> int:
    from essaydrill.text import count_cells

    return count_cells(text)


__all__ = ["Finding", "Marked", "Pair", "ScoreFunction", "item_findings"]
