"""Words of a text, by jieba's dictionary and model.

rjieba (Rust) and jieba (the reference) cut runs of Han characters alike and part on everything else, so both see
nothing but such runs: a run of ASCII letters and digits is one token, with a decimal part, thousands and a percent
sign (3.5%, 1,000); punctuation is none.
"""

import os
import re
import stat
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, Protocol

from essaydrill.paths import shipped_data, user_cache
from essaydrill.text.characters import HAN


class Token(NamedTuple):
    """A word and where it stands: text[start:end] == word."""

    word: str
    start: int
    end: int


class Segmenter(Protocol):
    """Cuts a text into words. `name` says which program did, for the signature: rjieba-0.2.2."""

    @property
    def name(self) -> str: ...

    def cut(self, text: str) -> list[Token]: ...


def default_segmenter(words: Iterable[str] | None = None) -> Segmenter:
    """The fastest segmenter that is installed; `words` (data/words.txt unless given) are kept in one piece.

    Made once per set of words and shared; it can be pickled to a worker process.
    """
    return _segmenter(domain_words() if words is None else tuple(sorted(set(words))))


@cache
def domain_words() -> tuple[str, ...]:
    """The words of data/words.txt, which jieba alone would take apart."""
    lines = (shipped_data() / "words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(sorted({line for line in map(str.strip, lines) if line and not line.startswith("#")}))


_CutHan = Callable[[str], list[str]]

# Both programs have words for 一 to U+9FD5 alone; a Han character beyond is a word of its own.
_RUN = re.compile(
    rf"(?P<han>[一-\u9fd5]+)|[{HAN}]|[A-Za-z0-9]+(?:(?<=[0-9])(?:\.[0-9]+|,[0-9]{{3}}(?![0-9])))*(?:(?<=[0-9])%)?"
)


@dataclass(frozen=True, slots=True)
class _RunSegmenter:
    """Takes the listed words out of each run and has the program cut what stands between them.

    A private instance with our words in its dictionary would load that dictionary a second time, at the price of
    rjieba's whole start-up.
    """

    name: str
    words: frozenset[str] = field(repr=False)
    lengths: dict[str, tuple[int, ...]] = field(repr=False)  # first two characters → lengths of words, longest first
    cut_han: _CutHan = field(repr=False)

    def cut(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        for run in _RUN.finditer(text):
            start = run.start()
            for word in self._words(run[0]) if run.lastgroup == "han" else (run[0],):
                tokens.append(Token(word, start, start := start + len(word)))
        return tokens

    def _words(self, run: str) -> list[str]:
        found: list[str] = []
        done = at = 0
        while at < len(run) - 1:
            length = next((n for n in self.lengths.get(run[at : at + 2], ()) if run[at : at + n] in self.words), 0)
            if length:
                found += self.cut_han(run[done:at]) if at > done else []
                found.append(run[at : at + length])
                done = at = at + length
            else:
                at += 1
        return found + self.cut_han(run[done:]) if done < len(run) else found

    def __reduce__(self) -> tuple[Any, ...]:
        return _segmenter, (tuple(sorted(self.words)),)


@cache
def _segmenter(words: tuple[str, ...]) -> Segmenter:
    try:
        return rjieba_segmenter(words)
    except ImportError:
        return jieba_segmenter(words)


def rjieba_segmenter(words: tuple[str, ...]) -> Segmenter:
    """Raises ImportError where rjieba is not installed."""
    from importlib.metadata import version

    import rjieba  # reads its dictionary, 0.1 s

    return _with_words(f"rjieba-{version('rjieba')}", words, rjieba.cut)


def jieba_segmenter(words: tuple[str, ...]) -> Segmenter:
    """The reference: 0.7 s for its dictionary the first time, and a twelfth of rjieba's speed."""
    # Importing it warns of invalid escapes, pkg_resources and open files, depending on the version of Python.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = _cache_folder()
        tokenizer.cache_file = f"jieba-{jieba.__version__}.cache"
        was_disabled, jieba.default_logger.disabled = jieba.default_logger.disabled, True
        try:
            tokenizer.initialize()
        finally:
            jieba.default_logger.disabled = was_disabled
    return _with_words(f"jieba-{jieba.__version__}", words, tokenizer.lcut)


def _with_words(name: str, words: tuple[str, ...], cut_han: _CutHan) -> Segmenter:
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[:2], set()).add(len(word))
    longest_first = {beginning: tuple(sorted(found, reverse=True)) for beginning, found in lengths.items()}
    return _RunSegmenter(name, frozenset(words), longest_first, cut_han)


def _cache_folder() -> str:
    """A folder that only this user can write to: jieba reads its cache back with marshal, which trusts its input.

    Where there is none, a place that cannot be a folder: jieba then goes without a cache.
    """
    folder = user_cache() / "jieba"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return os.devnull
    if sys.platform != "win32" and (state.st_uid != os.getuid() or stat.S_IMODE(state.st_mode) & 0o077):
        return os.devnull
    return str(folder)
