"""An answer read once: its clauses, the words in them, and the windows in which evidence is looked for."""

from dataclasses import dataclass
from itertools import chain

from essaydrill.scoring.concepts import default_concepts
from essaydrill.text import NormalText, Segmenter, Span, clauses, normalise

WINDOW = 3  # a point is looked for in one, two or three neighbouring clauses


@dataclass(frozen=True)
class Reading:
    """`sizes` says how many of the words stand in each clause, at least one. `mentions` are the places in the text
    where a concept is expressed, with the concept's number.
    """

    normal: NormalText
    clauses: tuple[Span, ...]
    words: tuple[str, ...]
    sizes: tuple[int, ...]
    mentions: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str | NormalText, segmenter: Segmenter) -> "Reading":
        normal = normalise(text) if isinstance(text, str) else text
        spans = clauses(normal.text)
        words = segmenter.words_of([normal.text[span.start : span.end] for span in spans])
        return cls(
            normal=normal,
            clauses=tuple(span for span, found in zip(spans, words, strict=True) if found),
            words=tuple(chain.from_iterable(words)),
            sizes=tuple(len(found) for found in words if found),
            mentions=tuple(default_concepts().numbers(normal.text)),
        )

    @property
    def text(self) -> str:
        return self.normal.text

    @property
    def is_empty(self) -> bool:
        return not self.clauses

    @property
    def clause_texts(self) -> list[str]:
        text = self.text
        return [text[start:end] for start, end in self.clauses]

    def window_clauses(self, window: int) -> range:
        """The clauses of a window. Windows are one, two or three neighbouring clauses, numbered in this order."""
        size, count = 1, len(self.clauses)
        while window >= count:
            window -= count
            size, count = size + 1, count - 1
        return range(window, window + size)

    def window_text(self, window: int) -> str:
        start, end = self.window_span(window)
        return self.text[start:end]

    def window_words(self, window: int) -> tuple[str, ...]:
        inside = self.window_clauses(window)
        start = sum(self.sizes[: inside.start])
        return self.words[start : start + sum(self.sizes[inside.start : inside.stop])]

    def window_span(self, window: int) -> Span:
        """Where a window stands in the normalised text."""
        inside = self.window_clauses(window)
        return Span(self.clauses[inside.start].start, self.clauses[inside.stop - 1].end)
