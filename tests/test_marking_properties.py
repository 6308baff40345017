"""What must hold of marks whatever the question: every property over the whole bank."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import opencc
import pytest

from essaydrill import Bank, Item, Result, Scorer
from essaydrill.text import clauses, default_segmenter, normalise

# None of these stands in the lists that the marking was made with in the order or the mixture used here.
ADVERBS = (
    "非常",
    "积极",
    "扎实",
    "切实",
    "不断",
    "进一步",
    "全面",
    "深入",
    "有力",
    "大力",
    "十分",
    "有效",
    "认真",
    "显著",
)
NEGATIONS = ("不", "没有", "并未", "不再", "未能")
MINOR = 0.1  # of the full mark


@dataclass(frozen=True)
class Marked:
    """A question of the bank with its scorer and its references as they are marked."""

    item: Item
    scorer: Scorer
    references: tuple[tuple[str, Result], ...]

    def specimens(self, *levels: str) -> list[str]:
        return [specimen.answer for specimen in self.item.reference.specimens if specimen.level in levels]


@pytest.fixture(scope="module")
def bank() -> list[Marked]:
    opened = Bank.open()
    found = []
    for item in (opened[prompt] for prompt in opened):
        scorer = Scorer(item)
        texts = [reference.text for reference in item.reference.references]
        found.append(Marked(item, scorer, tuple(zip(texts, scorer.score_many(texts), strict=True))))
    return found


def share(result: Result) -> float:
    return result.score / result.max_score


def content(result: Result) -> float:
    return sum(point.awarded for point in result.points) / sum(point.marks for point in result.points)


def rewritten(text: str, rewrite: Callable[[list[str]], list[str]]) -> str:
    """The text with each word of every clause replaced; what stands between words stays."""
    normal = normalise(text).text
    done, pieces = 0, []
    for start, end in clauses(normal):
        tokens = default_segmenter().cut(normal[start:end])
        for token, word in zip(tokens, rewrite([token.word for token in tokens]), strict=True):
            pieces += [normal[done : start + token.start], word]
            done = start + token.end
    return "".join([*pieces, normal[done:]])


def failing(cases: Iterator[bool]) -> float:
    """The share of cases in which a property does not hold."""
    held = list(cases)
    return held.count(False) / len(held)


def test_a_sentence_that_states_a_missed_point_lowers_nothing(bank: list[Marked]) -> None:
    changes = []
    for marked in bank:
        evidence = {
            (n, point.id): point.evidence[0].text
            for n, (_, result) in enumerate(marked.references)
            for point in result.points
            if point.evidence
        }
        for text in marked.specimens("good", "middling", "weak"):
            before = marked.scorer.score(text)
            missed = [point.id for point in before.points if point.status == "missed"]
            added = [f"{text}\n{stated}。" for (_, point), stated in evidence.items() if point in missed]
            changes += [content(after) - content(before) for after in marked.scorer.score_many(added)]
    assert len(changes) > 300
    assert failing(change >= -1e-9 for change in changes) <= 0.02
    assert sum(changes) / len(changes) > 0.05


def test_shuffled_words_lose_at_least_half(bank: list[Marked]) -> None:
    def shuffle(words: list[str]) -> list[str]:
        return random.Random("".join(words)).sample(words, len(words))

    assert (
        failing(
            share(marked.scorer.score(rewritten(text, shuffle))) <= share(result) / 2
            for marked in bank
            for text, result in marked.references
        )
        <= 0.06
    )


def test_the_order_of_points_does_not_matter(bank: list[Marked]) -> None:
    for marked in bank:
        text, result = marked.references[0]
        lines = [line for line in text.split("\n") if line.strip()]
        turned = "\n".join(lines[::-1]) if len(lines) > 2 else "".join(reversed(text.replace("。", "。\n").split("\n")))
        assert content(marked.scorer.score(turned)) == pytest.approx(content(result), abs=0.12), marked.item.prompt.id


def test_an_answer_to_another_prompt_earns_next_to_nothing(bank: list[Marked]) -> None:
    assert (
        failing(
            share(marked.scorer.score(text)) <= 0.15
            for n, marked in enumerate(bank)
            for step in (2, 9, 16, 27)
            for text in bank[(n + step) % len(bank)].specimens("excellent")
        )
        <= 0.05
    )


def test_copied_materials_earn_no_more_than_a_weak_answer(bank: list[Marked]) -> None:
    for marked in bank:
        limit = marked.item.prompt.limit
        assert limit
        materials = "".join(material.text for material in marked.item.prompt.materials).replace("\n", "")
        copied = marked.scorer.score(materials[: limit.about or limit.max or limit.min])
        weak = [specimen.total for specimen in marked.item.reference.specimens if specimen.level == "weak"]
        assert copied.score <= max(weak), marked.item.prompt.id


def test_negated_statements_lose_two_thirds(bank: list[Marked]) -> None:
    def negate(words: list[str]) -> list[str]:
        at = min(1, len(words) - 1)
        return [*words[:at], random.Random("".join(words)).choice(NEGATIONS) + words[at], *words[at + 1 :]]

    assert (
        failing(
            share(marked.scorer.score(rewritten(text, negate))) <= share(result) / 3
            for marked in bank
            for text, result in marked.references
        )
        <= 0.05
    )


def test_adverbs_do_not_raise_a_worthless_answer(bank: list[Marked]) -> None:
    def adorn(words: list[str]) -> list[str]:
        rng = random.Random("".join(words))
        return [rng.choice(ADVERBS) + word if rng.random() < 0.4 else word for word in words]

    worthless = [
        (marked, text, result)
        for marked in bank
        for text in marked.specimens("flawed", "weak")
        if share(result := marked.scorer.score(text)) < 0.15
    ]
    assert len(worthless) > 25
    assert (
        failing(
            share(marked.scorer.score(rewritten(text, adorn))) <= share(result) + MINOR
            for marked, text, result in worthless
        )
        <= 0.06
    )


def test_typography_changes_nothing(bank: list[Marked]) -> None:
    traditional = opencc.OpenCC("s2t")
    narrow = str.maketrans("，；：（）", ",;:()")
    for marked in bank[::4]:
        for text in marked.specimens("good", "weak"):
            expected = marked.scorer.score(text)
            variants = [
                traditional.convert(text),
                text.translate(narrow),
                text.replace("，", " ， ").replace("\n", "\r\n\n"),
            ]
            for result in marked.scorer.score_many(variants):
                assert [point.credit for point in result.points] == [point.credit for point in expected.points]
                assert result.presentation == expected.presentation


def test_each_reference_is_a_good_answer_to_one_who_knows_only_the_other(bank: list[Marked]) -> None:
    for marked in bank:
        scheme = marked.item.reference
        for withheld in scheme.references:
            others = tuple(reference for reference in scheme.references if reference is not withheld)
            scorer = Scorer(Item(marked.item.prompt, scheme.model_copy(update={"references": others})))
            assert share(scorer.score(withheld.text)) >= 0.8, (marked.item.prompt.id, withheld.label)
