"""Adjectives and adverbs that colour statements and state nothing, put in by the dozen to impress a marking program.

The attack is that of Filighera et al. 2023 (Cheating Automatic Short Answer Grading with Adversarial Adjectives and
Adverbs). An honest answer has one such word in four clauses at most; one that is full of them is read without them.
"""

import re
from functools import cache

from essaydrill.paths import shipped_data
from essaydrill.scoring.lexicon import listed_words
from essaydrill.text import NormalText

MOST_HONEST = 0.5  # decorations a clause
_CLAUSE_END = re.compile(r"[,;:!?。\n]+")


def undecorated(normal: NormalText) -> NormalText:
    """The text without its decorations where it is full of them, else `normal` itself. Places in what was typed stay
    known."""
    decorations = list(_decoration().finditer(normal.text))
    if len(decorations) <= MOST_HONEST * (1 + len(_CLAUSE_END.findall(normal.text))):
        return normal
    decorated = {place for found in decorations for place in range(*found.span())}
    kept = [place for place in range(len(normal.text)) if place not in decorated]
    offsets = [*(normal.offsets[place] for place in kept), normal.offsets[-1]]
    return NormalText(normal.raw, "".join(normal.text[place] for place in kept), offsets)


@cache
def _decoration() -> re.Pattern[str]:
    words = sorted(listed_words(shipped_data() / "lexicon" / "decorations.txt"), key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(words)})[地的]?")
