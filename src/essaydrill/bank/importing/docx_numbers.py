"""Word's automatic numbers: a paragraph that shows “一、” has no such characters in its text."""

import re
from dataclasses import dataclass
from typing import Any

from essaydrill.bank.importing.numbering import han_numeral

_LEVELS = 9
_HAN_FORMAT = re.compile(
    r"(?:chinese|taiwanese|japanese)(?:Counting|CountingThousand|LegalSimplified)|ideographDigital"
)
_CIRCLED = frozenset(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"))
_SILENT = frozenset(("none", "bullet"))


def local_name(element: Any) -> str:
    """The tag without its namespace, of which Word uses two."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    """The attribute `name` of any namespace; empty where there is none."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


@dataclass(frozen=True)
class _Level:
    format: str
    text: str  # like “第%1题”
    start: int


class Numbers:
    """Counts the numbered paragraphs of one document; ask for the paragraphs in their order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        """Takes the roots of numbering.xml and styles.xml, None where the document has none."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._abstract = {}
        definitions = {attribute(e, "abstractNumId"): e for e in _named(numbering, "abstractNum")}
        for number in _named(numbering, "num"):
            chosen = next((attribute(e, "val") for e in _named(number, "abstractNumId")), "")
            self._abstract[attribute(number, "numId")] = chosen
        for identifier, definition in definitions.items():
            self._levels[identifier] = dict(_level(e) for e in _named(definition, "lvl"))
        self._styles = {attribute(e, "styleId"): found for e in _named(styles, "style") if (found := _numbering(e))}

    def label(self, paragraph: Any) -> str:
        """What Word shows before this paragraph; empty where it is not numbered."""
        numbering = _numbering(paragraph) or self._styles.get(_style(paragraph))
        abstract = self._abstract.get(numbering[0]) if numbering else None
        if numbering is None or abstract is None:
            return ""
        at, levels = numbering[1], self._levels.get(abstract, {})
        if at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        now = counts[at]
        counts[at] = levels[at].start if now is None else now + 1
        counts[at + 1 :] = [None] * (_LEVELS - at - 1)
        if levels[at].format in _SILENT:
            return ""

        def shown(found: re.Match[str]) -> str:
            level = int(found[1]) - 1
            definition = levels.get(level, levels[at])
            count = counts[level] if level < _LEVELS else None
            return _formatted(definition.start if count is None else count, definition.format)

        return re.sub(r"%([1-9])", shown, levels[at].text)


def _named(element: Any, name: str) -> list[Any]:
    return [] if element is None else [child for child in element if local_name(child) == name]


def _level(element: Any) -> tuple[int, _Level]:
    values = {local_name(child): attribute(child, "val") for child in element}
    start = values.get("start", "1")
    level = _Level(values.get("numFmt", "decimal"), values.get("lvlText", ""), int(start) if start.isdecimal() else 1)
    at = attribute(element, "ilvl")
    return int(at) if at.isdecimal() else 0, level


def _numbering(element: Any) -> tuple[str, int] | None:
    """Number and level that a paragraph or a style states."""
    for properties in _named(element, "pPr"):
        for numbering in _named(properties, "numPr"):
            values = {local_name(child): attribute(child, "val") for child in numbering}
            at = values.get("ilvl", "0")
            if "numId" in values:
                return values["numId"], min(int(at), _LEVELS - 1) if at.isdecimal() else 0
    return None


def _style(paragraph: Any) -> str:
    named = (attribute(e, "val") for properties in _named(paragraph, "pPr") for e in _named(properties, "pStyle"))
    return next(named, "")


def _formatted(number: int, format: str) -> str:
    if _HAN_FORMAT.fullmatch(format) and 0 < number < 100:
        return han_numeral(number)
    if format in _CIRCLED and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if format in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr(ord("A" if format == "upperLetter" else "a") + number - 1)
    return str(number)
