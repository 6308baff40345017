"""How well each window of some answers states each scoring point.

Sums run over whole numbers, or in the order of the answer: the same answer gets the same figures whether it is scored
alone or among thousands, on any machine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.groups import Groups, Integers, counted
from essaydrill.scoring.lexicon import UNIT
from essaydrill.scoring.reading import WINDOW
from essaydrill.scoring.sheaf import Sheaf
from essaydrill.scoring.targets import Targets
from essaydrill.scoring.words import SENSE_UNIT, Floats, WordRows, WordTable, summed_sense, unit_rows
from essaydrill.text.pairs import NumberedPhrases

# Weights of the three ways a window can state a point. The sum only ranks windows; the fitted model weighs evidence.
TEXT_WEIGHT, KEYWORD_WEIGHT, PASSAGE_WEIGHT = 0.35, 0.35, 0.30
SENSE_WEIGHT = 0.5
EXTRA_CLAUSE_COST = 0.02  # of two equally good windows the shorter one is the evidence
PASSAGE_PRIOR = UNIT  # one nat: a very short passage must not count as fully matched by a single word
_SHARPNESS = 8.0
CLAUSES_AT_ONCE = 256


@dataclass(frozen=True)
class Match:
    """All figures of the A answers of a sheaf against one question; K points, W windows, G keyword groups."""

    text: Floats  # (K, W) how much of the point's own text the window says, 0..1
    keywords: Floats  # (G, W) each keyword group, 0..1.1
    keyword_mean: Floats  # (K, W)
    keyword_min: Floats  # (K, W)
    keyword_max: Floats  # (K, W)
    passage_max: Floats  # (K, W) the best of the reference passages
    passage_mean: Floats  # (K, W)
    precision: Floats  # (K, W) how much of the window speaks of the point
    sense: Floats  # (K, W) mean cosine of meanings, the question's theme taken out
    sense_any: Floats  # (K, W) the best such cosine
    bits: Floats  # (K, W) information found of the point's text, nats
    total: Floats  # (K, W) the weighted sum that ranks windows
    joint: Floats  # (K, W) the same with meaning
    share: Floats  # (K, W) how much of the window's meaning belongs to this point rather than to another
    whole_text: Floats  # (K, A) the point's text found anywhere in the answer
    whole_keywords: Floats  # (K, A)
    opposed: Floats  # (K, W) words that say the opposite of what states the point
    polarity: Floats  # (classes, W) polarity words
    counts: Floats  # (A, len(COUNTS)) what is counted of each word, added up over the answer
    words: Integers  # (words,) the number of each word of the answers
    rows: WordRows  # what is known of the words, by number


class Matcher:
    """Matches answers against the targets of one question."""

    def __init__(self, targets: Targets, theme: Floats, table: WordTable) -> None:
        """`theme` is the question's common direction of meaning, shape (96,), length 1 or 0."""
        self.targets = targets
        self._table = table
        self._senses, self._sense_groups = self._point_senses(theme)
        groups: dict[str, list[int]] = {}
        for group, wordings in enumerate(wordings for asked in targets.points for wordings in asked.literal):
            for wording in wordings:
                groups.setdefault(wording, []).append(group)
        self._wordings = NumberedPhrases(groups)
        self._characters = {wording: owners for wording, owners in groups.items() if len(wording) < 2}

    def _point_senses(self, theme: Floats) -> tuple[NDArray[np.float32], Groups]:
        """What each point means: in its own words, and as each passage says it; and which of these are whose."""
        lexicon = self.targets.lexicon
        texts = []
        for asked in self.targets.points:
            keyword_words = [term.word for group in asked.wordings for wording in group for term in wording]
            own = [term.word for term in asked.terms]
            texts.append([[*own, *keyword_words[:12]], *(passage.words for passage in asked.passages)])
        senses = np.array([summed_sense(lexicon, words, theme) for own in texts for words in own])
        return unit_rows(senses), Groups(np.array([len(own) for own in texts]))

    def look_up(self, words: Sequence[str]) -> tuple[Integers, WordRows]:
        """The numbers of `words`, and what is known of all words by number."""
        return self._table.look_up(words)

    def match(self, sheaf: Sheaf) -> Match:
        """All figures of the answers in a sheaf."""
        words, rows = self.look_up(sheaf.words)
        targets = self.targets
        points = len(targets.points)
        found, whole = self._found(sheaf, rows.information, words)
        text_full = targets.full[targets.text_group, None]
        text = found[targets.text_group] / text_full
        whole_text = whole[targets.text_group] / text_full
        keywords, whole_groups = self._keywords(sheaf, found, whole)
        mean, low, high = _by_point(keywords, targets.keyword_point, text)
        passages = found[targets.passage_groups] / (targets.full[targets.passage_groups, None] + PASSAGE_PRIOR)
        passage_mean, _, passage_max = _by_point(passages, targets.passage_point, text)
        sense, sense_any = self._sense(sheaf, rows.senses, words)
        extra = EXTRA_CLAUSE_COST * np.repeat(np.arange(3), len(sheaf.clauses.sizes))
        total = TEXT_WEIGHT * text + KEYWORD_WEIGHT * mean + PASSAGE_WEIGHT * passage_max - extra
        by_clause = sheaf.clauses.reduce(np.add, lambda places: rows.sums[words[places]])
        spoken, opposed, (said, _, _, *polarity) = np.split(
            sheaf.window_sum(np.ascontiguousarray(by_clause.T)), [points, 2 * points]
        )
        exponent = np.exp(_SHARPNESS * sense)
        return Match(
            text=text,
            keywords=keywords,
            keyword_mean=mean,
            keyword_min=low,
            keyword_max=high,
            passage_max=passage_max,
            passage_mean=passage_mean,
            precision=spoken / (said + 0.3),
            sense=sense,
            sense_any=sense_any,
            bits=found[targets.text_group] / UNIT,
            total=total,
            joint=total + SENSE_WEIGHT * np.maximum(sense, 0.0),
            share=exponent / exponent.sum(axis=0),
            whole_text=whole_text,
            whole_keywords=_by_point(whole_groups, targets.keyword_point, whole_text)[0],
            opposed=opposed,
            polarity=np.array(polarity),
            counts=np.add.reduceat(by_clause[:, 2 * points :], sheaf.answers.starts, axis=0),
            words=words,
            rows=rows,
        )

    def _found(
        self, sheaf: Sheaf, information: NDArray[np.uint8], words: Integers
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """What is said of each group of terms, in 1/16 nats: in each window, shape (groups, W), and in each whole
        answer, shape (groups, A). It is the best word for each term, less what a text of that length says by chance."""
        by_clause = sheaf.clauses.reduce(np.maximum, lambda places: information[words[places]])
        self._add_equivalents(sheaf, by_clause)
        by_term = np.ascontiguousarray(by_clause.T)
        by_window = sheaf.window_max(by_term)
        by_answer = np.maximum.reduceat(by_term, sheaf.answers.starts, axis=1)
        answer_lengths = np.array([len(reading.words) for reading in sheaf.readings])
        return self._by_group(by_window, sheaf.window_lengths), self._by_group(by_answer, answer_lengths)

    def _add_equivalents(self, sheaf: Sheaf, by_clause: NDArray[np.uint8]) -> None:
        """Raise what a clause says of a term where it has an equivalent wording of it."""
        row_of, information = self.targets.equivalents
        concepts, clauses = sheaf.mentions
        rows = row_of[np.minimum(concepts, len(row_of) - 1)]
        rows, clauses = rows[rows >= 0], clauses[rows >= 0]
        having, counts = counted(clauses)
        raised = Groups(counts).reduce(np.maximum, lambda places: information[rows[places]])
        by_clause[having] = np.maximum(by_clause[having], raised)

    def _by_group(self, said: NDArray[np.uint8], lengths: Integers) -> NDArray[np.uint16]:
        """Shape (U, n), of texts of `lengths` words, to (groups, n)."""
        chance = np.rint(np.log(np.maximum(lengths, 4)) * UNIT).astype(np.uint8)
        beyond = (np.maximum(said, chance) - chance).astype(self.targets.sum_type)
        term_of = self.targets.term_of
        return self.targets.groups.reduce(np.add, lambda items: beyond[term_of[items]])

    def _keywords(self, sheaf: Sheaf, found: NDArray[np.uint16], whole: NDArray[np.uint16]) -> tuple[Floats, Floats]:
        """Keyword groups per window, shape (G, W), and in the whole answers, shape (G, A)."""
        targets = self.targets
        groups, full = targets.wording_groups, targets.wording_full[:, None]
        stated = targets.keywords.reduce(np.maximum, lambda wordings: found[groups[wordings]] / full[wordings])
        anywhere = targets.keywords.reduce(np.maximum, lambda wordings: whole[groups[wordings]] / full[wordings])
        # A wording that stands there letter by letter is found, however the words were segmented.
        literal, answers = self._literal(sheaf)
        np.maximum(stated, sheaf.window_max(literal), out=stated)
        np.maximum(anywhere, answers, out=anywhere)
        return np.minimum(stated, 1.1), np.minimum(anywhere, 1.1)

    def _literal(self, sheaf: Sheaf) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """In which clauses, (G, C), and answers, (G, A), a wording of each keyword group stands letter by letter."""
        places, numbers = self._wordings.everywhere(sheaf.text)
        for character, owners in self._characters.items():
            at = [match.start() for match in re.finditer(re.escape(character), sheaf.text)]
            places = np.concatenate([places, np.repeat(np.array(at, np.int64), len(owners))])
            numbers = np.concatenate([numbers, np.tile(owners, len(at))])
        answers = np.searchsorted(sheaf.text_starts, places, side="right") - 1
        clauses = sheaf.clause_at(places)
        groups = len(self.targets.keyword_point)
        in_answer = np.zeros((groups, len(sheaf.readings)), bool)
        in_answer[numbers, answers] = True
        in_clause = np.zeros((groups, len(sheaf.clauses.sizes)), bool)
        there = (clauses >= 0) & (sheaf.answers.owner[clauses] == answers)  # or else before the first clause
        in_clause[numbers[there], clauses[there]] = True
        return in_clause, in_answer

    def _sense(self, sheaf: Sheaf, senses: NDArray[np.float32], words: Integers) -> tuple[Floats, Floats]:
        cosines = self._cosines(sheaf.clauses.reduce(np.add, lambda places: senses[words[places]]))
        sums = self._sense_groups.reduce(np.add, lambda rows: cosines[rows])
        best = self._sense_groups.reduce(np.maximum, lambda rows: cosines[rows])
        return sums / self._sense_groups.sizes[:, None], best

    def _cosines(self, by_clause: NDArray[np.float32]) -> Floats:
        """Cosines of what each window means, the sum of its clauses, and each sense of a point, shape (senses, W).

        Some clauses at a time, so that the figures stay in the processor's caches.
        """
        count = len(by_clause)
        clauses = np.concatenate([by_clause, np.zeros((WINDOW, by_clause.shape[1]), np.float32)])
        cosines = np.empty((len(self._senses), WINDOW, count))
        for start in range(0, count, CLAUSES_AT_ONCE):
            stop = min(start + CLAUSES_AT_ONCE, count)
            windows = clauses[start:stop].copy()
            for size in range(WINDOW):
                cosines[:, size, start:stop] = self._senses @ unit_rows(windows).T
                windows += clauses[start + size + 1 : stop + size + 1]
        cosines /= SENSE_UNIT**2
        return cosines.reshape(len(self._senses), WINDOW * count)


def _by_point(rows: Floats, owner: Integers, default: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, minimum and maximum of the rows that each point owns; a point without any takes `default`."""
    having, sizes = counted(owner)
    groups = Groups(sizes)
    figures = [groups.reduce(ufunc, lambda places: rows[places]) for ufunc in (np.add, np.minimum, np.maximum)]
    figures[0] /= sizes[:, None]
    if len(having) == len(default):
        mean, low, high = figures
    else:
        mean, low, high = (default.copy() for _ in figures)
        mean[having], low[having], high[having] = figures
    return mean, low, high
