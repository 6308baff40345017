"""Words of a text, by jieba's dictionary and model.

rjieba (Rust) and jieba (the reference) cut runs of Han characters alike and part on everything else, so both are left
nothing but such runs: a run of ASCII letters and digits is one token, with a decimal part, thousands and a percent
sign (3.5%, 1,000); punctuation is none.
"""

import os
import re
import stat
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from essaydrill.paths import shipped_data, user_cache
from essaydrill.text.characters import HAN

if TYPE_CHECKING:
    from essaydrill.text.pairs import Phrases


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

    def words_of(self, texts: Sequence[str]) -> tuple[list[str], list[int]]:
        """The words of some texts, as `cut` finds them, at the price of one call; and how many each text has."""
        ...


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

# Stand in the programs' input for a word that is known already; both programs hand them back as they are.
_LISTED, _OTHER, _END = "\x01", "\x02", "\n"
_HAN_WORD = re.compile("[一-\u9fd5]{2,}")
# Both programs have words for 一 to U+9FD5 alone; a Han character beyond is a word of its own. Marks and halves of a
# surrogate pair are no words, but the programs would read them with the characters beside them or stumble over them.
# (A pattern that begins with one class is looked for much faster than one that begins with alternatives.)
_NO_WORDS = r"\-+#&._%\x01\x02\r\ud800-\udfff"
_NOT_FOR_PROGRAM = re.compile(
    rf"[A-Za-z0-9{HAN.replace('一-', chr(0x9FD6) + '-')}{_NO_WORDS}](?:(?P<no_word>(?<=[{_NO_WORDS}]))"
    r"|(?<=[A-Za-z0-9])[A-Za-z0-9]*(?:(?<=[0-9])(?:\.[0-9]+|,[0-9]{3}(?![0-9])))*(?:(?<=[0-9])%)?)?"
)


@dataclass(frozen=True, slots=True)
class _Segmenter:
    """Takes the listed words out and has the program cut what stands between them.

    A private instance with our words in its dictionary would load that dictionary a second time, at the price of
    rjieba's whole start-up.
    """

    name: str
    words: tuple[str, ...] = field(repr=False)
    phrases: "Phrases" = field(repr=False)
    cut_han: _CutHan = field(repr=False)

    def cut(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        end = 0
        for word in self.words_of((text,))[0]:
            start = text.index(word, end)
            end = start + len(word)
            tokens.append(Token(word, start, end))
        return tokens

    def words_of(self, texts: Sequence[str]) -> tuple[list[str], list[int]]:
        other: list[str] = []

        def put_aside(match: re.Match[str]) -> str:
            if match["no_word"] is not None:
                return " "
            other.append(match[0])
            return _OTHER

        joined = _END.join(texts)
        if joined.count(_END) >= len(texts):  # within a text too
            joined = _END.join(text.replace(_END, " ") for text in texts)
        joined = _NOT_FOR_PROGRAM.sub(put_aside, joined)
        listed: list[str] = []
        pieces: list[str] = []
        done = 0
        for start, word in self.phrases.find(joined):
            if start >= done:
                pieces += joined[done:start], _LISTED
                listed.append(word)
                done = start + len(word)
        aside = {_OTHER: iter(other), _LISTED: iter(listed)}
        words: list[str] = []
        ends: list[int] = []
        for piece in self.cut_han("".join((*pieces, joined[done:]))):
            if "一" <= piece < "\u9fd6":
                words.append(piece)
            elif piece == _END:
                ends.append(len(words))
            elif piece in aside:
                words.append(next(aside[piece]))
        ends.append(len(words))
        return words, [end - start for start, end in pairwise([0, *ends[: len(texts)]])]

    def __reduce__(self) -> tuple[Any, ...]:
        return _segmenter, (self.words,)


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
    from essaydrill.text.pairs import Phrases

    return _Segmenter(name, words, Phrases(word for word in words if _HAN_WORD.fullmatch(word)), cut_han)


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
