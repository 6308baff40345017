"""Marked answers to measure and fit with: the bank's specimens, and folders of marked questions in JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from essaydrill.bank import Bank, Item
from essaydrill.bank.load import load_file
from essaydrill.bank.models import Credit, Flaw, Frozen, Identifier, Level, Marks, Prompt, Reference, Specimen, Text
from essaydrill.paths import shipped_data

# What the three adversarial answers of a marked question try.
_ATTACKS = {"A7": "keyword_stuffing", "A8": "reversed", "A9": "off_task"}


class Drill(Frozen):
    """An answer written for the fit, marked by its own writer. `level`, `flaw` and `writer` are as in a specimen."""

    level: Level
    flaw: Flaw | None = None
    writer: str
    credits: dict[str, Credit]
    presentation: Marks
    answer: Text


class Drills(Frozen):
    """A file of `data/marked`: the drills of one prompt."""

    prompt: Identifier
    answers: tuple[Drill, ...]


@dataclass(frozen=True)
class MarkedAnswer:
    """One answer with a person's marks.

    `source` is marked, specimen, drill or reference; `stratum` ordinary, paraphrase or adversarial; `flaw` what is
    wrong with an adversarial one; `credits` by point id, 0..1; `total` and `presentation` in marks.
    """

    item: Item
    text: str
    source: str
    stratum: str
    flaw: str | None
    credits: dict[str, float]
    presentation: float
    total: float


def specimens(bank: Bank) -> Iterator[MarkedAnswer]:
    """The specimens of every prompt in the bank."""
    for item in (bank[prompt_id] for prompt_id in bank):
        for specimen in item.reference.specimens:
            yield _written(item, specimen, "specimen", specimen.total)


def drills(bank: Bank) -> Iterator[MarkedAnswer]:
    """The answers of `data/marked`, written for the fit and marked by those who wrote them."""
    for path in sorted((shipped_data() / "marked").glob("*/*.yaml")):
        loaded = load_file(path, Drills).model
        item = bank[loaded.prompt]
        for drill in loaded.answers:
            earned = sum(point.marks * drill.credits[point.id] for point in item.reference.points)
            yield _written(item, drill, "drill", earned + drill.presentation)


def _written(item: Item, answer: Specimen | Drill, source: str, total: float) -> MarkedAnswer:
    return MarkedAnswer(
        item=item,
        text=answer.answer,
        source=source,
        stratum={"paraphrase": "paraphrase", "flawed": "adversarial"}.get(answer.level or "", "ordinary"),
        flaw=answer.flaw,
        credits=dict(answer.credits),
        presentation=answer.presentation,
        total=total,
    )


def withheld_references(items: Iterable[Item]) -> Iterator[MarkedAnswer]:
    """Each reference answer as a full-mark answer to a question that knows only the other references."""
    for item in items:
        scheme = item.reference
        for withheld in scheme.references:
            others = tuple(reference for reference in scheme.references if reference is not withheld)
            if others:
                yield MarkedAnswer(
                    item=Item(item.prompt, scheme.model_copy(update={"references": others})),
                    text=withheld.text,
                    source="reference",
                    stratum="ordinary",
                    flaw=None,
                    credits={point.id: 1.0 for point in scheme.points},
                    presentation=scheme.presentation,
                    total=item.prompt.max_score,
                )


def marked_questions(folder: Path) -> Iterator[MarkedAnswer]:
    """The answers of a folder of JSON files: one question each, with its scheme and answers marked per point."""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        item = marked_item(data)
        for answer in data["answers"]:
            yield MarkedAnswer(
                item=item,
                text=answer["text"],
                source="marked",
                stratum=answer["stratum"],
                flaw=_ATTACKS.get(answer["code"]) if answer["stratum"] == "adversarial" else None,
                credits=answer["credits"],
                presentation=answer["presentation"],
                total=answer["total"],
            )


def marked_item(data: dict[str, Any]) -> Item:
    """The question of one such file as an `Item`."""
    prompt = {
        "id": data["id"],
        "kind": data["kind"],
        "task": data["task"],
        "requirements": data["requirements"],
        "max_score": data["max_score"],
        "materials": [{"label": f"材料{n}", "text": text} for n, text in enumerate(data["materials"], 1)],
    }
    reference = {
        "prompt": data["id"],
        "presentation": data["presentation"],
        "points": data["points"],
        "references": [{"label": "ABCDEFGH"[n], "text": text} for n, text in enumerate(data["references"])],
    }
    return Item(Prompt.model_validate(prompt), Reference.model_validate(reference))
