"""Scoring points drafted from how a reference answer is built: its numbered items, paragraphs or sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from essaydrill.bank.importing.numbering import NEXT, Numbered, Style, numbered, numbers_within
from essaydrill.text import clauses, paragraphs, sentences

_FEWEST, _MOST = 4, 12  # points of one answer: with fewer, each is looked at for items of its own
_COVERED = 0.4  # the share of an answer that a list has to cover, else it is a list inside one paragraph
_STEP = 2  # a number may be missing in a list, as printers lose them
_IDEA = 40  # characters of a point's text
_TOPIC = 12  # a topic sentence shorter than this gets what follows it,
_FILLED = 30  # up to this many characters
_TITLE = 30  # a first line that is shorter and no sentence is a title

_ITEM_MARKS = re.compile(r"\s*[（(]\s*(?:共)?(\d{1,2}(?:\.5)?)\s*分\s*[）)]")
_FORM = r"(?:语言|卷面|条理|逻辑|书写|结构|格式)[^（）()\n，。；]{0,8}\d\s*分"
_FORM_MARKS = re.compile(rf"[（(]{_FORM}[）)]|(?:^|(?<=[。；;\n])){_FORM}(?:[。；;]|(?=\n|$))")
_LEAD_IN = re.compile(r"(?<=[。；;！!？?\n])[^。；;！!？?\n]{1,10}[：:]\s*$")  # 对策： before the next list
_ENDS = "。；;！？!?：:，,、 \n"
_SENTENCE = re.compile(r"[。！？!?；;]")


@dataclass(frozen=True)
class Idea:
    """One point in the making: `text` is its idea, `item` all that the answer says of it, `marks` where stated."""

    text: str
    item: str
    marks: float | None = None


def read_ideas(answer: str) -> tuple[Idea, ...]:
    """The ideas of one answer, 1 to 12 (0 for an empty one)."""
    answer = _FORM_MARKS.sub("", answer).strip()
    ideas = map(_idea, _items(answer))
    return tuple(idea for idea in ideas if any(c.isalnum() for c in idea.text))


def without_marks(answer: str) -> str:
    """The answer without the marks that a scheme notes in it, as （3分）."""
    return _ITEM_MARKS.sub("", _FORM_MARKS.sub("", answer)).strip()


def share(total: float, weights: Sequence[float]) -> list[float]:
    """`total` marks dealt out by `weights` (one or more, above 0) in halves, none without marks; they add up to it."""
    unit = 0.5 if total >= 0.5 * len(weights) else total / len(weights)
    spare = total - unit * len(weights)
    exact = [spare * weight / sum(weights) for weight in weights]
    marks = [unit + unit * int(part / unit + 1e-9) for part in exact]
    behind = sorted(range(len(marks)), key=lambda n: marks[n] - unit - exact[n])
    left = total - sum(marks)
    for n in behind:
        if left < unit - 1e-9:
            break
        marks[n] += unit
        left -= unit
    marks[behind[-1]] += left  # less than one unit, where the total itself is no multiple of it
    return marks


def _items(text: str) -> list[str]:
    outer = _list(text)
    if outer:
        if len(outer) >= _FEWEST:
            return outer if len(outer) <= _MOST else _joined(outer)
        inner = [_list(item, _COVERED / 2) or [item] for item in outer]
        flat = [item for items in inner for item in items]
        return flat if len(flat) <= _MOST else outer
    parts = [text[start:end] for start, end in paragraphs(text)]
    parts = [part for part in parts if len(part) > _TITLE or _SENTENCE.search(part)] or parts
    if len(parts) < _FEWEST:
        parts = [part[start:end] for part in parts for start, end in sentences(part)]
    return _joined(parts)


def _list(text: str, covered: float = _COVERED) -> list[str]:
    """The items of the outermost list of `text`; empty where it is not a list."""
    lists = [chain for chain in _chains(text) if chain]
    if not lists:
        return []
    outer = min(lists, key=lambda chain: chain[0].start)
    if len(text) - outer[0].start < covered * len(text):
        return []
    ends = [*(marker.start for marker in outer[1:]), len(text)]
    items = [_LEAD_IN.sub("", text[marker.end : end]).strip() for marker, end in zip(outer, ends, strict=True)]
    if not any("\n" in item for item in items[:-1]):  # each is one paragraph: what follows the last closes the answer
        items[-1] = items[-1].split("\n")[0]
    items[-1] = _unsigned(items[-1])
    return items


def _unsigned(item: str) -> str:
    """The last item without the signature and the date below it."""
    lines = item.split("\n")
    while len(lines) > 1 and len(lines[-1]) <= _TITLE and not _SENTENCE.search(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _chains(text: str) -> Iterator[list[Numbered]]:
    """The numbers of each style that make lists; lists in a row (原因 1. 2. 3. 对策 1. 2. 3.) are put together."""
    runs: dict[Style, list[list[Numbered]]] = {}
    for marker in numbers_within(text):
        of_style = runs.setdefault(marker.style, [])
        last = of_style[-1][-1].number if of_style else 0
        if marker.number == 1:
            of_style.append([marker])
        elif of_style and (marker.number == NEXT or last < marker.number <= last + _STEP):
            number = marker.number or last + 1
            of_style[-1].append(replace(marker, number=number))
    for of_style in runs.values():
        yield [marker for run in of_style if len(run) > 1 for marker in run]


def _joined(items: Sequence[str]) -> list[str]:
    """Neighbours put together until at most 12 are left, the shortest pair first."""
    several = len(items) // (_MOST * _MOST) + 1
    joined = ["\n".join(items[at : at + several]) for at in range(0, len(items), several)]
    while len(joined) > _MOST:
        at = min(range(len(joined) - 1), key=lambda n: len(joined[n]) + len(joined[n + 1]))
        joined[at : at + 2] = ["\n".join(joined[at : at + 2])]
    return joined


def _idea(item: str) -> Idea:
    stated = _ITEM_MARKS.findall(item)
    said = without_marks(item).strip()
    marker = numbered(said)
    said = said[marker.end :] if marker else said
    marks = sum(map(float, stated)) or None
    return Idea(_shortened(said), said, marks)


def _shortened(item: str) -> str:
    """The topic sentence; with the clauses behind it where it is short, or only its first clauses where it is long."""
    begin, end = next(iter(sentences(item)), (0, len(item)))
    text = ""
    for start, stop in clauses(item):
        clause = item[start:stop].strip(_ENDS)
        marker = numbered(clause)
        clause = clause[marker.end :] if marker else clause
        longer = f"{text}{_link(item, start, text)}{clause}"
        behind = start >= end
        most = _FILLED if behind and len(text) >= _TOPIC else _IDEA
        if text and (len(longer) > most or (behind and end - begin >= _TOPIC)):
            break
        text = longer
    return text[:_IDEA].strip(_ENDS) or item[:_IDEA]


def _link(item: str, at: int, before: str) -> str:
    if not before:
        return ""
    return "：" if item[:at].rstrip()[-1:] in "。：:\n" or "\n" in item[max(0, at - 1) : at] else "，"
