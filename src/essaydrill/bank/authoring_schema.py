"""JSON Schema of the two YAML files, with Chinese names and explanations for editors."""

from typing import Any, Literal

from pydantic import BaseModel

from essaydrill.bank.authoring_fields import FIELDS, MODELS
from essaydrill.bank.models import Prompt, Reference

FileKind = Literal["prompt", "reference"]

_MODELS: dict[FileKind, type[BaseModel]] = {"prompt": Prompt, "reference": Reference}
# What the model's validator holds: `about` alone, or `min`, `max` or both.
_LENGTH = [{"required": ["about"], "maxProperties": 1}, {"not": {"required": ["about"]}, "minProperties": 1}]


def schema_name(file: FileKind) -> str:
    """How the schema's own file is called."""
    return f"{file}.schema.json"


def file_schema(file: FileKind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a prompt or reference file, made from its pydantic model."""
    model = _MODELS[file]
    schema = model.model_json_schema()
    parts: dict[str, dict[str, Any]] = schema.pop("$defs")
    _explain(schema, model.__name__)
    for name, part in parts.items():
        _explain(part, name)
    if "Length" in parts:
        parts["Length"]["anyOf"] = _LENGTH
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "$defs": parts}


def _explain(schema: dict[str, Any], model: str) -> None:
    """Put Chinese names and explanations in place of the generated English ones."""
    schema |= MODELS[model]._asdict()
    for name, entry in schema["properties"].items():
        entry |= FIELDS[model][name]._asdict()


def schema_text(file: FileKind) -> str:
    """The schema as it stands in its file: indented JSON with a final line end."""
    import json

    return json.dumps(file_schema(file), ensure_ascii=False, indent=2) + "\n"
