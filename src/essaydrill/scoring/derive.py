"""Scoring points for a question that has reference answers but no marking scheme."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from essaydrill.bank.models import ScoringPoint
from essaydrill.text import list_marker, normalise, sentences

_SHORTEST = 4  # letters; a shorter piece of prose belongs to its neighbour
_MOST = 12
_FEW_SENTENCES = 2  # a reference of so few is taken apart at its commas and enumerations
_LONG_ITEM = 14  # letters; what is longer is a statement, not an item of an enumeration
_COUNT = "[一二三四五六七八九十两几0-9]+大?(?:种|类|个方面|项|点|条|方面)"
_COUNTED = re.compile(rf"(?:{_COUNT}|[一二三四五六七八九十两几0-9]+个)[^,;]{{0,6}}$")
_COLON = re.compile(r":|—+")
_STOPS = re.compile(r"[,;]")
_COMMAS = re.compile(r"[、;](?![^(]*\))")
_AND = re.compile(r"以及|(?<!参)与|和(?![谐平])|(?<![以普涉])及(?!时)")
_CUES = re.compile(r"可以分为|可分为|分为|包括|包含|由(?!于)|是|有")
_OPENING_CUE = re.compile(r"(?:[一另两]?(?:类|种|方面|个)是|可以分为|可分为|分为|包括|包含|由(?!于)|是|有|为)+")
_CLOSING = re.compile(rf"等[^,]{{0,4}}$|(?:组成|构成)$|(?<=.){_COUNT}$")
_EDGES = " 。;,，、:!?\n—·"


@dataclass(frozen=True)
class Derived:
    """The points of one reference answer; `listed` where it is an enumeration of short items and nothing else."""

    points: tuple[ScoringPoint, ...]
    listed: bool


def derive_points(reference: str, task: str, max_score: float) -> tuple[ScoringPoint, ...]:
    """The points alone (see `derive`)."""
    return derive(reference, task, max_score).points


def derive(reference: str, task: str, max_score: float) -> Derived:
    """The ideas of one reference answer, one point each; their marks add up to `max_score`.

    Sentences are ideas, and their marks follow length. A reference of one or two sentences is taken apart at its
    commas, and an enumeration item by item; its items are worth the same. A lead-in that only repeats the task asks
    for nothing.
    """
    text = normalise(reference).text
    asked = set(_pairs(normalise(task).text))
    ideas, listed = _ideas(text, asked)
    telling = [idea for idea in ideas if _letters(idea) <= _SHORTEST or not _repeats(idea, asked)]
    telling = telling or ideas or [text or reference]
    if len(telling) > _MOST:
        telling = _merged(telling, _MOST)
    weights = [1.0 if listed else max(1, _letters(idea)) ** 0.5 for idea in telling]
    unit = max_score / sum(weights)
    points = tuple(
        ScoringPoint(id=f"r{number}", text=idea, marks=max(1e-6, unit * weight))
        for number, (idea, weight) in enumerate(zip(telling, weights, strict=True), 1)
    )
    return Derived(points, listed)


def _ideas(text: str, asked: set[str]) -> tuple[list[str], bool]:
    """The ideas of a text, and whether they are the items of an enumeration."""
    said = [_without_marker(text[start:end]).strip(_EDGES) for start, end in sentences(text)]
    pieces = [_without_lead_in(sentence, asked) for sentence in said]
    series = "。" not in text.rstrip(_EDGES) and _are_items(pieces)  # short items with ; between them
    if len(pieces) > _FEW_SENTENCES and not series:
        return _joined(pieces), False
    clauses = [stripped for piece in pieces for clause in _STOPS.split(piece) if (stripped := clause.strip(_EDGES))]
    telling = [c for c in clauses if (series and _letters(c) <= _SHORTEST) or not _repeats(c, asked)] or clauses
    led_in = pieces != said or telling[:1] != clauses[:1] or (series and len(pieces) > _FEW_SENTENCES)
    items: list[str] = []
    listed = True
    for clause in telling:
        ends = clause is telling[-1] or (not series and any(piece.endswith(clause) for piece in pieces))
        parts, enumerates = _taken_apart(clause, asked, led_in, ends)
        items += parts
        listed &= enumerates
    listed &= _are_items(items)
    return (items if listed else _joined(items)), listed


def _without_lead_in(sentence: str, asked: set[str]) -> str:
    """Without what stands before a colon where it repeats the task or only counts what follows (分为三种形式:)."""
    colon = _COLON.search(sentence)
    while colon and colon.end() < len(sentence):
        lead = sentence[: colon.start()]
        if not _repeats(lead, asked, 0.6) and not _COUNTED.search(lead):
            break
        sentence = sentence[colon.end() :].strip(_EDGES)
        colon = _COLON.search(sentence)
    return sentence


def _taken_apart(clause: str, asked: set[str], led_in: bool, last: bool) -> tuple[list[str], bool]:
    """The items of a clause, and whether it enumerates them: behind a lead-in or a cue, or with 、 between them."""
    said = _behind_cue(clause, asked)
    parts = [part.strip(_EDGES) for part in _COMMAS.split(said)]
    enumerates = led_in or said != clause or len(parts) > 1
    if enumerates and last:
        parts[-1:] = _last_items(parts[-1])
    kept = [_CLOSING.sub("", part) or part for part in parts if part and not _COUNTED.fullmatch(part)]
    return kept, enumerates


def _behind_cue(clause: str, asked: set[str]) -> str:
    """What 运输合同分为… or 特点是… goes on to say, where the words before repeat the task."""
    cue = _CUES.search(clause)
    if cue and cue.start() and _repeats(clause[: cue.start()], asked) and _letters(clause[cue.end() :]) > 1:
        clause = clause[cue.end() :]
    opening = _OPENING_CUE.match(clause)
    return clause[opening.end() :] if opening and _letters(clause[opening.end() :]) > 1 else clause


def _last_items(text: str) -> list[str]:
    """The items that 和, 与 or 及 joins at the end of an enumeration."""
    parts = [part.strip(_EDGES) for part in _AND.split(text)]
    return parts if all(1 < _letters(part) <= _LONG_ITEM for part in parts) else [text]


def _are_items(pieces: Sequence[str]) -> bool:
    """Whether all are short, and most of them more than a number or a letter."""
    return bool(pieces) and max(map(_letters, pieces)) <= _LONG_ITEM and sum(map(_letters, pieces)) > len(pieces)


def _joined(pieces: Sequence[str]) -> list[str]:
    """Prose: a piece that is too short to be an idea goes to the one before it."""
    ideas: list[str] = []
    for piece in filter(None, pieces):
        if _letters(piece) < _SHORTEST and ideas and len(pieces) > 3:
            ideas[-1] += "，" + piece
        else:
            ideas.append(piece)
    return ideas


def _without_marker(piece: str) -> str:
    marker = list_marker(piece)
    return piece[marker.end() :] if marker else piece


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _pairs(text: str) -> list[str]:
    kept = "".join(c for c in text if c.isalnum())
    return [kept[i : i + 2] for i in range(len(kept) - 1)]


def _repeats(idea: str, asked: set[str], share: float = 0.7) -> bool:
    """Whether a text says nothing beyond the task; a number or formula that the task does not have says something."""
    pairs = _pairs(idea)
    new = [pair for pair in pairs if pair not in asked]
    return bool(pairs) and len(new) / len(pairs) < 1 - share and not any(pair.isascii() for pair in new)


def _merged(ideas: Sequence[str], most: int) -> list[str]:
    """Neighbours put together until at most `most` are left, the shortest pair first."""
    merged = list(ideas)
    while len(merged) > most:
        at = min(range(len(merged) - 1), key=lambda i: len(merged[i]) + len(merged[i + 1]))
        merged[at : at + 2] = [merged[at] + "；" + merged[at + 1]]
    return merged
