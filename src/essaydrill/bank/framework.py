"""高分框架: the outlines that strong answers follow, per kind and per genre."""

from typing import TYPE_CHECKING

from essaydrill import paths
from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES, Genre, Kind
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.bank.models import Framework


def frameworks(kind: Kind, genre: Genre | None = None) -> "Framework":
    """The framework of `genre` where one is given, else that of `kind`."""
    from essaydrill.bank.load import load_file
    from essaydrill.bank.models import Frameworks

    shipped = load_file(paths.shipped_data() / "frameworks.yaml", Frameworks).model
    return shipped.genres[genre] if genre else shipped.kinds[kind]


def framework_named(name: str) -> "Framework":
    """The framework of a kind or genre by its slug or Chinese name; raises `UsageError` listing the choices."""
    wanted = name.strip().casefold()
    for kind, chinese in KIND_NAMES.items():
        if wanted in (kind, chinese):
            return frameworks(kind)
    for genre, chinese in GENRE_NAMES.items():
        if wanted in (genre, chinese):
            return frameworks("document", genre)
    choices = "、".join(f"{slug}（{chinese}）" for slug, chinese in [*KIND_NAMES.items(), *GENRE_NAMES.items()])
    raise UsageError(f"没有“{name}”的高分框架，可选：{choices}")
