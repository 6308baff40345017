"""How far the marking is from the marks that people gave the specimens of a prompt."""

from collections.abc import Iterator
from dataclasses import dataclass

from essaydrill.bank.check_item import Finding, Pair, ScoreFunction
from essaydrill.bank.item import Item

FAR_APART = 0.25  # of the full mark: more than a whole band


@dataclass(frozen=True)
class WorstSpecimen:
    """The specimen on which marker and machine differ most, with both totals in marks."""

    label: str
    level: str | None
    flaw: str | None
    marker: float
    machine: float


@dataclass(frozen=True)
class SpecimenAgreement:
    """Marks of the machine against those of the marker, over all specimens of one prompt.

    `difference` is the mean absolute difference of the totals as a share of the full mark; `same_status` the share of
    the `points` credits that fall on the same of hit, partial and missed, None where no point was marked.
    """

    id: str
    max_score: float
    specimens: int
    difference: float
    points: int
    same_status: float | None
    worst: WorstSpecimen


def specimen_agreement(item: Item, score: ScoreFunction) -> SpecimenAgreement:
    """Mark every specimen of `item`, which has at least one, and compare."""
    pairs = [(specimen, score(item, specimen.answer)) for specimen in item.reference.specimens]
    same = [
        _status(specimen.credits[point.id]) == _status(point.awarded / point.marks)
        for specimen, result in pairs
        for point in result.points
        if point.id in specimen.credits
    ]
    differences = [abs(result.score - specimen.total) for specimen, result in pairs]
    specimen, result = pairs[differences.index(max(differences))]
    return SpecimenAgreement(
        id=item.prompt.id,
        max_score=item.prompt.max_score,
        specimens=len(pairs),
        difference=sum(differences) / len(pairs) / item.prompt.max_score,
        points=len(same),
        same_status=sum(same) / len(same) if same else None,
        worst=WorstSpecimen(specimen.label, specimen.level, specimen.flaw, specimen.total, result.score),
    )


def _status(credit: float) -> int:
    """0 missed, 1 partial, 2 hit: whichever of 0, ½ and 1 is nearest."""
    return int(2 * credit + 0.5)


def far_apart(pair: Pair, agreement: SpecimenAgreement) -> Iterator[Finding]:
    """The finding on a prompt whose specimens the machine marks too differently."""
    if agreement.difference > FAR_APART:
        worst = agreement.worst
        told = f"机器评分与标杆卷的分数平均相差满分的 {agreement.difference:.1%}，超过 {FAR_APART:.0%}，"
        told += f"相差最大的是“{worst.label}”：标杆 {worst.marker:g} 分，机器 {worst.machine:g} 分"
        yield pair.on_reference("warning", told, "specimens")
