"""Count what the bank's questions speak of: python -m essaydrill.agreement.subjects

Writes `data/model/subjects.npz`, see `essaydrill.scoring.subjects`.
"""

import numpy as np

from essaydrill.bank import Bank, Item
from essaydrill.paths import shipped_data
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.subjects import FILE, subject_counts
from essaydrill.text import default_segmenter


def _texts(item: Item) -> tuple[list[str], list[str]]:
    return [m.text for m in item.prompt.materials], [r.text for r in item.reference.references]


def main() -> None:
    bank, segmenter, lexicon = Bank.open(), default_segmenter(), default_lexicon()
    counted = []
    for prompt in bank:
        materials, references = (segmenter.words_of(texts) for texts in _texts(bank[prompt]))
        flat = ([word for words in texts for word in words] for texts in (materials, references))
        counted.append(subject_counts(*flat, lexicon))
    words = sorted({word for counts in counted for word in counts})
    figures = np.array([[min(counts.get(word, 0), 255) for word in words] for counts in counted], np.uint8)
    np.savez_compressed(shipped_data() / "model" / FILE, words=np.array("\n".join(words)), counts=figures)


if __name__ == "__main__":
    main()
