"""The JSON Schema of bank files and the authors' guide: current, explained in Chinese, and true."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from essaydrill.bank import Bank, check_bank
from essaydrill.bank.authoring_fields import FIELDS, MODELS
from essaydrill.bank.authoring_schema import FileKind, file_schema, schema_name
from essaydrill.bank.models import Length, Material, Prompt, Reference, ReferenceText, ScoringPoint, Specimen
from essaydrill.cli.app import run
from essaydrill.scoring import Scorer

DOCS = Path(__file__).parent.parent / "docs" / "schema"
FILES: tuple[FileKind, ...] = ("prompt", "reference")


@pytest.mark.parametrize("file", FILES)
def test_the_committed_schema_is_current(file: FileKind) -> None:
    committed = json.loads((DOCS / schema_name(file)).read_text("utf-8"))
    made_by = f"essaydrill bank schema {file} > docs/schema/{schema_name(file)}"
    assert committed == file_schema(file), f"write it anew: {made_by}"


@pytest.mark.parametrize("model", [Prompt, Length, Material, Reference, ScoringPoint, ReferenceText, Specimen])
def test_every_field_is_explained(model: type[BaseModel]) -> None:
    assert list(FIELDS[model.__name__]) == list(model.model_fields)
    for field in (MODELS[model.__name__], *FIELDS[model.__name__].values()):
        assert field.title
        assert field.description.endswith("。")


@pytest.mark.parametrize("file", FILES)
def test_the_schema_speaks_chinese_and_refuses_unknown_keys(file: FileKind) -> None:
    schema = file_schema(file)
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        explained = [part, *part["properties"].values()]
        assert all(not entry["title"].isascii() and not entry["description"].isascii() for entry in explained)


def test_the_schema_names_what_must_be_there_and_what_may() -> None:
    prompt, reference = file_schema("prompt"), file_schema("reference")
    assert prompt["required"] == ["id", "task", "max_score"]
    assert reference["required"] == ["prompt", "references"]
    assert "document" in prompt["properties"]["kind"]["enum"]
    assert "document 贯彻执行" in prompt["properties"]["kind"]["description"]
    about, bounds = prompt["$defs"]["Length"]["anyOf"]
    assert about == {"required": ["about"], "maxProperties": 1}
    assert bounds["minProperties"] == 1


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "schema", "prompt"]) == 0
    assert capsys.readouterr().out == (DOCS / "prompt.schema.json").read_text("utf-8")
    assert run(["bank", "schema", "题目"]) == 2
    assert "可选" in capsys.readouterr().err


# --- the authors' guide ----------------------------------------------------------------------------------------------

GUIDES = ("authoring.md", "authoring.zh-CN.md")


def example(guide: str) -> list[str]:
    """The prompt file and the reference file that a guide writes as its example."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (DOCS.parent / guide).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [block for block in blocks if block.startswith(("id: ", "prompt: "))]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_worked_example_passes_the_check(guide: str, tmp_path: Path) -> None:
    for folder, content in zip(("prompts", "reference_answers"), example(guide), strict=True):
        path = tmp_path / folder / "culture" / "culture-summary-90.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(content, "utf-8")
    assert check_bank(Bank.open(tmp_path, builtin=False), score=lambda item, text: Scorer(item).score(text)) == []


def test_both_guides_tell_of_the_same_files_and_findings() -> None:
    assert example(GUIDES[0]) == example(GUIDES[1])
    texts = [(DOCS.parent / guide).read_text("utf-8") for guide in GUIDES]
    for text in texts:
        for fields in FIELDS.values():
            assert [name for name in fields if f"`{name}`" not in text and f"{{{name}: " not in text] == []
    findings = [
        re.findall(r"^\| (.*?[\u4e00-\u9fff].*?) \| (?:错误|提醒|error|warning)", text, re.MULTILINE) for text in texts
    ]
    assert findings[0] == findings[1]
    assert len(findings[0]) >= 20
