"""An answer read once: its clauses, the words in them, and the windows in which evidence is looked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, islice

from essaydrill.scoring.decoration import is_decorated, undecorated
from essaydrill.text import NormalText, Segmenter, Span, clauses, normalise

WINDOW = 3  # a point is looked for in one, two or three neighbouring clauses


@dataclass(frozen=True)
class Reading:
    """`sizes` says how many of the words stand in each clause, at least one."""

    normal: NormalText
    clauses: tuple[Span, ...]
    words: tuple[str, ...]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, text: str | NormalText, segmenter: Segmenter) -> "Reading":
        return cls.of_all([text], segmenter)[0]

    @classmethod
    def of_all(cls, texts: Iterable[str | NormalText], segmenter: Segmenter) -> list["Reading"]:
        """The readings of some texts, at the price of one call to the segmenter; those full of decorations are read
        without them."""
        normals = [normalise(text) if isinstance(text, str) else text for text in texts]
        readings = cls._of_normal(normals, segmenter)
        return [
            cls._of_normal([undecorated(reading.normal)], segmenter)[0]
            if is_decorated(reading.words, len(reading.clauses))
            else reading
            for reading in readings
        ]

    @classmethod
    def _of_normal(cls, normals: Sequence[NormalText], segmenter: Segmenter) -> list["Reading"]:
        spans = [clauses(normal.text) for normal in normals]
        found, counts = segmenter.words_of(
            [normal.text[start:end] for normal, own in zip(normals, spans, strict=True) for start, end in own]
        )
        words, in_clauses = iter(found), iter(counts)
        readings = []
        for normal, own in zip(normals, spans, strict=True):
            sizes = list(islice(in_clauses, len(own)))
            readings.append(
                cls(
                    normal=normal,
                    clauses=tuple(compress(own, sizes)),
                    words=tuple(islice(words, sum(sizes))),
                    sizes=tuple(filter(None, sizes)),
                )
            )
        return readings

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
        return self.clauses[inside.start][0], self.clauses[inside.stop - 1][1]
