"""Marking in the background: what it needs is loaded while the candidate reads."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essaydrill.errors import EssaydrillError
from essaydrill.examroom.pages import harmless
from essaydrill.examroom.undisturbed import loading

if TYPE_CHECKING:
    from essaydrill.bank import Bank, Item
    from essaydrill.scoring import Scorer
    from essaydrill.scoring.result import Result


@dataclass(frozen=True)
class MarkedText:
    """An answer with its result, and how it is called on the screen."""

    label: str
    text: str
    result: "Result"


@dataclass(frozen=True)
class Marking:
    """All that is to be seen of a question after handing in."""

    item: "Item"
    own: MarkedText
    references: tuple[MarkedText, ...]
    specimens: tuple[MarkedText, ...]


class Marker:
    """Marks answers to the prompts of a bank. Every method may be called from any thread and takes its time."""

    def __init__(self, bank: "Bank") -> None:
        self._bank = bank
        self._scorers: dict[str, Scorer] = {}
        self._lock = threading.Lock()

    def load(self, prompt: str) -> "Item | None":
        """Get ready to mark; None where that fails, which is told when it comes to marking."""
        with suppress(EssaydrillError):
            return self.item(prompt)
        return None

    def item(self, prompt: str) -> "Item":
        return self._scorer(prompt).item

    def score(self, prompt: str, text: str) -> "Result":
        scorer = self._scorer(prompt)
        with self._lock, loading():  # the first answer loads what the segmenter needs
            return scorer.score(text)

    def mark(self, prompt: str, text: str) -> Marking:
        """Mark the answer, and beside it every reference and specimen to find its points."""
        item = self.item(prompt)

        def marked(label: str, answer: str) -> MarkedText:
            answer = harmless(answer)
            return MarkedText(label, answer, self.score(prompt, answer))

        specimens = sorted(item.reference.specimens, key=lambda specimen: -specimen.total)
        return Marking(
            item,
            MarkedText("我的作答", text, self.score(prompt, text)),
            tuple(marked(f"参考答案 {each.label}", each.text) for each in item.reference.references),
            tuple(marked(f"{each.label}（{each.total:g} 分）", each.answer) for each in specimens),
        )

    def _scorer(self, prompt: str) -> "Scorer":
        with self._lock:
            if prompt not in self._scorers:
                with loading():
                    from essaydrill.scoring import Scorer

                    self._scorers[prompt] = Scorer(self._bank[prompt])
            return self._scorers[prompt]
