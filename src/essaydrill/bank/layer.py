"""One folder with `prompts/` and `reference_answers/`; a bank is several of them laid over one another."""

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from essaydrill.errors import BankError

PROMPTS = "prompts"
REFERENCES = "reference_answers"
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Layer:
    """A folder of a bank. `root` is absolute; `source` is "builtin", "user" or the folder as it was given."""

    root: Path
    source: str

    @cached_property
    def prompts(self) -> Mapping[str, tuple[str, ...]]:
        """Id (the file's name) → the files that claim it; more than one is a mistake that `check_bank` reports."""
        return _files(self.root / PROMPTS)

    @cached_property
    def references(self) -> Mapping[str, tuple[str, ...]]:
        return _files(self.root / REFERENCES)

    def shown(self, path: str | Path) -> str:
        """How a file of this layer is named to the user: under the folder as given, built-in ones by a short path."""
        if self.source == "user":
            return str(path)
        short = Path(path).relative_to(self.root)
        return short.as_posix() if self.source == "builtin" else str(Path(self.source) / short)


def _files(folder: Path) -> dict[str, tuple[str, ...]]:
    """The YAML files in `folder` and in its subfolders (one level), by name without suffix, in path order."""
    found: dict[str, list[str]] = defaultdict(list)
    try:
        for entry in _scan(folder):
            if entry.is_dir():
                for inner in _scan(entry.path):
                    _add(found, inner)
            else:
                _add(found, entry)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BankError(f"{error.filename}：读不了题库目录，请检查权限") from None
    return {identifier: tuple(paths) for identifier, paths in sorted(found.items())}


def _scan(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _add(found: dict[str, list[str]], entry: os.DirEntry[str]) -> None:
    stem, dot, suffix = entry.name.rpartition(".")
    if dot + suffix in SUFFIXES and not stem.startswith("."):
        found[stem].append(entry.path)
