"""Which questions the shipped models have seen: what was measured on them says little about new ones."""

import hashlib
import json
from collections.abc import Iterable

from essaydrill.bank import Item
from essaydrill.paths import shipped_data


def task_digest(task: str) -> str:
    """Eight hex digits by which a question is known whose text does not belong into a model file."""
    return hashlib.sha256(task.strip().encode("utf-8", "surrogatepass")).hexdigest()[:8]


def seen_questions(items: Iterable[Item]) -> list[str]:
    """The ids or titles of those items whose marked answers the shipped models were fitted on."""
    fitted = _fitted("credit.json") | _fitted("short.json")
    known = {item.prompt.id: item for item in items if item.prompt.id in fitted}
    known |= {item.prompt.title: item for item in items if task_digest(item.prompt.task) in fitted}
    return sorted(known)


def _fitted(name: str) -> frozenset[str]:
    model = json.loads((shipped_data() / "model" / name).read_text("utf-8"))
    return frozenset(model["provenance"]["questions"])
