"""First keywords of drafted points: the words of a point that the other points and exam prose at large lack."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from essaydrill.bank.importing.points import Idea
from essaydrill.paths import shipped_data
from essaydrill.text import default_segmenter
from essaydrill.text.characters import HAN

_GROUPS = 3  # concepts of a point
_COMMON = 5.0  # nats: about one word in 150
_IN_IDEA = 1.5  # a word of the idea itself says more than one of its details
_HAN_WORD = re.compile(rf"[{HAN}]{{2,8}}")
_NUMERAL = re.compile(r"[一二三四五六七八九十百千万零两几余多]+[个项条点次种名人户家年月日]*")


def draft_keywords(ideas: Sequence[Idea], answers: Sequence[str]) -> list[tuple[tuple[str, ...], ...]]:
    """Up to three groups for each idea, one word each, in the order of the text; every word stands in an answer."""
    written = "\n".join(answers)
    words = [{word for word in _content_words(idea.item) if word in written} for idea in ideas]
    spread = Counter(word for told in words for word in told)
    chosen: list[tuple[tuple[str, ...], ...]] = []
    for idea, told in zip(ideas, words, strict=True):

        def weight(word: str, idea: Idea = idea) -> float:
            apart = math.log((1 + len(ideas)) / spread[word])
            return apart * _information(word) * (_IN_IDEA if word in idea.text else 1)

        best: list[str] = []
        for word in sorted(told, key=lambda word: (-weight(word), idea.item.find(word))):
            if len(best) < _GROUPS and not any(word in other or other in word for other in best):
                best.append(word)
        chosen.append(tuple((word,) for word in sorted(best, key=idea.item.find)))
    return chosen


def _content_words(text: str) -> list[str]:
    told = (token.word for token in default_segmenter().cut(text))
    return [w for w in told if _HAN_WORD.fullmatch(w) and not _NUMERAL.fullmatch(w) and w not in _function_words()]


def _information(word: str) -> float:
    """How rare the word is in exam prose: nats beyond those of a word that stands in every other sentence."""
    counts = _background()
    return max(0.1, -math.log((counts.get(word, 0) + 0.5) / counts[""]) - _COMMON)


@cache
def _background() -> dict[str, int]:
    """Word → count in exam prose; "" has the count of all words."""
    lines = (shipped_data() / "model" / "background.tsv").read_text("utf-8").splitlines()
    return {word: int(count) for word, count in (line.split("\t") for line in lines)}


@cache
def _function_words() -> frozenset[str]:
    lines = (shipped_data() / "lexicon" / "function_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
