"""How much two texts share, character by character: for finding what was written twice."""

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """Letters and digits only, in one width and case, so that punctuation and spacing make no difference."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def similarity(first: str, second: str) -> float:
    """Dice coefficient of the two sets of character bigrams, 0..1; 1 for equal texts."""
    one, two = grams(folded(first), 2), grams(folded(second), 2)
    if not one or not two:
        return float(folded(first) == folded(second))
    return 2 * len(one & two) / (len(one) + len(two))


def shared_run(text: str, other: str, allowed: Iterable[str] = (), shortest: int = 16) -> str:
    """The longest run of `text` of at least `shortest` characters that stands in `other` but in none of `allowed`.

    Compared and returned as `folded` text; empty where there is none.
    """
    body, elsewhere = folded(text), grams(folded(other), shortest)
    elsewhere = elsewhere.difference(*(grams(folded(source), shortest) for source in allowed))
    best, start = "", 0
    while start + shortest <= len(body):
        end = start
        while end + shortest <= len(body) and body[end : end + shortest] in elsewhere:
            end += 1
        if end > start and end + shortest - 1 - start > len(best):
            best = body[start : end + shortest - 1]
        start = end + 1
    return best


def grams(text: str, size: int) -> set[str]:
    """All runs of `size` characters of `text`; none where it is shorter."""
    return {text[start : start + size] for start in range(len(text) - size + 1)}
