"""A scoring point as a question: where it comes up, how a sentence about it is judged, how others worded it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from essaydrill.text import sentences

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.scoring import PointResult, Scorer

# A passage is as long as can be read in half a minute; what lies beyond it is left out.
PASSAGE_LENGTH = 160
_MOST_PASSAGES = 2


@dataclass(frozen=True)
class Passage:
    """A piece of a text: the label of the text, the piece, and whether something was left out before and behind it."""

    label: str
    text: str
    cut_before: bool = False
    cut_behind: bool = False


@dataclass(frozen=True)
class Question:
    """One scoring point to be said from memory. It is the `number`-th of `count`; both are 0 without a scheme."""

    item: "Item"
    scorer: "Scorer"
    point: str
    number: int
    count: int

    @classmethod
    def of(cls, item: "Item", scorer: "Scorer", point: str) -> Self:
        """Raises `UsageError` where the item has no such point any more."""
        scorer.judge_point(point, "")
        ids = [each.id for each in item.reference.points]
        number = ids.index(point) + 1 if point in ids else 0
        return cls(item, scorer, point, number, len(ids) if number else 0)

    def judge(self, sentence: str) -> "PointResult":
        """The sentence held against the point."""
        return self.scorer.judge_point(self.point, sentence)

    def passages(self) -> list[Passage]:
        """Where the materials speak of the point, one passage of each material that the scheme names (at most two).

        A point for which the scheme names no material is looked for in all of them.
        """
        named = next((point.found_in for point in self.item.reference.points if point.id == self.point), ())
        materials = self.item.prompt.materials
        return [
            _around(material.label, material.text, place.start, place.end)
            for material in ([m for m in materials if m.label in named] or materials)[:_MOST_PASSAGES]
            for place in self.judge(material.text).evidence
        ]

    def wordings(self) -> list[Passage]:
        """How each reference answer that has the point words it."""
        judged = ((reference.label, self.judge(reference.text)) for reference in self.item.reference.references)
        return [Passage(label, place.text) for label, found in judged if found.credit for place in found.evidence]


def _around(label: str, text: str, start: int, end: int) -> Passage:
    """The sentences around text[start:end], as many as there is room for, whole ones, within one paragraph."""
    paragraph = text.rfind("\n", 0, start) + 1
    paragraph_end = (text.find("\n", end) + 1 or len(text) + 1) - 1
    spans = [(begin, stop) for begin, stop in sentences(text) if paragraph <= begin and stop <= paragraph_end]
    begins, stops = [begin for begin, _ in spans], [stop for _, stop in spans]
    touched = [k for k, (begin, stop) in enumerate(spans) if begin < end and stop > start]
    if not touched:
        return Passage(label, text[start:end].strip(), cut_before=True, cut_behind=True)
    first, last = touched[0], touched[-1]
    while True:
        room = PASSAGE_LENGTH - (stops[last] - begins[first])
        before = first > 0 and begins[first] - begins[first - 1] <= room
        behind = last + 1 < len(stops) and stops[last + 1] - stops[last] <= room
        if before and (not behind or touched[0] - first <= last - touched[-1]):
            first -= 1
        elif behind:
            last += 1
        else:
            break
    kept = text[begins[first] : stops[last]].strip()
    return Passage(label, kept, cut_before=first > 0, cut_behind=last + 1 < len(stops))
