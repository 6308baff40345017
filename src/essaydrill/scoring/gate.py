"""Judgements about the whole answer: a heap of keywords, empty talk, facts reversed, another question's answer, a copy.

Most are small logistic regressions fitted on marked answers; copying and the words of other subjects are counted. Each
judgement is a flag with a sentence, and a factor on what the points earn. A clear case costs all, a doubtful one
nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from essaydrill.scoring.features import ANSWER_FEATURES, Features
from essaydrill.scoring.model import MarkingModel, ramp
from essaydrill.scoring.result import Flag

REVERSED, OFF_TASK = "reversed", "off_task"
_MESSAGES = {
    "keyword_stuffing": "多为词语堆砌，没有成句的表述，采分点按整句意思给分",
    "empty_talk": "多为口号和套话，提到了材料里的词，却没有把要点说成事",
    REVERSED: "多处说法与材料事实或题意相反，说反的要点不得分",
    OFF_TASK: "内容与本题材料和任务关系不大，像是在答别的题",
    "scrambled": "词语没有组成通顺的句子，读不出完整的意思",
    "copied_materials": "大段照抄材料原文，没有概括加工",
    "noise": "没有写出能够辨认的句子",
}

# Share of the answer that stands in the materials in runs of a dozen characters and more. Honest answers quote phrases
# and stay below a third; a copy is nearly all quotation.
COPY_FROM, COPY_TO = 0.55, 0.85
# What copied sentences may still earn: they name some points, unselected and unformed.
COPY_FLOOR = 0.35

# How much likelier the words are on this question than on the likeliest other subject, nats a word. Of 600 honest
# answers to 65 questions none was below 0.4; two thirds of the answers to other questions are below -0.3.
FOREIGN_FROM, FOREIGN_TO = 0.2, -0.2

# A sentence or two is too little to judge a manner of writing by: below this many words nothing is held against an
# answer, from the second on a judgement counts in full.
TOO_SHORT, LONG_ENOUGH = 15, 40


@dataclass(frozen=True)
class Gate:
    """`factor` 0..1 on everything the points earn; `doubt` is the highest probability of any judgement."""

    factor: float
    doubt: float
    flags: tuple[Flag, ...]


_COLUMNS = {name: column for column, name in enumerate(ANSWER_FEATURES)}


def predict_gates(model: MarkingModel, features: Sequence[Features]) -> list[dict[str, float]]:
    """The probability of each judgement on some answers, 0..1."""
    rows = np.array([seen.answer for seen in features])
    found = [head.predict(rows[:, [_COLUMNS[name] for name in head.features]]) for head in model.gates.values()]
    by_answer = np.reshape(found, (len(model.gates), len(rows))).T.tolist()
    return [dict(zip(model.gates, likely, strict=True)) for likely in by_answer]


def judge_answer(
    model: MarkingModel,
    likely: Mapping[str, float],
    features: Features,
    copied: float,
    words: int,
    turning: Callable[[], Sequence[str]],
) -> Gate:
    """Judge the whole answer: how likely each judgement is, its features, the share of it that is copied (0..1), its
    length in words.

    `turning` finds the words that speak most for a reversal, asked only where one is found.
    """
    factor, doubt, flags = 1.0, 0.0, []
    weight = ramp(words, TOO_SHORT, LONG_ENOUGH)
    for code, probability in likely.items():
        probability *= weight
        cost = ramp(probability, model.gate_from, model.gate_to)
        doubt = max(doubt, probability)
        factor *= 1.0 - cost
        if cost > 0:
            reasons = turning() if code == REVERSED else ()
            flags.append(Flag(code=code, message=_MESSAGES[code] + _such_as(reasons)))
    cost = weight * ramp(-float(features.answer[_COLUMNS["contrast"]]), -FOREIGN_FROM, -FOREIGN_TO)
    factor *= 1.0 - cost
    if cost > 0 and all(flag.code != OFF_TASK for flag in flags):
        flags.append(Flag(code=OFF_TASK, message=_MESSAGES[OFF_TASK]))
    cost = ramp(copied, COPY_FROM, COPY_TO)
    if cost > 0:
        factor *= 1.0 - (1.0 - COPY_FLOOR) * cost
        flags.append(Flag(code="copied_materials", message=_MESSAGES["copied_materials"]))
    return Gate(factor, doubt, tuple(flags))


def _such_as(words: Sequence[str]) -> str:
    return f"（材料里没有的说法如“{'”“'.join(words)}”）" if words else ""


def noise_flag() -> Flag:
    return Flag(code="noise", message=_MESSAGES["noise"])
