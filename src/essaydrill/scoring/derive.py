"""Scoring points for a question that has reference answers but no marking scheme."""

import re
from collections.abc import Sequence

from essaydrill.bank.models import ScoringPoint
from essaydrill.text import list_marker, normalise, sentences

_SHORTEST = 4  # letters; a shorter piece belongs to its neighbour
_MOST = 12
_ENUMERATION = re.compile(r"[、;；]")


def derive_points(reference: str, task: str, max_score: float) -> tuple[ScoringPoint, ...]:
    """The ideas of one reference answer, one point each; marks follow length and add up to `max_score`.

    Sentences are ideas; a reference of one or two sentences is taken apart at its commas, and an enumeration behind a
    colon item by item. A lead-in that only repeats the task asks for nothing.
    """
    text = normalise(reference).text
    asked = set(_pairs(normalise(task).text))
    ideas = _ideas(text)
    telling = [idea for idea in ideas if not _repeats(idea, asked)] or ideas or [text or reference]
    if len(telling) > _MOST:
        telling = _merged(telling, _MOST)
    weights = [max(1, sum(c.isalnum() for c in idea)) ** 0.5 for idea in telling]
    unit = max_score / sum(weights)
    return tuple(
        ScoringPoint(id=f"r{number}", text=idea, marks=max(1e-6, unit * weight))
        for number, (idea, weight) in enumerate(zip(telling, weights, strict=True), 1)
    )


def _ideas(text: str) -> list[str]:
    pieces = [text[span.start : span.end] for span in sentences(text)]
    if len(pieces) <= 2:
        pieces = [part for piece in pieces for part in _taken_apart(piece)]
    stripped = [_without_marker(piece).strip(" 。;,，、:!?\n") for piece in pieces]
    ideas: list[str] = []
    for piece in stripped:
        if sum(c.isalnum() for c in piece) < _SHORTEST and ideas and len(stripped) > 3:
            ideas[-1] += "，" + piece
        elif piece:
            ideas.append(piece)
    return ideas


def _taken_apart(sentence: str) -> list[str]:
    head, colon, listed = sentence.partition(":")
    if colon and len(_ENUMERATION.findall(listed)) >= 1:
        return [head, *_ENUMERATION.split(listed)]
    return re.split(r"[,;]", sentence)


def _without_marker(piece: str) -> str:
    marker = list_marker(piece)
    return piece[marker.end() :] if marker else piece


def _pairs(text: str) -> list[str]:
    kept = "".join(c for c in text if c.isalnum())
    return [kept[i : i + 2] for i in range(len(kept) - 1)]


def _repeats(idea: str, asked: set[str]) -> bool:
    pairs = _pairs(idea)
    return bool(pairs) and sum(pair in asked for pair in pairs) / len(pairs) > 0.7


def _merged(ideas: Sequence[str], most: int) -> list[str]:
    """Neighbours put together until at most `most` are left, the shortest pair first."""
    merged = list(ideas)
    while len(merged) > most:
        at = min(range(len(merged) - 1), key=lambda i: len(merged[i]) + len(merged[i + 1]))
        merged[at : at + 2] = [merged[at] + "；" + merged[at + 1]]
    return merged
