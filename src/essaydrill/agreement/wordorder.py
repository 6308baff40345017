"""Count which words follow which: python -m essaydrill.agreement.wordorder OUT.npz FOLDER… [--pairs FILE.jsonl.gz…]

Texts are the strings in the YAML and JSON files under the folders and in gzipped JSON lines. The most frequent words
are classes of their own, all others are clustered by their vectors; only the classes' pair counts are kept.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from essaydrill.agreement.background import strings, texts
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.wordorder import BEGIN, END, FIRST_WORD_CLASS, NUMBER, SMOOTHING, STEP, UNKNOWN
from essaydrill.text import clauses, default_segmenter, normalise

OWN_CLASS = 2000  # frequent words
CLUSTERS = 300  # classes of all others
FEWEST = 2  # a pair seen once says nothing


def clause_words(corpus: Iterator[str]) -> Iterator[list[str]]:
    """The words of every clause of every text."""
    segmenter = default_segmenter()
    for raw in corpus:
        text = normalise(raw).text
        for start, end in clauses(text):
            if words := [token.word for token in segmenter.cut(text[start:end])]:
                yield words


def corpus(folders: list[Path], files: list[Path]) -> Iterator[str]:
    for folder in folders:
        yield from texts(folder)
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from strings(json.loads(line))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--pairs", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    lexicon = default_lexicon()
    documents = list(clause_words(corpus(arguments.folders, arguments.pairs)))
    counts = Counter(word for words in documents for word in words)
    vectors = lexicon.vectors.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    clusters = MiniBatchKMeans(CLUSTERS, random_state=0, n_init=3).fit_predict(vectors) + FIRST_WORD_CLASS
    classes = dict(zip(lexicon.index, clusters.tolist(), strict=True))
    own = [word for word, _ in counts.most_common() if word in classes][:OWN_CLASS]
    classes |= {word: FIRST_WORD_CLASS + CLUSTERS + number for number, word in enumerate(own)}
    size = FIRST_WORD_CLASS + CLUSTERS + OWN_CLASS

    def class_of(word: str) -> int:
        return classes.get(word, NUMBER if word[0].isdigit() else UNKNOWN + min(len(word), 4) - 1)

    pairs: Counter[int] = Counter()
    for words in documents:
        line = [BEGIN, *map(class_of, words), END]
        pairs.update(a * size + b for a, b in pairwise(line))
    codes = np.array(sorted(pairs))
    seen = np.array([pairs[code] for code in codes.tolist()], np.float64)
    left = np.bincount(codes // size, weights=seen, minlength=size)
    right = np.bincount(codes % size, weights=seen, minlength=size)
    expected = left[codes // size] * right[codes % size] / seen.sum()
    information = np.clip(np.rint(np.log((seen + SMOOTHING) / (expected + SMOOTHING)) / STEP), -127, 127)
    kept = seen >= FEWEST
    np.savez_compressed(
        arguments.out,
        classes=np.array([classes[word] for word in lexicon.index], np.uint16),
        pairs=codes[kept].astype(np.uint32),
        seen=information[kept].astype(np.int8),
        left=left.astype(np.uint32),
        right=right.astype(np.uint32),
    )
    print(f"{len(documents)} clauses, {int(seen.sum())} pairs, {int(kept.sum())} kept")


if __name__ == "__main__":
    main()
