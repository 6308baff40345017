"""A small bank and scripts for the tests of grading."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from essaydrill.bank import Bank
from essaydrill.grading import Plan, Record, Results

VILLAGE, SCHOOL = "village-summary-01", "school-proposal-01"

_PROMPT = """\
id: {id}
topic: governance
kind: {kind}
title: {title}
task: 根据给定材料，{task}。
requirements: 全面准确，不超过150字。
max_score: 10
materials:
  - label: 材料1
    text: “村里一年的钱只够发工资，”老支书说，“网格员是我表叔，六十八了。”
"""
_REFERENCE = """\
prompt: {id}
presentation: 1
points:
  - id: p1
    text: 村级财政困难，治理投入不足
    marks: 5
    found_in: [材料1]
    keywords: [[财政困难, 缺钱], [投入不足, 投入少]]
  - id: p2
    text: 网格员年龄偏大，队伍力量不强
    marks: 4
    found_in: [材料1]
    keywords: [[年龄偏大, 老龄化], [网格员, 队伍]]
references:
  - label: A
    text: 一是村级财政困难，治理投入不足；二是网格员年龄偏大，队伍力量不强。
"""
GOOD = "一是村级财政困难，治理投入不足。\n二是网格员年龄偏大，队伍力量不强。\n"
HALF = "一是村级财政困难，治理投入不足。\n二是干部作风需要改进。\n"
WORTHLESS = "？？？……！！！"  # something is written, and it is worth 0 marks whatever the model


def make_bank(folder: Path) -> Bank:
    """A bank of two prompts, without the built-in one."""
    for id, kind, title, task in (
        (VILLAGE, "summary", "村里治理的问题", "概括村里治理存在的问题"),
        (SCHOOL, "proposal", "学校的建议", "就学校面临的困难提出建议"),
    ):
        for kind_of_file, text in (("prompts", _PROMPT), ("reference_answers", _REFERENCE)):
            file = folder / kind_of_file / "governance" / f"{id}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.format(id=id, kind=kind, title=title, task=task), encoding="utf-8")
    return Bank.open(folder, builtin=False)


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, by their relative names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder


def make_plan(folder: Path, **changes: Any) -> Plan:
    """Grade `folder/in` into `folder/out` in this process."""
    settings: dict[str, Any] = {"inputs": (folder / "in",), "out": folder / "out", "jobs": 1, "prompt": VILLAGE}
    return Plan(**{**settings, "bank": make_bank(folder / "bank"), **changes})


def records(out: Path) -> list[Record]:
    return list(Results(out / "results.jsonl"))


def by_name(out: Path) -> dict[str, Record]:
    """The records by where they lie."""
    return {record.source.shown: record for record in records(out)}


def settled_bytes(out: Path) -> dict[str, bytes]:
    """All output files; of `run.json` what is the same for every run on the same input."""
    found = [*out.iterdir(), *out.glob("feedback/*")]
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in found if path.is_file()}
    run = json.loads(files["run.json"])
    del run["run"]
    return {**files, "run.json": json.dumps(run).encode()}


def docx(*paragraphs: str) -> bytes:
    from docx import Document

    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def xlsx(rows: list[list[Any]], sheet: str = "Sheet1") -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()
