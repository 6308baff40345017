"""Which words of an answer speak most for a reversal of the facts."""

import numpy as np

from essaydrill.scoring.features import NOVEL_SENSE
from essaydrill.scoring.model import Logistic
from essaydrill.scoring.question import Question
from essaydrill.scoring.reading import Reading

_MOST = 3


def turning_words(question: Question, reading: Reading, head: Logistic) -> tuple[str, ...]:
    """At most three words, the strongest first, that neither the materials nor the references have and whose meaning
    the judgement `head` takes for a reversal."""
    coefficients = dict(zip(head.features, head.coefficients.tolist(), strict=True))
    numbers, rows = question.matcher.look_up(reading.words)
    strength = rows.senses[numbers] @ np.array([coefficients.get(name, 0.0) for name in NOVEL_SENSE])
    strengths: dict[str, float] = {}
    for word, novel, figure in zip(reading.words, rows.novel[numbers], np.round(strength, 3), strict=True):
        if novel and len(word) > 1 and figure > 0:
            strengths[word] = strengths.get(word, 0.0) + float(figure)
    return tuple(sorted(strengths, key=lambda word: (-strengths[word], word))[:_MOST])
