"""How well the machine's marks agree with people's: the figures that measurement people expect (RSMTool is the model).

The formulas with their sources stand in `docs/agreement-measures.md`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from essaydrill.agreement.intervals import bootstrap
from essaydrill.agreement.marked_rows import LeftOut, Script
from essaydrill.agreement.metrics import (
    adjacent_agreement,
    exact_agreement,
    kappa,
    mae,
    pearson,
    qwk,
    smd,
    smd_pooled,
)
from essaydrill.agreement.seen import seen_questions
from essaydrill.bank import Bank, Item
from essaydrill.scoring import Result, Scorer

Floats = NDArray[np.float64]

STEPS = (1.0, 0.5, 0.25, 0.2, 0.1)
_FINEST = 0.05  # marks; where no usual step fits
WORST = 10
_LEVELS = {"paraphrase": "paraphrase", "flawed": "adversarial"}


@dataclass(frozen=True)
class Marked:
    """One answer with the machine's mark; all figures are marks."""

    script: Script
    result: Result

    @property
    def distance(self) -> float:
        """Machine minus person as a share of the full mark."""
        return (self.result.score - self.script.mark) / self.result.max_score


@dataclass(frozen=True)
class Measures:
    """Agreement of one set of marks with another. Means, SDs and `mae` are shares of the full mark; None where a
    figure is not defined. `intervals` are 95 % bootstrap intervals by name."""

    n: int
    mean_human: float
    mean_machine: float
    sd_human: float
    sd_machine: float
    smd: float | None
    exact: float
    adjacent: float
    kappa: float | None
    qwk: float
    pearson: float
    mae: float
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """`by` is all, prompt, kind or stratum; `covered` the share of people's marks inside the machine's interval."""

    by: str
    name: str
    questions: int
    measures: Measures
    covered: float


@dataclass(frozen=True)
class Markers:
    """Answers that two people marked. `people` holds the second against the first, `machine` the machine against the
    first; `degradation` is machine minus people (below 0: the machine agrees less than a second person does)."""

    people: Measures
    machine: Measures
    degradation: Mapping[str, float]


@dataclass(frozen=True)
class Evaluation:
    """`seen` are the questions whose marked answers the shipped model was fitted on; `steps` the steps, in marks, to
    which the marks of each question were rounded for exact and adjacent agreement and kappa."""

    marked: Sequence[Marked]
    left_out: Sequence[LeftOut]
    groups: Sequence[Group]
    markers: Markers | None
    steps: Mapping[str, float]
    seen: Sequence[str]
    signatures: Sequence[str]

    @property
    def worst(self) -> list[Marked]:
        """The answers on which machine and person are furthest apart, at most ten."""
        return sorted(self.marked, key=lambda each: -abs(each.distance))[:WORST]


def specimen_scripts(bank: Bank) -> Iterator[Script]:
    """The specimens of every prompt of the bank; the stratum is what their writers aimed at."""
    number = 0
    for prompt_id in bank:
        item = bank[prompt_id]
        for specimen in item.reference.specimens:
            number += 1
            stratum = _LEVELS.get(specimen.level or "", "ordinary")
            yield Script(number, prompt_id, item, specimen.answer, specimen.total, stratum=stratum)


def mark(scripts: Sequence[Script], tell: Callable[[int], None] = lambda _: None) -> list[Marked]:
    """Score every answer; `tell` hears how many are done."""
    by_item: dict[str, tuple[Item, list[int]]] = {}
    for place, script in enumerate(scripts):
        by_item.setdefault(script.item.digest, (script.item, []))[1].append(place)
    results: dict[int, Result] = {}
    for item, places in by_item.values():
        scorer = Scorer(item)
        for place in places:
            results[place] = scorer.score(scripts[place].answer)
            tell(len(results))
    return [Marked(script, results[place]) for place, script in enumerate(scripts)]


def evaluate(marked: Sequence[Marked], left_out: Sequence[LeftOut] = ()) -> Evaluation:
    """All figures of marked answers; there must be at least one."""
    questions = list(dict.fromkeys(each.script.question for each in marked))
    steps = {question: _step([each for each in marked if each.script.question == question]) for question in questions}
    return Evaluation(
        marked=marked,
        left_out=left_out,
        groups=list(_groups(marked, steps)),
        markers=_markers([each for each in marked if each.script.markers], steps),
        steps=steps,
        seen=seen_questions([each.script.item for each in marked]),
        signatures=sorted({each.result.signature.rpartition("|prompt:")[0] for each in marked}),
    )


def _groups(marked: Sequence[Marked], steps: Mapping[str, float]) -> Iterator[Group]:
    yield _group("all", "", marked, steps)
    keys: dict[str, Callable[[Marked], str]] = {
        "stratum": lambda each: each.script.stratum,
        "kind": lambda each: "" if not each.script.item.reference.points else each.script.item.prompt.kind,
        "prompt": lambda each: each.script.question,
    }
    for by, key in keys.items():
        names = [name for name in dict.fromkeys(map(key, marked)) if name]
        if by == "prompt" or len(names) > 1 or (names and any(not key(each) for each in marked)):
            for name in names:
                yield _group(by, name, [each for each in marked if key(each) == name], steps)


def _group(by: str, name: str, marked: Sequence[Marked], steps: Mapping[str, float]) -> Group:
    human, machine = (np.array(values) for values in zip(*map(_shares, marked), strict=True))
    in_steps = _in_steps(marked, [each.script.mark for each in marked], steps)
    machine_steps = _in_steps(marked, [each.result.score for each in marked], steps)
    questions = np.array([each.script.question for each in marked])
    inside = [each.result.interval[0] <= each.script.mark <= each.result.interval[1] for each in marked]
    intervals = bootstrap(machine, human, np.abs(machine_steps - in_steps), questions)
    return Group(
        by=by,
        name=name,
        questions=len(set(questions.tolist())),
        measures=_measures(machine, human, machine_steps, in_steps, smd(machine, human), intervals),
        covered=round(float(np.mean(inside)), 4),
    )


def _markers(marked: Sequence[Marked], steps: Mapping[str, float]) -> Markers | None:
    pairs = [each.script.markers for each in marked if each.script.markers]
    if not pairs:
        return None
    full = np.array([each.result.max_score for each in marked])
    first, second = np.array(pairs).T
    machine = np.array([each.result.score for each in marked])
    first_steps, second_steps, machine_steps = (
        _in_steps(marked, values.tolist(), steps) for values in (first, second, machine)
    )
    first, second, machine = first / full, second / full, machine / full
    people = _measures(second, first, second_steps, first_steps, smd_pooled(second, first), {})
    by_machine = _measures(machine, first, machine_steps, first_steps, smd(machine, first), {})
    degradation = {}
    for name in ("exact", "adjacent", "kappa", "qwk", "pearson"):
        one, other = getattr(by_machine, name), getattr(people, name)
        if one is not None and other is not None:
            degradation[name] = round(one - other, 4)
    return Markers(people, by_machine, degradation)


def _measures(
    machine: Floats,
    human: Floats,
    machine_steps: Floats,
    human_steps: Floats,
    difference: float | None,
    intervals: Mapping[str, tuple[float, float]],
) -> Measures:
    agreement = kappa(machine_steps, human_steps)
    many = len(human) > 1
    return Measures(
        n=len(human),
        mean_human=_rounded(human.mean()),
        mean_machine=_rounded(machine.mean()),
        sd_human=_rounded(human.std(ddof=1)) if many else 0.0,
        sd_machine=_rounded(machine.std(ddof=1)) if many else 0.0,
        smd=None if difference is None else _rounded(difference),
        exact=_rounded(exact_agreement(machine_steps, human_steps)),
        adjacent=_rounded(adjacent_agreement(machine_steps, human_steps)),
        kappa=None if agreement is None else _rounded(agreement),
        qwk=_rounded(qwk(machine, human)),
        pearson=_rounded(pearson(machine, human)),
        mae=_rounded(mae(machine, human)),
        intervals=intervals,
    )


def _shares(each: Marked) -> tuple[float, float]:
    full = each.result.max_score
    return each.script.mark / full, each.result.score / full


def _in_steps(marked: Sequence[Marked], marks: Sequence[float], steps: Mapping[str, float]) -> Floats:
    """Marks in whole steps of their question's scale, halves rounded up."""
    sizes = np.array([steps[each.script.question] for each in marked])
    whole: Floats = np.floor(np.array(marks) / sizes + 0.5 + 1e-9)
    return whole


def _step(marked: Sequence[Marked]) -> float:
    """The coarsest usual step of which every mark that people gave is a multiple."""
    given = [mark for each in marked for mark in (each.script.mark, *(each.script.markers or ()))]
    return next((step for step in STEPS if all(abs(m / step - round(m / step)) < 1e-6 for m in given)), _FINEST)


def _rounded(value: float) -> float:
    return round(float(value), 4)
