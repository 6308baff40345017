"""Topics: slug, Chinese name and the other names people type."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from essaydrill import paths
from essaydrill.bank.index import Index
from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.bank.bank import Bank


@dataclass(frozen=True)
class Topic:
    slug: str
    name: str
    aliases: tuple[str, ...] = ()


def listed_topics() -> tuple[Topic, ...]:
    """The topics of `data/topics.yaml` in its order."""
    folder = paths.shipped_data().absolute()
    index = Index("topics", folder)
    rows = index.get(str(folder / "topics.yaml"), _read)["topics"]
    index.save()
    return tuple(Topic(row["slug"], row["name"], tuple(row["aliases"])) for row in rows)


def resolve_topic(name: str, bank: "Bank | None" = None) -> Topic:
    """The topic called `name` (slug, Chinese name or alias, in any case or script) in `bank`, the built-in by default.

    A slug that only prompts of the bank name is its own topic. Raises `UsageError` with near names otherwise.
    """
    try:
        return find_topic(name, listed_topics())  # enough nearly always, and reads no prompt
    except UsageError:
        from essaydrill.bank.bank import Bank

        return find_topic(name, (bank or Bank.open()).topics())


def find_topic(name: str, topics: Sequence[Topic]) -> Topic:
    """The one of `topics` called `name`; raises `UsageError` naming near ones."""
    called = {_key(word): topic for topic in reversed(topics) for word in (*topic.aliases, topic.name, topic.slug)}
    key = _key(name)
    if key not in called:
        key = _simplified(key)
    if key in called:
        return called[key]
    import difflib

    near = difflib.get_close_matches(key, list(called), n=5, cutoff=0.4)
    suggested = list(dict.fromkeys(called[word] for word in near))[:3] or list(topics)
    listed = "、".join(f"{topic.slug}（{topic.name}）" for topic in suggested)
    raise UsageError(f"没有专题“{name}”，{'相近的有' if near else '可选：'} {listed}")


def _key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _simplified(name: str) -> str:
    if name.isascii():
        return name
    from essaydrill.text.simplified import simplify

    return simplify(name)


def _read(path: str) -> dict[str, Any]:
    """topics.yaml as the index keeps it."""
    from essaydrill.bank.load import load_file
    from essaydrill.bank.models import TopicList

    return load_file(Path(path), TopicList).model.model_dump(mode="json")
