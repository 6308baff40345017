"""Prompts as they are shown: plain data kept in an index, so that neither the YAML parser nor the models are loaded.

Their fields have the names that the models use. What only shows a prompt takes either: an `AnyPrompt`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from essaydrill.bank.index import Index

if TYPE_CHECKING:
    from essaydrill.bank.kinds import Genre, Kind
    from essaydrill.bank.models import Length, Material, Prompt

AnyLength: TypeAlias = "Length | ShownLength"
AnyMaterial: TypeAlias = "Material | ShownMaterial"
AnyPrompt: TypeAlias = "Prompt | ShownPrompt"


@dataclass(frozen=True)
class ShownLength:
    """A length requirement in cells, as in `Length`."""

    about: int | None = None
    max: int | None = None
    min: int | None = None


@dataclass(frozen=True)
class ShownMaterial:
    label: str
    text: str


@dataclass(frozen=True)
class ShownPrompt:
    """The fields of a valid `Prompt`; `limit` is the requirement that counts, wherever it is stated."""

    id: str
    topic: str
    kind: "Kind"
    genre: "Genre | None"
    title: str
    task: str
    requirements: str
    limit: ShownLength | None
    max_score: float
    minutes: int | None
    difficulty: int
    materials: tuple[ShownMaterial, ...]


def load_shown(path: str, name: str = "") -> ShownPrompt:
    """The prompt of the file at `path` (absolute), which is read only where it has changed since the last time.

    `name` stands for the file in errors. Raises `InvalidFileError`.
    """

    def read(path: str) -> dict[str, Any]:
        from essaydrill.bank.load import load_prompt

        return _plain(load_prompt(Path(path), name).model)

    index = Index("shown", Path(path))
    kept = index.get(path, read)
    index.save()
    try:
        return _shown(kept)
    except (TypeError, KeyError):  # the index was written by something else
        return _shown(read(path))


def _plain(prompt: "Prompt") -> dict[str, Any]:
    limit = prompt.limit and prompt.limit.model_dump()
    return prompt.model_dump(mode="json", exclude={"length"}) | {"limit": limit}


def _shown(plain: dict[str, Any]) -> ShownPrompt:
    limit = None if plain["limit"] is None else ShownLength(**plain["limit"])
    materials = tuple(ShownMaterial(**material) for material in plain["materials"])
    return ShownPrompt(**{**plain, "limit": limit, "materials": materials})
