"""Adjectives and adverbs that colour statements and state nothing, put in by the dozen to impress a marking program.

The attack is that of Filighera et al. 2023 (Cheating Automatic Short Answer Grading with Adversarial Adjectives and
Adverbs). An honest answer has one such word in four clauses at most; one that is full of them is read without them.
"""

import re
from collections.abc import Sequence
from functools import cache

from essaydrill.paths import shipped_data
from essaydrill.scoring.lexicon import listed_words
from essaydrill.text import NormalText

MOST_HONEST = 0.5  # decorations a clause
LEAST_WORDS = 40  # a short answer may be a list of such words: 及时、准确、高效


def is_decorated(words: Sequence[str], clauses: int) -> bool:
    """Whether a text of so many clauses is full of decorations."""
    most = MOST_HONEST * clauses
    return len(words) >= LEAST_WORDS and sum(map(decorations().__contains__, words)) > most


def undecorated(normal: NormalText) -> NormalText:
    """The text without its decorations; places in what was typed stay known."""
    decorated = {place for found in _decoration().finditer(normal.text) for place in range(*found.span())}
    kept = [place for place in range(len(normal.text)) if place not in decorated]
    offsets = [*(normal.offsets[place] for place in kept), normal.offsets[-1]]
    return NormalText(normal.raw, "".join(normal.text[place] for place in kept), offsets)


@cache
def decorations() -> frozenset[str]:
    """The words that decorate."""
    return frozenset(listed_words(shipped_data() / "lexicon" / "decorations.txt"))


@cache
def _decoration() -> re.Pattern[str]:
    words = sorted(decorations(), key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(words)})[地的]?")
