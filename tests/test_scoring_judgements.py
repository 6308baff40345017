"""The parts that the judgements of a whole answer rest on."""

import gc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill import Bank, Scorer
from essaydrill.agreement.corpus import drills
from essaydrill.scoring.decoration import is_decorated, undecorated
from essaydrill.scoring.groups import Groups
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.sequence import REACH, WordSequence
from essaydrill.scoring.subjects import Contrast, default_subjects, subject_counts
from essaydrill.text import default_segmenter, normalise

BANK = Bank.open()
WORDS = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=12)


def words_of(*texts: str) -> list[str]:
    return default_segmenter().words_of([normalise(text).text for text in texts])[0]


def test_drills_fit_their_schemes() -> None:
    answers = list(drills(BANK))
    assert len(answers) == 660
    for answer in answers:
        scheme = answer.item.reference
        assert set(answer.credits) == {point.id for point in scheme.points}
        assert 0 <= answer.presentation <= scheme.presentation
        assert 0 <= answer.total <= answer.item.prompt.max_score
        assert answer.text not in {specimen.answer for specimen in scheme.specimens}


def test_threads_may_share_a_scorer() -> None:
    item = BANK["governance-summary-01"]
    texts = [specimen.answer for prompt in list(BANK)[:8] for specimen in BANK[prompt].reference.specimens]
    alone, shared = Scorer(item), Scorer(item)
    expected = [alone.score(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(shared.score, texts)) == expected
    assert gc.isenabled()


def test_a_decorated_answer_is_read_bare_and_quoted_as_typed() -> None:
    item = BANK["governance-summary-01"]
    scorer = Scorer(item)
    plain = item.reference.references[0].text
    decorated = plain.replace("，", "，非常积极切实").replace("。", "。不断扎实有力")
    expected, result = scorer.score(plain), scorer.score(decorated)
    assert [point.credit for point in result.points] == [point.credit for point in expected.points]
    quotes = [evidence for point in result.points for evidence in point.evidence]
    assert quotes
    assert all(decorated[quote.start : quote.end] == quote.text for quote in quotes)


def test_a_few_decorations_are_left_alone() -> None:
    words = words_of("积极推进网格化管理，切实解决停车难，楼道堆物三天清完，物业费按季公开")
    assert not is_decorated(words * 4, 16)
    assert is_decorated([*words * 4, "非常"], 16)


def test_a_short_list_of_qualities_is_no_decoration() -> None:
    assert not is_decorated(words_of("及时、准确、高效、规范"), 1)


@given(st.text(alphabet="非常积极切实资金不足，。", max_size=40))
def test_what_is_left_comes_from_where_it_says(text: str) -> None:
    bare = undecorated(normalise(text))
    assert len(bare.offsets) == len(bare.text) + 1
    assert all(
        text[offset] in (character, "，", "。") for offset, character in zip(bare.offsets, bare.text, strict=False)
    )


@given(st.lists(WORDS, max_size=4))
def test_word_sequence_counts_who_mostly_comes_first(texts: list[list[str]]) -> None:
    sequence = WordSequence.of(texts)
    meetings: Counter[tuple[str, str]] = Counter()
    for words in texts:
        meetings.update(
            (words[at], words[at + apart]) for apart in range(1, REACH + 1) for at in range(len(words) - apart)
        )
    for left, row in sequence.index.items():
        for right, column in sequence.index.items():
            first = meetings[left, right] - meetings[right, left]
            assert sequence.before[row, column] == np.sign(first) * (left != right)
    assert not sequence.before[-1].any()


@pytest.mark.parametrize("turned", [False, True])
def test_order_agrees_with_the_texts_or_not(turned: bool) -> None:
    words = words_of("基层财政困难，网格员待遇低，矛盾调解无人牵头，群众反映的问题拖着不办")
    places = WordSequence.of([words]).places(words[::-1] if turned else words)
    one = Groups(np.array([len(words)]))
    (agreement,) = WordSequence.of([words]).agreement(places, one, Groups(np.array([1])))
    assert agreement < -0.3 if turned else agreement > 0.3


def test_an_answer_is_likelier_on_its_own_subject() -> None:
    lexicon = default_lexicon()
    for prompt, other in (("rural-summary-01", "law-case-01"), ("ageing-document-01", "digital-case-01")):
        reference = BANK[prompt].reference
        materials = words_of(*(material.text for material in BANK[prompt].prompt.materials))
        contrast = Contrast.of(materials, words_of(*(r.text for r in reference.references)), lexicon)
        assert len(contrast.others.counts) == len(default_subjects().counts) - 1  # not the question itself

        def nearest(text: str, contrast: Contrast = contrast) -> float:
            words = words_of(text)
            return float(contrast.rows(words, np.zeros(len(words))).sum(axis=0).min())

        assert nearest(reference.specimens[0].answer) > 0 > nearest(BANK[other].reference.specimens[0].answer)


def test_a_question_on_part_of_the_materials_is_the_same_subject() -> None:
    for prompt in BANK:
        item = BANK[prompt]
        part = words_of(item.prompt.materials[0].text[:150])
        others = Contrast.of(part, words_of(item.reference.references[0].text), default_lexicon()).others
        assert len(others.counts) == len(default_subjects().counts) - 1, prompt


def test_references_count_twice_in_a_subject() -> None:
    assert subject_counts(["资金", "的"], ["资金"], default_lexicon()) == {"资金": 3}


def test_a_reversal_names_the_words_that_speak_for_it() -> None:
    item = BANK["governance-summary-01"]
    (reversed_,) = [specimen for specimen in item.reference.specimens if specimen.flaw == "reversed"]
    result = Scorer(item).score(reversed_.answer)
    (flag,) = [flag for flag in result.flags if flag.code == "reversed"]
    materials = "".join(material.text for material in item.prompt.materials)
    named = [part.split("”")[0] for part in flag.message.split("“")[1:]]
    assert 1 <= len(named) <= 3
    assert all(word in reversed_.answer and word not in materials for word in named)
