"""The canonical form of a text, with the way back to the text as it was typed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from essaydrill.text.characters import CLOSERS, HAN, NUMERALS, TERMINAL_ESCAPE
from essaydrill.text.glyphs import fold
from essaydrill.text.simplified import SIMPLIFIED, simplify


@dataclass(frozen=True, slots=True)
class NormalText:
    """A text in canonical form.

    `offsets` has len(text) + 1 entries and never falls: text[i] came from the raw character at offsets[i] (where
    several became one mark, as six dots an ellipsis, from the first and the last of them); the last is len(raw).
    """

    raw: str
    text: str
    offsets: Sequence[int]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw [start, end) that text[start:end] came from, without dropped characters behind it."""
        first = self.offsets[start]
        return first, self.offsets[end - 1] + 1 if end > start else first


def normalise(raw: str) -> NormalText:
    """`raw` with everything levelled that must not change a mark. Idempotent on the text.

    - Widths and compatibility forms are folded: ASCII letters, digits and , ; : ! ? ( ) %, but Chinese 。、“”‘’《》.
      Circled digits stay; radicals as PDF text has them become characters; traditional becomes simplified.
    - Straight, low and corner quotes become “” and ‘’ (an apostrophe stays); a full stop behind a Han character or
      a closer becomes 。, behind a list number in Han 、; -- becomes ——, … and ... become ……
    - A line end is one newline, blank lines go; spaces beside Chinese characters and punctuation and at line ends
      go, others are one space; terminal escapes and invisible characters go.
    """
    offsets: Sequence[int] = range(len(raw) + 1)
    text = _narrow(raw)
    if _unsettled().search(text):
        text = raw
        for step in _STEPS:
            text, offsets = step(text, offsets)
    return NormalText(raw, text, offsets)


_State = tuple[str, Sequence[int]]

# Characters that `fold` leaves as they are, so that a plain text needs a look only at its few others.
_PLAIN = SIMPLIFIED | frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\n。、“”‘’《》〈〉【】〔〕—…·")

# What Chinese typing is full of: `fold` makes the same of it.
_WIDE = tuple(zip("，：；？！（）％", ",:;?!()%", strict=True))


@cache
def _unsettled() -> re.Pattern[str]:
    """Finds the first place where a step may have something to do, `_WIDE` apart. Few answers have any."""
    plain = re.escape("".join(sorted(_PLAIN)))
    return re.compile(rf"""[^{plain}]|["' …]|-(?=-)|\n(?=\n)|\.(?:(?<=[{HAN}{CLOSERS}]\.)|(?=\.))""")


def _narrow(text: str) -> str:
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    return text


def _fold(text: str, offsets: Sequence[int]) -> _State:
    text = _narrow(text)
    changes = {odd: folded for odd in set(text) - _PLAIN if (folded := fold(odd)) != odd}
    if not changes:
        return text, offsets
    if all(len(folded) == 1 for folded in changes.values()):
        return text.translate({ord(odd): folded for odd, folded in changes.items()}), offsets
    pieces = [changes.get(character, character) for character in text]
    kept = [offset for piece, offset in zip(pieces, offsets, strict=False) for _ in piece]
    return "".join(pieces), [*kept, offsets[-1]]


def _replacing(pattern: re.Pattern[str], replacement: str) -> Callable[[str, Sequence[int]], _State]:
    """A step that replaces each match by `replacement` (as for Match.expand)."""

    def step(text: str, offsets: Sequence[int]) -> _State:
        pieces: list[str] = []
        kept: list[int] = []
        done = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            new = match.expand(replacement)
            if new == match[0]:
                continue
            pieces += text[done:start], new
            kept += offsets[done:start]
            if new:  # the last new character stands for the last old one, so that a span covers them all
                kept += [offsets[min(start + i, end - 1)] for i in range(len(new) - 1)]
                kept.append(offsets[end - 1])
            done = end
        if not pieces:
            return text, offsets
        return "".join([*pieces, text[done:]]), [*kept, *offsets[done:]]

    return step


def _pairing(
    pattern: re.Pattern[str], straight: str, opening: str, closing: str
) -> Callable[[str, Sequence[int]], _State]:
    """A step that makes straight quotes opening and closing ones by turns, anew in each line."""

    def step(text: str, offsets: Sequence[int]) -> _State:
        is_open = False

        def paired(match: re.Match[str]) -> str:
            nonlocal is_open
            mark = match[0]
            if mark == straight:
                mark = closing if is_open else opening
            is_open = mark == opening
            return mark

        return pattern.sub(paired, text) if straight in text else text, offsets

    return step


def _simplified(text: str, offsets: Sequence[int]) -> _State:
    return text if _PLAIN.issuperset(text) else simplify(text), offsets


# Only these need a space between them: what stands below U+2010, except the marks , ; : ! ? ( ) · of Chinese text.
_SPACED = r"""\x00- "-'*+\--9<->@-\xb6\xb8-\u200f"""
_spaces = _replacing(
    re.compile(rf" +(?=\n|[^{_SPACED}])|(?<=\n)[ \n]+|(?<=[^{_SPACED}]) +|(?<= ) +|^ +| +$"),
    "",
)


def _drop_spaces(text: str, offsets: Sequence[int]) -> _State:
    return _spaces(text, offsets) if " " in text or "\n\n" in text else (text, offsets)


_STEPS = (
    _replacing(TERMINAL_ESCAPE, ""),
    _fold,
    _pairing(re.compile('["“”\n]'), '"', "“", "”"),
    _pairing(re.compile("(?<![A-Za-z0-9])'|'(?![A-Za-z0-9])|[‘’\n]"), "'", "‘", "’"),
    _replacing(re.compile(r"(?:\.{3,}|…)(?: *(?:\.{3,}|…))*"), "……"),
    _replacing(re.compile("-{2,}"), "——"),
    _drop_spaces,
    _replacing(
        re.compile(rf"(?<![{HAN}])((?:第|其)?[{NUMERALS}]{{1,3}}|\([{NUMERALS}0-9]{{1,3}}\))\.(?=[{HAN}“‘《])"), r"\1、"
    ),
    _replacing(re.compile(rf"(?<=[{HAN}{CLOSERS}])\.(?![0-9A-Za-z.])"), "。"),
    _drop_spaces,  # 。 is a new neighbour
    _simplified,
)
