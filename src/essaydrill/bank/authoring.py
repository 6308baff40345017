"""A question of one's own: a free id, the models from their fields, the two files on disk."""

import os
import re
from collections.abc import Container
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from essaydrill.bank.authoring_schema import FileKind, schema_name
from essaydrill.bank.authoring_yaml import prompt_yaml, reference_yaml
from essaydrill.bank.item import Item
from essaydrill.bank.kinds import Kind
from essaydrill.bank.layer import PROMPTS, REFERENCES, Layer
from essaydrill.bank.messages import message
from essaydrill.bank.models import Prompt, Reference
from essaydrill.errors import BankError, UsageError

M = TypeVar("M", bound=BaseModel)

# Markers keep about a tenth of the mark for structure and language, in an essay about a quarter.
_PRESENTATION_SHARE, _ESSAY_SHARE = 0.1, 0.25


def usual_presentation(kind: Kind, max_score: float) -> float:
    """The marks that are usually kept for presentation, in steps of a half."""
    return round(2 * max_score * (_ESSAY_SHARE if kind == "essay" else _PRESENTATION_SHARE)) / 2


def next_id(topic: str, kind: Kind, taken: Container[str]) -> str:
    """The first of <topic>-<kind>-01, -02, … that is not `taken`."""
    number = 1
    while (identifier := f"{topic}-{kind}-{number:02}") in taken:
        number += 1
    return identifier


def make_item(prompt: dict[str, Any], reference: dict[str, Any]) -> Item:
    """Both models from their fields, empty ones left out; raises `UsageError` naming the first field that is wrong."""
    return Item(_validated(Prompt, prompt), _validated(Reference, {"prompt": prompt["id"], **reference}))


def _validated(model: type[M], fields: dict[str, Any]) -> M:
    try:
        return model.model_validate({name: value for name, value in fields.items() if value not in ("", None, ())})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}：{message(first, model)}") from None


def own_ids(folder: Path) -> frozenset[str]:
    """The ids that the prompts and references in a bank folder use; none where the folder does not exist."""
    layer = Layer(folder.absolute(), str(folder))
    return frozenset(layer.prompts) | frozenset(layer.references)


def write_item(item: Item, folder: Path) -> tuple[Path, Path]:
    """Put both files of a new question into the bank in `folder`, under its topic; returns their paths.

    Raises `UsageError` where the folder has a question of this id, `BankError` where it cannot be written; then
    neither file is there.
    """
    prompt, reference = item.prompt, item.reference
    if prompt.id in own_ids(folder):
        raise UsageError(f"{folder} 里已有题目 {prompt.id}，换一个编号；已有的文件不会被覆盖")
    name = Path(prompt.topic) / f"{prompt.id}.yaml"
    first, second = folder / PROMPTS / name, folder / REFERENCES / name
    _create(first, prompt_yaml(prompt, schema_address("prompt", first)))
    try:
        _create(second, reference_yaml(reference, schema_address("reference", second)))
    except BaseException:
        with suppress(OSError):
            first.unlink()
        raise
    return first, second


def _create(path: Path, text: str) -> None:
    """Write a file that was not there; what is left of a failed attempt is removed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        file = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise UsageError(f"{path}：已有同名文件，没有覆盖，换一个编号") from None
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> BankError:
    return BankError(f"{path}：写不进去（{error.strerror}），请换一个题库目录")


def schema_address(file: FileKind, path: Path) -> str:
    """The path of the JSON Schema as seen from the bank file at `path`; empty where there is no schema to name.

    It is looked for in `schema/` and `docs/schema/` of the folders above.
    """
    folders = [above / schemas for above in path.absolute().parents for schemas in ("schema", "docs/schema")]
    found = next((schema for folder in folders if (schema := folder / schema_name(file)).is_file()), None)
    if found is None:
        return ""
    try:
        address = os.path.relpath(found, path.absolute().parent).replace(os.sep, "/")
    except ValueError:  # on another drive
        return ""
    return "" if re.search(r"\s", address) else address  # editors read the address up to the first blank
