"""Scoring points for a question that has reference answers but no marking scheme."""

import re
from collections.abc import Iterator, Sequence

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


def derive_points(reference: str, task: str, max_score: float) -> tuple[ScoringPoint, ...]:
    """The ideas of one reference answer, one point each; marks follow length and add up to `max_score`.

    Sentences are ideas. A reference of one or two sentences is taken apart at its commas, and an enumeration item by
    item; the items of an enumeration are worth the same. A lead-in that only repeats the task asks for nothing.
    """
    text = normalise(reference).text
    asked = set(_pairs(normalise(task).text))
    ideas = _ideas(text, asked)
    telling = (
        [idea for idea in ideas if _letters(idea) <= _SHORTEST or not _repeats(idea, asked)]
        or ideas
        or [text or reference]
    )
    if len(telling) > _MOST:
        telling = _merged(telling, _MOST)
    weights = [max(1, _letters(idea)) ** 0.5 for idea in telling]
    if max(map(_letters, telling)) <= _LONG_ITEM:
        weights = [1.0] * len(telling)
    unit = max_score / sum(weights)
    return tuple(
        ScoringPoint(id=f"r{number}", text=idea, marks=max(1e-6, unit * weight))
        for number, (idea, weight) in enumerate(zip(telling, weights, strict=True), 1)
    )


def _ideas(text: str, asked: set[str]) -> list[str]:
    pieces = [_without_lead_in(_without_marker(text[span.start : span.end]), asked) for span in sentences(text)]
    if len(pieces) <= _FEW_SENTENCES or _enumerates(pieces):
        items = [item for piece in pieces for item in _taken_apart(piece, asked)]
        if _enumerates(items):
            return items
        pieces = items
    return _joined([stripped for piece in pieces if (stripped := piece.strip(_EDGES))])


def _without_lead_in(sentence: str, asked: set[str]) -> str:
    """Without what stands before a colon where it repeats the task or only counts what follows (分为三种形式:)."""
    sentence = sentence.strip(_EDGES)
    colon = _COLON.search(sentence)
    while colon and colon.end() < len(sentence):
        lead = sentence[: colon.start()]
        if not _repeats(lead, asked, 0.6) and not _COUNTED.search(lead):
            break
        sentence = sentence[colon.end() :].strip(_EDGES)
        colon = _COLON.search(sentence)
    return sentence


def _taken_apart(sentence: str, asked: set[str]) -> Iterator[str]:
    for clause in _STOPS.split(sentence):
        said = _behind_cue(clause.strip(_EDGES), asked)
        parts = [part.strip(_EDGES) for part in _COMMAS.split(said)]
        listed = said != clause or len(parts) > 1 or said == sentence
        if listed:
            parts[-1:] = _last_items(parts[-1])
        yield from (_CLOSING.sub("", part) or part for part in parts if part and not _COUNTED.fullmatch(part))


def _behind_cue(clause: str, asked: set[str]) -> str:
    """What 运输合同分为… or 特点是… goes on to say, where the words before repeat the task."""
    cue = _CUES.search(clause)
    if cue and cue.start() and _repeats(clause[: cue.start()], asked) and _letters(clause[cue.end() :]) > 1:
        clause = clause[cue.end() :]
    rest = _OPENING_CUE.sub("", clause, count=1) if _OPENING_CUE.match(clause) else clause
    return rest if _letters(rest) > 1 else clause


def _last_items(text: str) -> list[str]:
    """The items that 和, 与 or 及 joins at the end of an enumeration."""
    parts = [part.strip(_EDGES) for part in _AND.split(text)]
    return parts if all(1 < _letters(part) <= _LONG_ITEM for part in parts) else [text]


def _enumerates(items: Sequence[str]) -> bool:
    return bool(items) and max(map(_letters, items)) <= _LONG_ITEM and sum(map(_letters, items)) > len(items)


def _joined(pieces: Sequence[str]) -> list[str]:
    """Prose: a piece that is too short to be an idea goes to the one before it."""
    ideas: list[str] = []
    for piece in pieces:
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
    pairs = _pairs(idea)
    return bool(pairs) and sum(pair in asked for pair in pairs) / len(pairs) > share


def _merged(ideas: Sequence[str], most: int) -> list[str]:
    """Neighbours put together until at most `most` are left, the shortest pair first."""
    merged = list(ideas)
    while len(merged) > most:
        at = min(range(len(merged) - 1), key=lambda i: len(merged[i]) + len(merged[i + 1]))
        merged[at : at + 2] = [merged[at] + "；" + merged[at + 1]]
    return merged
