"""Words that turn a statement round (`data/lexicon/polarity.txt`)."""

from functools import cache

from essaydrill.paths import shipped_data

POLARITY_CLASSES = ("negation", "reversal", "restriction", "fine")


@cache
def _classes() -> dict[str, tuple[int, ...]]:
    rows: dict[str, list[int]] = {}
    for line in (shipped_data() / "lexicon" / "polarity.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, words = line.split(":")
        place = POLARITY_CLASSES.index(name)
        for word in words.split():
            rows.setdefault(word, [0] * len(POLARITY_CLASSES))[place] = 1
    return {word: tuple(row) for word, row in rows.items()}


_NEUTRAL = (0,) * len(POLARITY_CLASSES)


def polarity_row(word: str) -> tuple[int, ...]:
    """Which classes of polarity words `word` belongs to, 0 or 1 for each of `POLARITY_CLASSES`."""
    return _classes().get(word, _NEUTRAL)
