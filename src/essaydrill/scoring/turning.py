"""Which words of an answer speak most for a reversal of the facts."""

import numpy as np

from essaydrill.scoring.features import NOVEL_SENSE
from essaydrill.scoring.model import Logistic
from essaydrill.scoring.question import Question
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.words import Floats

_MOST = 3


def turning_sense(head: Logistic) -> Floats:
    """How much each dimension of what novel words mean speaks for the judgement `head`, shape (96,)."""
    coefficients = dict(zip(head.features, head.coefficients.tolist(), strict=True))
    return np.array([coefficients.get(name, 0.0) for name in NOVEL_SENSE])


def turning_words(question: Question, reading: Reading, turning: Floats) -> tuple[str, ...]:
    """At most three words, the strongest first, that neither the materials nor the references have and whose meaning
    the judgement takes for a reversal (see `turning_sense`)."""
    numbers, rows = question.matcher.look_up(reading.words)
    novel = np.flatnonzero(rows.novel[numbers])
    figures = np.round(rows.senses[numbers[novel]] @ turning, 3)
    strengths: dict[str, float] = {}
    for place, figure in zip(novel.tolist(), figures.tolist(), strict=True):
        word = reading.words[place]
        if len(word) > 1 and figure > 0:
            strengths[word] = strengths.get(word, 0.0) + figure
    return tuple(sorted(strengths, key=lambda word: (-strengths[word], word))[:_MOST])
