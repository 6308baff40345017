"""How one scoring point went over the whole class, with what those wrote who missed it."""

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field

from essaydrill.grading.model import Record
from essaydrill.scoring.result import PointResult, Status
from essaydrill.text import clauses

_SAMPLE = 60  # answers in which a typical wording is looked for: the first by key, which is as good as by lot
_QUOTES = 3
_ABOUT = 0.12  # likeness from which a clause is about the point at all
_SAME = 0.5  # … from which two quotations are one
_SHORTEST, _LONGEST = 5, 60  # characters of a quotation


@dataclass(frozen=True)
class Quote:
    """What a student wrote who did not get the point in full: for a partial its evidence, else the nearest clause."""

    text: str
    status: Status


@dataclass(frozen=True)
class PointSummary:
    """`rate` is the mean credit, 0..1; `lacking` the concepts that partial answers lacked most, with counts."""

    id: str
    text: str
    marks: float
    hits: int
    partials: int
    missed: int
    rate: float
    lacking: tuple[tuple[str, int], ...]
    quotes: tuple[Quote, ...]


@dataclass
class PointTally:
    """What is counted of one point while records go by."""

    id: str
    text: str
    marks: float
    statuses: Counter[Status] = field(default_factory=Counter)
    credit: float = 0.0
    lacking: Counter[str] = field(default_factory=Counter)
    # The sample as a heap whose top is the last key: (key as a negative number, status, text).
    sample: list[tuple[int, Status, str]] = field(default_factory=list)

    def add(self, point: PointResult, record: Record) -> None:
        self.statuses[point.status] += 1
        self.credit += point.credit
        if point.status == "hit":
            return
        if point.status == "partial":
            self.lacking.update(point.missing)
        order = -int(record.key[:12] or "0", 16)
        if len(self.sample) == _SAMPLE and order < self.sample[0][0]:
            return
        wrote = "".join(e.text for e in point.evidence) if point.status == "partial" else record.answer or ""
        push = heapq.heappush if len(self.sample) < _SAMPLE else heapq.heappushpop
        push(self.sample, (order, point.status, wrote))

    def merge(self, other: "PointTally") -> None:
        """Take over the counts of other records."""
        self.statuses.update(other.statuses)
        self.credit += other.credit
        self.lacking.update(other.lacking)
        self.sample = heapq.nlargest(_SAMPLE, self.sample + other.sample)
        heapq.heapify(self.sample)

    def summary(self) -> PointSummary:
        n = self.statuses.total()
        return PointSummary(
            self.id,
            self.text,
            self.marks,
            self.statuses["hit"],
            self.statuses["partial"],
            self.statuses["missed"],
            self.credit / n if n else 0.0,
            tuple(self.lacking.most_common(_QUOTES)),
            self._quotes(),
        )

    def _quotes(self) -> tuple[Quote, ...]:
        """The wordings most like those of the others, none like another that is quoted."""
        wanted = _pairs(self.text)
        found = [
            Quote(text, status)
            for _, status, wrote in sorted(self.sample)
            if len(text := wrote if status == "partial" else _nearest(wrote, wanted)) >= _SHORTEST
        ]
        pairs = [_pairs(quote.text) for quote in found]
        common = [sum(_likeness(own, other) for other in pairs) for own in pairs]
        chosen: list[int] = []
        for n in sorted(range(len(found)), key=lambda n: (-common[n], n)):
            if len(chosen) < _QUOTES and all(_likeness(pairs[n], pairs[m]) < _SAME for m in chosen):
                chosen.append(n)
        return tuple(Quote(_short(found[n].text), found[n].status) for n in chosen)


def _nearest(text: str, wanted: frozenset[str]) -> str:
    """The clause that is most about the point; empty where none is."""
    own = [text[start:end].strip() for start, end in clauses(text)]
    best = max(own, key=lambda clause: _likeness(_pairs(clause), wanted), default="")
    return best if _likeness(_pairs(best), wanted) >= _ABOUT else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(filter(str.isalnum, text))
    return frozenset(letters[n : n + 2] for n in range(len(letters) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of two sets of character pairs (Ochiai), which does not hold a clause's shortness against it."""
    total = len(one) * len(other)
    return len(one & other) / math.sqrt(total) if total else 0.0
