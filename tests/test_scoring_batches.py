"""Many answers at once: the same figures as one by one, and as the plain definitions give."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill import Bank, Item, Scorer
from essaydrill.scoring.concepts import default_concepts
from essaydrill.scoring.groups import Groups
from essaydrill.scoring.lexicon import UNIT, default_lexicon
from essaydrill.scoring.question import compile_question
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.sheaf import Sheaf
from essaydrill.scoring.spelling import COPIED_RUN, Spelling
from essaydrill.scoring.tfidf import Tfidf, character_ngrams
from essaydrill.scoring.wordorder import BEGIN, END, SMOOTHING, STEP, default_word_order
from essaydrill.text import default_segmenter
from essaydrill.text.characters import letters

BANK = Bank.open()
ITEM = BANK["governance-summary-01"]
SCORER = Scorer(ITEM)
SEGMENTER = default_segmenter()
MATERIAL = ITEM.prompt.materials[0].text
REFERENCE = ITEM.reference.references[0].text
QUESTION = compile_question(ITEM, ITEM.reference.points, [REFERENCE], SEGMENTER, default_lexicon())

quick = settings(deadline=None, max_examples=30)
quoted = [*REFERENCE.replace("。", "。\0").split("\0"), *MATERIAL.replace("，", "，\0").split("\0")[:40]]
pieces = st.sampled_from([*quoted, *"不，。\n、!〇", "基层", "治理", "没有", "一、", "a1", "Река"])
answers = st.lists(pieces, max_size=25).map("".join)


def read(text: str) -> Reading:
    return Reading.of(text, SEGMENTER)


def written(texts: list[str]) -> list[Reading]:
    return [reading for reading in map(read, texts) if not reading.is_empty]


# --- marks


@given(st.lists(answers | st.text(max_size=20), max_size=6))
@quick
def test_a_mark_does_not_hang_on_the_answers_beside_it(texts: list[str]) -> None:
    one_by_one = [SCORER.score(text).model_dump_json() for text in texts]
    assert [result.model_dump_json() for result in SCORER.score_many(texts)] == one_by_one


@pytest.mark.parametrize("prompt", list(BANK)[::11])
def test_all_specimens_at_once(prompt: str) -> None:
    item = BANK[prompt]
    texts = [specimen.answer for specimen in item.reference.specimens]
    together = [result.model_dump_json() for result in Scorer(item).score_many(texts * 8)]  # more than one batch
    fresh = Scorer(item)
    assert together == [fresh.score(text).model_dump_json() for text in texts] * 8


def test_without_a_scheme_too() -> None:
    references = ["资金投入不足，设备陈旧；人员老化。", "缺钱、缺人、缺技术。"]
    scorer = Scorer(Item.from_references(task="简述基层站所存在的问题。", references=references))
    texts = ["缺钱。", "", "人员老化，设备陈旧，缺技术。", *references]
    assert scorer.score_many(texts) == [scorer.score(text) for text in texts]


def test_nothing_to_mark() -> None:
    assert SCORER.score_many([]) == []
    assert [result.score for result in SCORER.score_many(["", "。"])] == [0, 0]


# --- groups and windows


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(0, 3))
@quick
def test_groups_are_reduced(sizes: list[int], columns: int) -> None:
    groups = Groups(np.array(sizes, np.int64))
    rows = np.random.default_rng(len(sizes)).normal(size=(sum(sizes), columns))
    own = np.split(rows, np.cumsum(sizes)[:-1]) if sizes else []
    for ufunc in (np.add, np.maximum):
        expected = [ufunc.accumulate(group)[-1] for group in own]
        found = groups.reduce(ufunc, lambda items: rows[items])
        assert np.array_equal(found, np.array(expected).reshape(len(sizes), columns))
    assert groups.owner.tolist() == [number for number, size in enumerate(sizes) for _ in range(size)]


@given(st.lists(answers, min_size=1, max_size=5))
@quick
def test_windows_are_those_of_each_reading(texts: list[str]) -> None:
    readings = written(texts)
    if not readings:
        return
    sheaf = Sheaf(readings)
    clauses = len(sheaf.clauses.sizes)
    words = sheaf.window_lengths
    for a, reading in enumerate(readings):
        windows = sheaf.windows[a][sheaf.there[a]]
        for number, window in enumerate(windows.tolist()):
            inside = reading.window_clauses(number)
            first = sheaf.answers.starts[a] + inside.start
            assert window == (len(inside) - 1) * clauses + first
            assert words[window] == len(reading.window_words(number))
        assert reading.window_clauses(len(windows) - 1).stop == len(reading.clauses)


# --- what a window says of a point


@given(st.lists(answers, min_size=1, max_size=3))
@quick
def test_text_of_a_point_in_a_window(texts: list[str]) -> None:
    """The best word or equivalent wording for each term, less what a text of that length says by chance."""
    readings = written(texts)
    if not readings:
        return
    matcher = QUESTION.matcher
    targets, sheaf = matcher.targets, Sheaf(readings)
    match = matcher.match(sheaf)
    numbers = {term: number for number, term in enumerate(targets.terms)}
    row_of, equivalents = targets.equivalents

    def said(reading: Reading, clauses: range, term: int) -> int:
        words = [word for c in clauses for word in reading.window_words(c)]
        best = max(targets.compare(words, targets.lexicon.matrix(words))[0][:, term])
        for place, concept in zip(*default_concepts().numbers(reading.text), strict=True):
            inside = any(start <= place < end for start, end in (reading.clauses[c] for c in clauses))
            if inside and concept in targets.terms[term].concepts:
                best = max(best, equivalents[row_of[concept], term])
        return max(0, int(best) - round(float(np.log(max(len(words), 4))) * UNIT))

    for a, reading in enumerate(readings):
        window = int(sheaf.there[a].sum()) // 2
        for k, asked in enumerate(targets.points[:3]):
            inside = reading.window_clauses(window)
            found = sum(said(reading, inside, numbers[term]) for term in asked.terms)
            assert match.text[k, sheaf.windows[a, window]] == found / targets.full[targets.text_group[k]]


# --- letters


@given(st.lists(answers, min_size=1, max_size=4))
@quick
def test_shared_letters(texts: list[str]) -> None:
    readings = written(texts)
    if not readings:
        return
    documents = [REFERENCE, "基层治理", REFERENCE[:80], "没有"]
    tfidf = Tfidf([character_ngrams(document) for document in documents])
    spelling = Spelling([MATERIAL], [REFERENCE], tfidf)
    sheaf = Sheaf(readings)

    def pairs(text: str) -> set[str]:
        kept = letters(text)
        return {kept[i : i + 2] for i in range(len(kept) - 1)}

    by_clause = [[pairs(text) for text in reading.clause_texts] for reading in readings]
    clauses, whole = spelling.shared_pairs(sheaf)
    for found, expected in (
        (clauses, [own for reading in by_clause for own in reading]),
        (whole, [set().union(*reading) for reading in by_clause]),
    ):
        assert found.different.tolist() == [len(own) for own in expected]
        assert found.in_materials.tolist() == [len(own & pairs(MATERIAL)) for own in expected]
        assert found.in_references.tolist() == [len(own & pairs(REFERENCE)) for own in expected]

    last = [len(row[there]) - 1 for row, there in zip(sheaf.windows, sheaf.there, strict=True)]
    windows = np.array([[sheaf.windows[a, 0], sheaf.windows[a, place]] for a, place in enumerate(last)])
    of_windows, nearest = spelling.cosines(sheaf, windows)
    for a, reading in enumerate(readings):
        for k, place in enumerate((0, last[a])):
            inside = reading.window_clauses(place)
            terms = [
                term for text in reading.clause_texts[inside.start : inside.stop] for term in character_ngrams(text)
            ]
            assert of_windows[a, k] == pytest.approx(float(tfidf.transform(terms) @ tfidf.documents[k]), abs=1e-12)
        terms = [term for text in reading.clause_texts for term in character_ngrams(text)]
        assert nearest[a] == pytest.approx(float((tfidf.documents[2:] @ tfidf.transform(terms)).max()), abs=1e-12)


def plain_copied_share(text: str, material: str) -> float:
    kept, source = letters(text), letters(material)
    runs = {source[i : i + COPIED_RUN] for i in range(len(source) - COPIED_RUN + 1)}
    copied = {i + j for i in range(len(kept)) if kept[i : i + COPIED_RUN] in runs for j in range(COPIED_RUN)}
    return len(copied) / len(kept)


@given(st.lists(answers, min_size=1, max_size=4))
@quick
def test_copied_runs(texts: list[str]) -> None:
    readings = written(texts)
    if not readings:
        return
    spelling = Spelling([MATERIAL], [REFERENCE], Tfidf([character_ngrams(REFERENCE)]))
    expected = [plain_copied_share(reading.text, MATERIAL) for reading in readings]
    assert spelling.copied_shares(Sheaf(readings)).tolist() == expected


# --- order of words


@given(st.lists(answers, min_size=1, max_size=4))
@quick
def test_naturalness(texts: list[str]) -> None:
    readings = written(texts)
    if not readings:
        return
    order = default_word_order()
    seen = dict(zip(order.pairs.tolist(), order.seen.tolist(), strict=True))

    def plain(reading: Reading) -> float:
        steps = []
        words = iter(reading.words)
        for size in reading.sizes:
            line = [BEGIN, *(order.class_of(next(words)) for _ in range(size)), END]
            for left, right in pairwise(line) if size > 1 else ():
                expected = order.left[left] * order.right[right] / order.total
                by_chance = round(float(np.log(SMOOTHING / (expected + SMOOTHING))) / STEP)
                steps.append(seen.get(left * order.size + right, by_chance))
        return sum(steps) / len(steps) * STEP if steps else 0.0

    sheaf = Sheaf(readings)
    classes = np.array([order.class_of(word) for word in sheaf.words])
    assert order.naturalness(classes, sheaf.clauses, sheaf.answers).tolist() == [plain(reading) for reading in readings]
