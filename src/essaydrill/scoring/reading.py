"""An answer read once: its clauses, the words in them, and the windows in which evidence is looked for."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.concepts import default_concepts
from essaydrill.text import NormalText, Segmenter, Span, clauses, normalise

WINDOW = 3  # a point is looked for in one, two or three neighbouring clauses

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """`words[i]` stands in clause `clause_of[i]`; every clause has at least one word. `concepts[c]` are the concepts
    that clause c expresses.

    A window w covers the clauses first[w] to last[w]. `clause_starts` are the places in `words` where a clause begins,
    shape (clauses,).
    """

    normal: NormalText
    clauses: tuple[Span, ...]
    words: tuple[str, ...]
    concepts: tuple[frozenset[int], ...]
    clause_of: Integers
    clause_starts: Integers
    first: Integers
    last: Integers

    @classmethod
    def of(cls, text: str | NormalText, segmenter: Segmenter) -> "Reading":
        normal = normalise(text) if isinstance(text, str) else text
        spans = clauses(normal.text)
        found = segmenter.words_of([normal.text[span.start : span.end] for span in spans])
        sizes = np.array([len(words) for words in found if words], np.int64)
        kept = [span for span, words in zip(spans, found, strict=True) if words]
        concepts: list[set[int]] = [set() for _ in kept]
        for place, concept in default_concepts().numbers(normal.text):
            concepts[bisect_right(kept, place, key=lambda span: span.start) - 1].add(concept)
        first, last = _windows(len(kept))
        return cls(
            normal=normal,
            clauses=tuple(kept),
            words=tuple(chain.from_iterable(found)),
            concepts=tuple(map(frozenset, concepts)),
            clause_of=np.repeat(np.arange(len(kept)), sizes),
            clause_starts=sizes.cumsum() - sizes,
            first=first,
            last=last,
        )

    @property
    def text(self) -> str:
        return self.normal.text

    @property
    def is_empty(self) -> bool:
        return not self.clauses

    @cached_property
    def clause_lengths(self) -> Integers:
        """Words in each clause."""
        return np.diff(np.append(self.clause_starts, len(self.words)))

    @cached_property
    def window_lengths(self) -> Integers:
        """Words in each window."""
        ends = np.append(self.clause_starts, len(self.words))
        lengths: Integers = ends[self.last + 1] - ends[self.first]
        return lengths

    def window_span(self, window: int) -> Span:
        """Where a window stands in the normalised text."""
        return Span(self.clauses[self.first[window]].start, self.clauses[self.last[window]].end)


def _windows(count: int) -> tuple[Integers, Integers]:
    first = [start for size in range(1, WINDOW + 1) for start in range(count - size + 1)]
    last = [start + size - 1 for size in range(1, WINDOW + 1) for start in range(count - size + 1)]
    return np.array(first, np.int64), np.array(last, np.int64)
