"""Putting a mock paper together: prompts whose marks add up, of varied kinds and topics, the same for the same seed.

The search is exact as to marks, time and kinds: if any choice of prompts reaches the wanted total, one is found.
Topics and repeated kinds are a matter of preference among such choices.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, inf
from random import Random
from typing import TYPE_CHECKING

from essaydrill.bank.kinds import KIND_NAMES, Kind
from essaydrill.errors import UsageError
from essaydrill.practice.paper import Paper

if TYPE_CHECKING:
    from essaydrill.bank import Entry

# Papers of 100 marks have four to six questions, hardly ever more than eight.
LARGEST_MEAN = 25  # marks a question
SMALLEST_MEAN = 12.5
OF_ONE_KIND = 2  # questions of one kind at most, unless the kinds asked for are too few for that
MINUTES_PER_MARK = 1.5  # for a prompt that states no time: papers of 100 marks take 150 minutes
_UNIT = 100  # marks are counted in hundredths, so that sums are exact
_TRIES = 60  # papers with the wanted total from which the most varied is taken


@dataclass(frozen=True)
class Wish:
    """What a paper should be: its marks, its kinds (each of them and no other; none: any), the topics it may take
    (none: any) and the minutes that its questions may take together."""

    total: float = 100
    kinds: tuple[Kind, ...] = ()
    topics: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True)
class Composed:
    """A paper and, in Chinese, what of the wish it does not meet and why."""

    paper: Paper
    notes: tuple[str, ...]


def compose(entries: "Iterable[Entry]", wish: Wish, seed: int) -> Composed:
    """The paper that `seed` gives for this wish; raises `UsageError` where no prompt fits it."""
    fitting = [
        entry
        for entry in sorted(entries, key=lambda entry: entry.id)
        if (not wish.kinds or entry.kind in wish.kinds) and (not wish.topics or entry.topic in wish.topics)
    ]
    if missing := [KIND_NAMES[kind] for kind in wish.kinds if kind not in {entry.kind for entry in fitting}]:
        raise UsageError(f"没有符合条件的{'、'.join(missing)}题，换一种题型，或放宽专题")
    rng = Random(seed)
    search = _Search(rng.sample(fitting, len(fitting)), wish)
    if not (reachable := search.reachable()):
        raise UsageError("按这些条件一道题也选不出，请放宽总分、题型、专题或时间；用 essaydrill list 看全部题目")
    total = _nearest(reachable, wish)
    counts = [count for count, reached in reachable if reached == total]
    usual = [count for count in counts if count >= wish.total / LARGEST_MEAN] or counts[-1:]
    tries = [search.draw(rng, rng.choice(usual), total) for _ in range(_TRIES)]
    best = min(tries, key=lambda paper: _oddness(paper, wish))
    chosen = sorted(best, key=_place)
    needed = ceil(sum(map(_minutes, chosen)))
    paper = Paper(
        prompts=tuple(entry.id for entry in chosen),
        total=total,
        wanted=wish.total,
        minutes=wish.minutes or needed,
        seed=seed,
    )
    return Composed(paper, tuple(_notes(chosen, total, fitting, wish)))


def _nearest(reachable: Iterable[tuple[int, float]], wish: Wish) -> float:
    return min((total for _, total in reachable), key=lambda total: (abs(total - wish.total), total))


def _oddness(paper: "Sequence[Entry]", wish: Wish) -> int:
    """How many questions repeat a kind or a topic, how many wanted topics are missing, and whether the essay is that
    nearly every real paper ends with."""
    kinds, topics = {entry.kind for entry in paper}, {entry.topic for entry in paper}
    repeated = 2 * len(paper) - len(kinds) - len(topics)
    return repeated + len(set(wish.topics) - topics) + ("essay" not in kinds)


def _place(entry: "Entry") -> tuple[int, str]:
    """Questions stand in the order of the kinds, the essay last."""
    return list(KIND_NAMES).index(entry.kind), entry.id  # type: ignore[arg-type]


def _notes(chosen: "Sequence[Entry]", total: float, fitting: "Sequence[Entry]", wish: Wish) -> Iterable[str]:
    if total != wish.total:
        yield f"凑不出正好 {wish.total:g} 分，最接近的是 {total:g} 分：{_why(total, fitting, wish)}"
    if missing := set(wish.topics) - {entry.topic for entry in chosen}:
        yield f"没有选入的专题：{'、'.join(sorted(missing))}"
    if untimed := [entry.id for entry in chosen if entry.minutes is None]:
        yield f"{'、'.join(untimed)} 没有写建议用时，按每分 {MINUTES_PER_MARK} 分钟算"


def _why(total: float, fitting: "Sequence[Entry]", wish: Wish) -> str:
    """Why the wanted total is out of reach."""
    if wish.minutes is not None:
        timeless = _nearest(_Search(fitting, replace(wish, minutes=None)).reachable(), wish)
        if abs(timeless - wish.total) < abs(total - wish.total):
            return f"{wish.minutes} 分钟以内只能这样，不限时间可到 {timeless:g} 分"
    worth = sum(entry.max_score for entry in fitting)
    if worth < wish.total:
        return f"符合条件的只有 {len(fitting)} 道题，一共 {worth:g} 分"
    marks = "、".join(f"{mark:g}" for mark in sorted({entry.max_score for entry in fitting}))
    return f"符合条件的 {len(fitting)} 道题分值是 {marks}，每种题型最多 {_of_one_kind(wish)} 题，文章最多一题"


def _minutes(entry: "Entry") -> float:
    return entry.max_score * MINUTES_PER_MARK if entry.minutes is None else entry.minutes


def _most(wish: Wish) -> int:
    return max(1, int(wish.total / SMALLEST_MEAN))


def _of_one_kind(wish: Wish) -> int:
    return max(OF_ONE_KIND, ceil(_most(wish) / len(wish.kinds)) if wish.kinds else 0)


_Table = dict[tuple[int, int, int], float]


class _Search:
    """All papers that meet a wish but for its total.

    The prompts are grouped by kind, kinds and prompts in the order in which they first come. `_least[i]` tells what the
    prompts from number i on can still do: for (questions of the current kind taken before, questions to take,
    hundredths of marks to take) the fewest minutes that takes.
    """

    def __init__(self, entries: "Sequence[Entry]", wish: Wish) -> None:
        order = {kind: number for number, kind in enumerate(dict.fromkeys(entry.kind for entry in entries))}
        self._entries = sorted(entries, key=lambda entry: order[entry.kind])
        self._minutes = inf if wish.minutes is None else wish.minutes
        self._every_kind = bool(wish.kinds)
        self._of_one_kind = _of_one_kind(wish)
        self._ends_kind = [one.kind != other.kind for one, other in pairwise(self._entries)]
        self._ends_kind += [True] * bool(self._entries)
        self._least = self._tables(_most(wish), round(2 * wish.total * _UNIT))

    def reachable(self) -> list[tuple[int, float]]:
        """The numbers of questions and the totals that papers can have."""
        states = [
            state
            for state, minutes in self._least[0].items()
            if minutes <= self._minutes and state[0] == 0 and state[1]
        ]
        return sorted((count, marks / _UNIT) for _, count, marks in states)

    def draw(self, rng: Random, count: int, total: float) -> "list[Entry]":
        """One of the papers with this many questions and this total (both from `reachable`), varied where it can be."""
        chosen: list[Entry] = []
        start, taken, marks, minutes = 0, 0, round(total * _UNIT), self._minutes
        topics: set[str] = set()
        while count:
            options = list(self._options(start, taken, count, marks, minutes))
            fresh = [option for option in options if not option[1] and self._entries[option[0]].topic not in topics]
            kind = rng.choice(list(dict.fromkeys(self._entries[number].kind for number, _ in fresh or options)))
            number, of_kind = rng.choice([o for o in fresh or options if self._entries[o[0]].kind == kind])
            entry = self._entries[number]
            chosen.append(entry)
            topics.add(entry.topic)
            count, marks, minutes = count - 1, marks - _marks(entry), minutes - _minutes(entry)
            start, taken = number + 1, 0 if self._ends_kind[number] else of_kind + 1
        return chosen

    def _options(self, start: int, taken: int, count: int, marks: int, minutes: float) -> Iterable[tuple[int, int]]:
        """Which prompt can come next, with how many of its kind stand before it."""
        for number in range(start, len(self._entries)):
            entry, ends = self._entries[number], self._ends_kind[number]
            after = (0 if ends else taken + 1, count - 1, marks - _marks(entry))
            least = self._least[number + 1].get(after)
            if taken < self._most_of(entry) and least is not None and _minutes(entry) + least <= minutes:
                yield number, taken
            if ends:
                if self._every_kind and not taken:
                    return
                taken = 0

    def _most_of(self, entry: "Entry") -> int:
        return 1 if entry.kind == "essay" else self._of_one_kind

    def _tables(self, most: int, largest: int) -> list[_Table]:
        tables: list[_Table] = [{(0, 0, 0): 0.0}]
        for entry, ends in zip(reversed(self._entries), reversed(self._ends_kind), strict=True):
            table: _Table = {}
            cap = self._most_of(entry)
            for (taken, count, marks), minutes in tables[-1].items():
                if ends and taken:
                    continue  # the next kind begins with none taken
                for before in range(self._every_kind, cap + 1) if ends else (taken,):
                    _keep_least(table, (before, count, marks), minutes)
                if count == most or marks + _marks(entry) > largest:
                    continue
                for before in range(cap) if ends else range(max(0, taken - 1), taken):
                    state = (before, count + 1, marks + _marks(entry))
                    _keep_least(table, state, minutes + _minutes(entry))
            tables.append(table)
        return tables[::-1]


def _marks(entry: "Entry") -> int:
    return round(entry.max_score * _UNIT)


def _keep_least(table: _Table, state: tuple[int, int, int], minutes: float) -> None:
    if minutes < table.get(state, inf):
        table[state] = minutes
