"""Count what the bank's questions speak of: python -m essaydrill.agreement.subjects

Writes `data/model/subjects.npz`, see `essaydrill.scoring.subjects`.
"""

import numpy as np

from essaydrill.bank import Bank
from essaydrill.paths import shipped_data
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.subjects import FILE, subject_counts
from essaydrill.text import default_segmenter


def main() -> None:
    bank, segmenter, lexicon = Bank.open(), default_segmenter(), default_lexicon()

    def words(texts: list[str]) -> list[str]:
        return segmenter.words_of(texts)[0]

    counted = []
    for item in (bank[prompt] for prompt in bank):
        materials = words([material.text for material in item.prompt.materials])
        references = words([reference.text for reference in item.reference.references])
        counted.append(subject_counts(materials, references, lexicon))
    listed = sorted({word for counts in counted for word in counts})
    figures = np.array([[min(counts.get(word, 0), 255) for word in listed] for counts in counted], np.uint8)
    np.savez_compressed(shipped_data() / "model" / FILE, words=np.array("\n".join(listed)), counts=figures)


if __name__ == "__main__":
    main()
