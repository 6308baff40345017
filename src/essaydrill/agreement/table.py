"""Marked answers as numbers: every feature of every answer, and the made-up answers that the models also see."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from essaydrill.agreement.corpus import MarkedAnswer
from essaydrill.agreement.made_up import adorned, heaped, negated, shuffled
from essaydrill.bank import Item
from essaydrill.scoring.features import Features, compute_features
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.presentation import presentation_features, read_structure
from essaydrill.scoring.question import Question, compile_question
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.sheaf import Sheaf
from essaydrill.text import default_segmenter, normalise

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Flawed answers that are still honest statements: their points are marked like anyone's.
HONEST_FLAWS = ("overlong", "empty_talk", "partly_reversed")
FRAGMENTS = 3  # made-up fragments of each honest answer
STRANGERS = (1, 4, 7, 12, 19, 26, 33, 41)  # how many questions further on the answers to other questions are taken from
STRANGE = "other_question"
WELL_STATED = 0.6  # an answer above this share states enough for its negation to reverse the facts


@dataclass(frozen=True)
class Table:
    """n answers, m points of all answers together.

    `fragments` are points of made-up answers: one window of an honest answer alone, and a single character. A point
    that the window does not state has credit 0 there. They teach that an answer's brevity is no evidence. `made_up`
    are whole answers with a known flaw (none for an adorned honest one), `stranger_rows` the points of answers to
    other questions, all of credit 0.
    """

    answers: Sequence[MarkedAnswer]
    point_rows: Floats  # (m, point features)
    credits: Floats  # (m,) people's
    marks: Floats  # (m,)
    owner: NDArray[np.int64]  # (m,) place of the answer
    answer_rows: Floats  # (n, answer features)
    forms: Floats  # (n, presentation features) with content 0
    form_names: tuple[str, ...]
    fragment_rows: Floats  # (f, point features)
    fragment_credits: Floats  # (f,)
    fragment_owner: NDArray[np.int64]  # (f,) place of the answer it was taken from
    made_up_rows: Floats  # (u, answer features)
    made_up_flaws: NDArray[np.str_]  # (u,)
    made_up_questions: NDArray[np.str_]  # (u,) the question they were held against
    stranger_rows: Floats  # (s, point features)
    stranger_questions: NDArray[np.str_]  # (s,)
    stranger_owner: NDArray[np.int64]  # (s,) the answer, among those to other questions
    stranger_marks: Floats  # (s,)

    @property
    def questions(self) -> NDArray[np.str_]:
        return np.array([answer.item.prompt.id for answer in self.answers])

    @property
    def honest(self) -> Mask:
        """Answers whose points say what a stated or unstated point looks like."""
        return np.array([a.stratum != "adversarial" or a.flaw in HONEST_FLAWS for a in self.answers])

    @property
    def genuine(self) -> Mask:
        """Answers that no judgement of the whole may touch."""
        return np.array([a.stratum != "adversarial" or a.flaw == "overlong" for a in self.answers])

    @property
    def flaws(self) -> NDArray[np.str_]:
        return np.array([answer.flaw or "" for answer in self.answers])

    @property
    def full(self) -> Floats:
        return np.array([answer.item.prompt.max_score for answer in self.answers])

    @property
    def presentation_marks(self) -> Floats:
        return np.array([answer.item.reference.presentation for answer in self.answers])

    @property
    def stranger_answer_rows(self) -> Floats:
        """The whole answers to other questions, shape (number of them, answer features)."""
        return self.made_up_rows[self.made_up_flaws == STRANGE]

    @property
    def human(self) -> Floats:
        """People's totals as shares of the full mark."""
        return np.array([answer.total for answer in self.answers]) / self.full


def share_by_answer(table: Table, credits: Floats) -> Floats:
    """The share of the points' marks that each answer earns, shape (answers,)."""
    count = len(table.answers)
    earned = np.bincount(table.owner, credits * table.marks, count)
    shares: Floats = earned / np.bincount(table.owner, table.marks, count)
    return shares


def tabulate(answers: Sequence[MarkedAnswer], fragments: bool = True) -> Table:
    """Compute every feature of every answer."""
    segmenter = default_segmenter()
    compiled = _compiler()
    rows: list[Floats] = []
    credits: list[float] = []
    marks: list[float] = []
    owner: list[int] = []
    answer_rows: list[Floats] = []
    forms: list[dict[str, float]] = []
    made_up: list[tuple[Floats, float, int]] = []
    for number, answer in enumerate(answers):
        points = answer.item.reference.points
        question = compiled(answer.item)
        reading = Reading.of(normalise(answer.text), segmenter)
        features = _features(question, reading)
        given = [answer.credits[point.id] for point in points]
        structure = read_structure(reading, answer.item.prompt, answer.item.prompt.limit)
        rows.extend(features.points)
        credits.extend(given)
        marks.extend(point.marks for point in points)
        owner.extend([number] * len(points))
        answer_rows.append(features.answer)
        forms.append(presentation_features(structure, 0.0))
        if fragments and (answer.stratum != "adversarial"):
            made_up.extend(
                (row, credit, number) for row, credit in _fragments(question, reading, features, given, number)
            )
    whole = list(_made_up(answers, compiled)) if fragments else []
    strange = [(made, question) for made, flaw, question in whole if flaw == STRANGE]
    strangers = [(row, question, n) for n, (made, question) in enumerate(strange) for row in made.points]
    marks_of = {a.item.prompt.id: [point.marks for point in a.item.reference.points] for a in answers}
    return Table(
        answers=answers,
        point_rows=np.array(rows),
        credits=np.array(credits),
        marks=np.array(marks),
        owner=np.array(owner),
        answer_rows=np.array(answer_rows),
        forms=np.array([list(form.values()) for form in forms]),
        form_names=tuple(forms[0]),
        fragment_rows=np.array([row for row, _, _ in made_up]).reshape(len(made_up), rows[0].shape[0]),
        fragment_credits=np.array([credit for _, credit, _ in made_up]),
        fragment_owner=np.array([number for _, _, number in made_up], np.int64),
        made_up_rows=np.array([made.answer for made, _, _ in whole]).reshape(len(whole), answer_rows[0].shape[0]),
        made_up_flaws=np.array([flaw for _, flaw, _ in whole], np.str_),
        made_up_questions=np.array([question for _, _, question in whole], np.str_),
        stranger_rows=np.array([row for row, _, _ in strangers]).reshape(len(strangers), rows[0].shape[0]),
        stranger_questions=np.array([question for _, question, _ in strangers], np.str_),
        stranger_owner=np.array([n for _, _, n in strangers], np.int64),
        stranger_marks=np.array([marks for _, question in strange for marks in marks_of[question]]),
    )


def _compiler() -> Callable[[Item], Question]:
    """Compiles every question once."""
    segmenter, lexicon = default_segmenter(), default_lexicon()
    compiled: dict[str, Question] = {}

    def compile_once(item: Item) -> Question:
        if item.digest not in compiled:
            texts = [reference.text for reference in item.reference.references]
            compiled[item.digest] = compile_question(item, item.reference.points, texts, segmenter, lexicon)
        return compiled[item.digest]

    return compile_once


def _features(question: Question, reading: Reading) -> Features:
    sheaf = Sheaf([reading])
    return compute_features(question, sheaf, question.matcher.match(sheaf))[0]


def _fragments(
    question: Question, reading: Reading, features: Features, credits: Sequence[float], seed: int
) -> list[tuple[Floats, float]]:
    made_up: list[tuple[Floats, float]] = []
    segmenter = default_segmenter()
    covered = [set(reading.window_clauses(window)) for window in features.window.tolist()]
    for k in np.random.default_rng(seed).permutation(len(covered))[:FRAGMENTS]:
        kept = [reading.clause_texts[c] for c in sorted(covered[k])]
        fragment = Reading.of("".join(kept), segmenter)
        if not fragment.is_empty:
            rows = _features(question, fragment).points
            made_up += [(rows[j], credits[j] if covered[j] <= covered[k] else 0.0) for j in range(len(covered))]
    made_up += [(row, 0.0) for row in _features(question, Reading.of("一", segmenter)).points]
    return made_up


def _made_up(
    answers: Sequence[MarkedAnswer], compiled: Callable[[Item], Question]
) -> Iterator[tuple[Features, str, str]]:
    """Features, flaw and question of whole answers made by machine; the same in every run."""
    segmenter = default_segmenter()

    def held_against(item: Item, text: str, flaw: str) -> Iterator[tuple[Features, str, str]]:
        reading = Reading.of(text, segmenter)
        if not reading.is_empty:
            yield _features(compiled(item), reading), flaw, item.prompt.id

    for number, answer in enumerate(answers):
        item = answer.item
        if answer.stratum != "adversarial":
            if number % 4 < 2:
                yield from held_against(item, shuffled(answer.text, segmenter, number), "scrambled")
            if answer.total > WELL_STATED * item.prompt.max_score:
                yield from held_against(item, negated(answer.text, segmenter, number), "reversed")
            if number % 3 == 0:
                yield from held_against(item, adorned(answer.text, segmenter, number), "")
        elif answer.flaw not in HONEST_FLAWS:
            yield from held_against(item, adorned(answer.text, segmenter, number), answer.flaw or "")
    first = {answer.item.prompt.id: answer for answer in reversed(answers) if answer.stratum == "ordinary"}
    questions = sorted(first)
    for place, question in enumerate(questions):
        item = first[question].item
        yield from held_against(item, heaped(item, place), "keyword_stuffing")
        for step in STRANGERS:
            stranger = first[questions[(place + step) % len(questions)]]
            if stranger.item.prompt.id != question:
                yield from held_against(item, stranger.text, STRANGE)
