"""What is known of words before any question is seen: their vectors, and how common they are in exam text.

`vectors.npy` and `words.txt` come from `python -m essaydrill.agreement.vectors`, `background.tsv` from
`python -m essaydrill.agreement.background`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data

DIMENSIONS = 96

# Words that carry no content of their own: they never count as something a point asks for.
FUNCTION_WORDS = frozenset(
    "的 了 在 是 和 与 及 或 也 就 都 而 等 对 于 把 被 让 使 为 从 向 到 以 其 这 那 有 着 过 地 得 之 并 但 又 还 要 会 能 可 "
    "个 一 不 我 你 他 她 它 们 我们 你们 他们 她们 它们 咱们 大家 进行 通过 一个 一些 以及 因为 所以 如果 但是 然后 比如 可以 "
    "应当 应该 需要 必须 对于 关于 根据 按照 由于 同时 此外 一是 二是 三是 四是 五是 六是 七是 八是 首先 其次 再次 最后 另外 "
    "一方面 另一方面 第一 第二 第三 第四 第五 起来 下去 出来 将 由 给 因 按 靠 用 才 所 再 更 很 非常 十分 这个 那个 这些 "
    "那些 这样 那样 这里 那里 什么 怎么 就是 还是 而且 并且 不仅 不但 虽然 或者 以 中 上 下 里 时 后 前 间 内 外 来 去 吧 呢 吗 啊".split()
)


@dataclass(frozen=True)
class Lexicon:
    """Word vectors (int8, so that dot products in float32 are exact) and background counts.

    `vectors` is (words, 96); `index` maps a word to its row; `counts` holds how often a word stood in `total` words
    of exam text.
    """

    index: dict[str, int]
    vectors: NDArray[np.int8]
    counts: dict[str, int]
    total: int

    @classmethod
    def load(cls, folder: Path) -> "Lexicon":
        words = (folder / "words.txt").read_text("utf-8").split("\n")
        counts = {}
        for line in (folder / "background.tsv").read_text("utf-8").splitlines():
            word, count = line.split("\t")
            counts[word] = int(count)
        total = counts.pop("")
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        return cls(dict(zip(words, range(len(words)), strict=True)), vectors, counts, total)

    def vector(self, word: str) -> NDArray[np.float32]:
        """The word's vector as whole numbers in float32, shape (96,).

        A word that is not listed gets the sum of the longest listed words inside it, scaled back to int8's range;
        zeros when there are none.
        """
        row = self.index.get(word)
        if row is not None:
            return self.vectors[row].astype(np.float32)
        rows = [self.index[part] for part in self._parts(word)]
        if not rows:
            return np.zeros(DIMENSIONS, np.float32)
        summed = self.vectors[rows].astype(np.float32).sum(axis=0)
        return np.rint(summed * (127.0 / max(1.0, float(np.abs(summed).max())))).astype(np.float32)

    def matrix(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of `words`, shape (len(words), 96)."""
        return np.array([self.vector(word) for word in words], np.float32).reshape(len(words), DIMENSIONS)

    def information(self, word: str) -> float:
        """How much the word says: −log of its share in exam text, scaled to 0..1; 0 for a function word."""
        if word in FUNCTION_WORDS:
            return 0.0
        share = (self.counts.get(word, 0) + 0.5) / self.total
        return float(min(1.0, max(0.1, (-np.log(share) - 4.0) / 8.0)))

    def is_content(self, word: str) -> bool:
        return word not in FUNCTION_WORDS

    def _parts(self, word: str) -> Iterable[str]:
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                # Single characters say little about a longer word: they count only in words of two.
                if word[start:end] in self.index and (end - start > 1 or len(word) <= 2):
                    yield word[start:end]
                    start = end
                    break
            else:
                start += 1

    @cached_property
    def background(self) -> "Background":
        """The words a random exam answer is made of, for judging how much a similarity says."""
        words = [word for word in self.counts if self.is_content(word)]
        return Background(
            words=Words(self, words), shares=np.array([self.counts[word] for word in words]) / self.total
        )


class Words:
    """A fixed list of words against which other words are compared."""

    def __init__(self, lexicon: Lexicon, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._matrix = lexicon.matrix(words)
        self._norms = np.sqrt((self._matrix**2).sum(axis=1)) + 1e-9
        self._lengths = np.array([len(word) for word in words])
        places: dict[str, list[int]] = {}
        equal: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            equal.setdefault(word, []).append(place)
            for character in set(word):
                places.setdefault(character, []).append(place)
        self._places = {character: np.array(found) for character, found in places.items()}
        self._equal = equal

    def similarity(self, word: str, vector: NDArray[np.float32]) -> NDArray[np.float64]:
        """Similarity 0..1 of `word` to each listed word, shape (len(words),).

        The greater of the vectors' cosine and, for words that share at least half of their characters, a figure from
        the shared characters, which counts in full only where the vectors do not contradict it.
        """
        norm = float(np.sqrt((vector**2).sum())) + 1e-9
        similarity = (self._matrix @ vector).astype(np.float64) / (self._norms * norm)
        shared = np.zeros(len(self.words))
        for character in set(word):
            if character in self._places:
                shared[self._places[character]] += 1
        overlap = 2 * shared / (self._lengths + len(word))
        by_characters = np.where(similarity > 0.1, 0.45 + 0.5 * overlap, 0.3 + 0.35 * overlap)
        similarity = np.where(overlap >= 0.5, np.maximum(similarity, by_characters), similarity)
        if word in self._equal:
            similarity[self._equal[word]] = 1.0
        clipped: NDArray[np.float64] = np.clip(similarity, 0.0, 1.0)
        return clipped


LEVELS = 50  # similarities are kept in steps of 1/50
UNIT = 16  # information is kept in sixteenths of a nat, as whole numbers, so that sums are exact
_RAREST = 1e-5  # no match says more than one chance in 100,000
_WEAKEST = 12  # below similarity 0.25 a word is no evidence at all


@dataclass(frozen=True)
class Background:
    """Words of exam text with their shares, to tell a telling similarity from one that any sentence reaches."""

    words: Words
    shares: NDArray[np.float64]

    def information(self, word: str, vector: NDArray[np.float32]) -> NDArray[np.uint8]:
        """What it says, in 1/16 nats, that a text holds a word at least this similar to `word`; shape (51,), by level.

        −log P(similarity of a random word of exam text ≥ level): generic words (加强, 工作) are matched by any text and
        say little, however similar.
        """
        levels = to_levels(self.words.similarity(word, vector))
        at_level = np.bincount(levels, weights=self.shares, minlength=LEVELS + 1)
        tail = np.maximum(at_level[::-1].cumsum()[::-1], _RAREST)
        information = np.rint(-np.log(tail) * UNIT)
        information[:_WEAKEST] = 0
        return information.astype(np.uint8)


def to_levels(similarity: NDArray[Any]) -> NDArray[np.int64]:
    return np.rint(similarity * LEVELS).astype(np.int64)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon shipped with the package, read once a process."""
    return Lexicon.load(shipped_data() / "model")
