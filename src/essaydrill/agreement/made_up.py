"""Answers made from others by machine, with a known flaw, which the judgements of the whole answer must recognise."""

import random
from collections.abc import Callable, Iterator
from itertools import chain

from essaydrill.bank import Item
from essaydrill.text import Segmenter, Token, clauses, normalise

NEGATIONS = ("不", "没有", "并未", "不再", "未能", "从不", "不必", "无需")
FILLERS = (
    "非常", "十分", "积极", "有效", "扎实", "全面", "深入", "切实", "不断", "进一步", "科学", "有力", "持续", "显著",
    "高度", "充分", "认真", "大力", "更加", "精准", "高质量", "全方位", "系统", "稳步", "真正", "主动",
)  # fmt: skip

Rewrite = Callable[[list[Token], str, random.Random], str]


def shuffled(text: str, segmenter: Segmenter, seed: int) -> str:
    """The words of every clause in random order. What stands between them (、 and quotes) stays in every other answer,
    so that its absence says nothing."""

    def rewrite(tokens: list[Token], clause: str, rng: random.Random) -> str:
        words = [token.word for token in tokens]
        rng.shuffle(words)
        if seed % 2:
            return clause[: tokens[0].start] + "".join(words) + clause[tokens[-1].end :]
        ends = [0, *(token.end for token in tokens)]
        gaps = [clause[end : token.start] for end, token in zip(ends, tokens, strict=False)]
        return "".join(chain.from_iterable(zip(gaps, words, strict=True))) + clause[tokens[-1].end :]

    return _rewritten(text, segmenter, seed, rewrite)


def negated(text: str, segmenter: Segmenter, seed: int) -> str:
    """A negation before the second word of every clause."""

    def rewrite(tokens: list[Token], clause: str, rng: random.Random) -> str:
        at = tokens[min(1, len(tokens) - 1)].start
        return clause[:at] + rng.choice(NEGATIONS) + clause[at:]

    return _rewritten(text, segmenter, seed, rewrite)


def adorned(text: str, segmenter: Segmenter, seed: int) -> str:
    """Adjectives and adverbs before some words of every clause (the attack of Filighera et al. 2023)."""

    def rewrite(tokens: list[Token], clause: str, rng: random.Random) -> str:
        for token in sorted(rng.sample(tokens, min(3, len(tokens))), key=lambda token: -token.start):
            clause = clause[: token.start] + rng.choice(FILLERS) + clause[token.start :]
        return clause

    return _rewritten(text, segmenter, seed, rewrite)


def heaped(item: Item, seed: int) -> str:
    """The scheme's own keywords in a row."""
    rng = random.Random(seed)
    words = [rng.choice(group) for point in item.reference.points for group in point.keywords]
    rng.shuffle(words)
    lines = [words[start : start + 6] for start in range(0, len(words), 6)]
    return "\n".join("、".join(line) + "。" for line in lines)


def _rewritten(text: str, segmenter: Segmenter, seed: int, rewrite: Rewrite) -> str:
    rng = random.Random(seed)
    normal = normalise(text).text
    return "".join(
        rewrite(tokens, piece, rng) if (tokens := segmenter.cut(piece)) else piece for piece in _pieces(normal)
    )


def _pieces(text: str) -> Iterator[str]:
    """The clauses of a text and what stands between them."""
    done = 0
    for start, end in clauses(text):
        yield text[done:start]
        yield text[start:end]
        done = end
    yield text[done:]
