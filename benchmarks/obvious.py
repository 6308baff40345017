"""The script anyone would write, as the other benchmarks load it from a path: a class `Obvious(question)` whose
`score(answer)` is a share of the full mark."""

import importlib.util
from types import ModuleType

from essaydrill import Item


def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("obvious", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plain(item: Item) -> dict[str, object]:
    """What the obvious script knows of a question."""
    limit = item.prompt.limit
    return {
        "max_score": item.prompt.max_score,
        "limit": (limit.about or limit.max or limit.min) if limit else 400,
        "points": [
            {"id": p.id, "marks": p.marks, "keywords": [list(g) for g in p.keywords]} for p in item.reference.points
        ],
        "references": [reference.text for reference in item.reference.references],
    }
