"""Prompts that share text, found in time that grows with the size of the bank and not with its square."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from essaydrill.bank.check_item import Finding, Pair
from essaydrill.bank.overlap import folded, grams

RUN = 8  # characters, as the comparison of answers has them
SHORTEST = 40  # characters; shorter texts are alike by chance
MATERIALS_ALIKE = 0.3  # share of the shorter one's runs
TASKS_ALIKE = 0.6  # tasks are worded by formula: 谈谈你对……的理解
_OWNERS = 4  # prompts kept for one run, so that a text copied everywhere costs no more than any other


def duplicate_findings(pairs: Iterable[Pair]) -> Iterator[Finding]:
    """What a prompt has in common with one before it in `pairs`, told of the later one."""
    materials, tasks, points = _Runs(), _Runs(), _Points()
    for pair in pairs:
        prompt = pair.prompt.model
        for other, share in materials.alike(prompt.id, (m.text for m in prompt.materials), MATERIALS_ALIKE):
            yield pair.on_prompt("warning", f"给定材料与题目 {other} 雷同，有 {share:.0%} 的文字相同", "materials")
        for other, share in tasks.alike(prompt.id, [prompt.task], TASKS_ALIKE):
            yield pair.on_prompt("warning", f"题干与题目 {other} 雷同，有 {share:.0%} 的文字相同", "task")
        yield from points.findings(pair)


class _Runs:
    """The runs of one part of the prompts, each with the first prompts that have it."""

    def __init__(self) -> None:
        self._owners: dict[str, list[str]] = defaultdict(list)
        self._counts: dict[str, int] = {}

    def alike(self, identifier: str, texts: Iterable[str], least: float) -> list[tuple[str, float]]:
        """Take in the texts of a prompt; the earlier prompts that share at least `least`, with the share, 0..1."""
        runs = set[str]().union(*(grams(folded(text), RUN) for text in texts))
        if len(runs) <= SHORTEST - RUN:
            return []
        shared: Counter[str] = Counter()
        for run in runs:
            owners = self._owners[run]
            shared.update(owners)
            if len(owners) < _OWNERS:
                owners.append(identifier)
        self._counts[identifier] = len(runs)
        shares = ((other, count / min(len(runs), self._counts[other])) for other, count in sorted(shared.items()))
        return [(other, share) for other, share in shares if share >= least]


class _Points:
    """The texts of the scoring points, each with the first prompt that has it."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}

    def findings(self, pair: Pair) -> Iterator[Finding]:
        """Take in the points of a prompt; one finding for each earlier prompt that has some of them."""
        identifier = pair.prompt.model.id
        equal: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for number, point in enumerate(pair.reference.model.points):
            text = folded(point.text) or point.text
            other, name = self._first.setdefault(text, (identifier, point.id))
            if other != identifier:
                equal[other].append((number, point.id, name))
        for other, found in equal.items():
            numbers, own, others = zip(*found, strict=True)
            told = f"采分点 {'、'.join(own)} 与题目 {other} 的 {'、'.join(others)} 内容相同"
            yield pair.on_reference("warning", told, "points", numbers[0], "text")
