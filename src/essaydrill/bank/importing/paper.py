"""Blocks put together: each question with its materials, its answers and its marking scheme; the notes beside them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from essaydrill.bank.importing.blocks import Block, read_blocks
from essaydrill.bank.importing.numbering import numbered, value
from essaydrill.bank.overlap import similarity
from essaydrill.text.characters import HAN

_SAME_TASK = 0.75  # Dice of bigrams; two questions of one paper share their phrases but not so many
_LONG = 40  # characters: a numbered line of this length is a material, a shorter one a heading inside a material
_SHORTEST_TASK = 4  # Han characters
_HAN = re.compile(f"[{HAN}]")
_ALL_MATERIALS = re.compile(r"文章|议论文|作文|策论")
_NUMBERS = r"(?:[\d０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_LABEL = r"(?:(?:给定)?(?:资料|材料))"
_TO = r"[-—–~～至到]"
_REFERRED = re.compile(
    rf"{_LABEL}[”\"】》]?\s*({_NUMBERS}(?:\s*(?:[、,，和与及]|{_TO})\s*[“\"]?{_LABEL}?\s*{_NUMBERS})*)"
)
_SPAN = re.compile(rf"({_NUMBERS})\s*{_TO}\s*[“\"]?{_LABEL}?\s*({_NUMBERS})")


@dataclass(frozen=True)
class Material:
    label: str
    number: int | None
    text: str


@dataclass(frozen=True)
class Question:
    """One question as the document has it: lines of the task, each answer's text, lines of the marking scheme.

    `number` is its own, which may come again in another part of the document; `place` counts the blocks before it.
    """

    number: int
    place: int
    task: tuple[str, ...]
    materials: tuple[Material, ...] = ()
    answers: tuple[str, ...] = ()
    scheme: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a lesson's notes."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    questions: tuple[Question, ...]
    notes: tuple[Section, ...]


def read_paper(lines: Sequence[str]) -> Paper:
    """Everything that can be found in the lines of a paper or a lesson."""
    blocks = read_blocks(lines)
    notes = tuple(Section(block.heading, tuple(block.lines)) for block in blocks if block.role == "notes")
    return Paper(_with_materials(_merged(_questions(blocks)), blocks), notes)


def _questions(blocks: Iterable[Block]) -> list[Question]:
    questions: list[Question] = []
    for place, block in enumerate(blocks):
        if block.role == "task" and len(_HAN.findall("".join(block.lines))) >= _SHORTEST_TASK:
            questions.append(Question(block.number or len(questions) + 1, place, tuple(block.lines)))
        elif block.role in ("answer", "scheme") and block.lines:
            at = next((n for n in range(len(questions) - 1, -1, -1) if questions[n].number == block.number), None)
            if at is None:
                continue
            question = questions[at]
            if block.role == "answer":
                questions[at] = replace(question, answers=(*question.answers, "\n".join(block.lines)))
            else:
                questions[at] = replace(question, scheme=(*question.scheme, *block.lines))
    return questions


def _merged(questions: Sequence[Question]) -> tuple[Question, ...]:
    """A question that is printed again before its answer is one question."""
    merged: list[Question] = []
    for question in questions:
        text = "".join(question.task)
        same = next((n for n, other in enumerate(merged) if similarity("".join(other.task), text) >= _SAME_TASK), None)
        if same is None:
            merged.append(question)
        else:
            first = merged[same]
            answers = (*first.answers, *question.answers)
            merged[same] = replace(first, answers=answers, scheme=(*first.scheme, *question.scheme))
    return tuple(merged)


# --- materials -------------------------------------------------------------------------------------------------------


def _with_materials(questions: tuple[Question, ...], blocks: Sequence[Block]) -> tuple[Question, ...]:
    sets = _sets(blocks)
    if not sets:
        return questions
    given: list[tuple[Material, ...]] = []
    for question in questions:
        after = [materials for start, materials in sets if question.place < start < _next_task(blocks, question.place)]
        before = [materials for start, materials in sets if start < question.place]
        chosen = after[0] if after and len(sets) > 1 else (before[-1] if before else sets[0][1])
        given.append(_referred("".join(question.task), chosen))
    return tuple(replace(question, materials=found) for question, found in zip(questions, given, strict=True))


def _sets(blocks: Sequence[Block]) -> list[tuple[int, tuple[Material, ...]]]:
    """The groups of materials with the place of their first block; a number that comes again begins a new group."""
    sets: list[tuple[int, list[Material]]] = []
    for place, block in enumerate(blocks):
        if block.role != "material" or not block.lines:
            continue
        materials = _parted(block)
        numbers = {material.number for material in sets[-1][1]} if sets else set()
        if not sets or numbers & {material.number for material in materials}:
            sets.append((place, []))
        sets[-1][1].extend(materials)
    return [(place, tuple(materials)) for place, materials in sets]


def _parted(block: Block) -> list[Material]:
    """Materials that only 1. 2. 3. part, as older papers have them, one by one."""
    starts: list[int] = []
    for n, line in enumerate(block.lines):
        marker = numbered(line)
        if marker and marker.style == "arabic" and marker.number == len(starts) + 1 and len(line) >= _LONG:
            starts.append(n)
    if block.number is not None or len(starts) < 2 or starts[0] != 0:
        return [Material(block.heading, block.number, "\n".join(block.lines))]
    parts = [block.lines[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    texts = ["\n".join([_unnumbered(first), *rest]) for first, *rest in parts]
    return [Material(f"{block.heading}{n}", n, text) for n, text in enumerate(texts, 1)]


def _unnumbered(line: str) -> str:
    marker = numbered(line)
    return line[marker.end :] if marker else line


def _next_task(blocks: Sequence[Block], place: int) -> int:
    return next((n for n in range(place + 1, len(blocks)) if blocks[n].role == "task"), len(blocks))


def _referred(task: str, materials: tuple[Material, ...]) -> tuple[Material, ...]:
    """The materials that a task names by number; all of them where it names none, and for an essay."""
    if _ALL_MATERIALS.search(task):
        return materials
    numbers: set[int | None] = set()
    for found in _REFERRED.finditer(task):
        numbers.update(value(digits) for digits in re.findall(_NUMBERS, found[1]))
        for first, last in _SPAN.findall(found[1]):
            numbers.update(range(value(first) or 0, (value(last) or 0) + 1))
    return tuple(material for material in materials if material.number in numbers) or materials
