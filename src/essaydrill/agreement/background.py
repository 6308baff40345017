"""Count the words of exam text: python -m essaydrill.agreement.background OUT FOLDER…

Every YAML and JSON file under the folders is read and every string of more than a few characters in it is counted,
whatever its key. The table says how common a word is, so that generic words count for little.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from essaydrill.text import default_segmenter, normalise

_SHORTEST_TEXT = 12
_LISTED = 6000


def texts(folder: Path) -> Iterator[str]:
    """Every string of some length in the files under `folder`."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".yaml", ".yml"}:
            yield from strings(yaml.safe_load(path.read_text("utf-8")))
        elif path.suffix == ".json":
            yield from strings(json.loads(path.read_text("utf-8")))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= _SHORTEST_TEXT:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def main(out: str, *folders: str) -> None:
    segmenter = default_segmenter()
    counts: Counter[str] = Counter()
    for folder in folders:
        for text in texts(Path(folder)):
            counts.update(token.word for token in segmenter.cut(normalise(text).text))
    listed = [(word, count) for word, count in counts.most_common(_LISTED) if any("一" <= c <= "鿿" for c in word)]
    lines = [f"\t{counts.total()}", *(f"{word}\t{count}" for word, count in listed)]
    Path(out).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
