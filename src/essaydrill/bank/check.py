"""Everything a person can get wrong in a bank, found before a candidate does."""

from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from essaydrill.bank.bank import Bank
from essaydrill.bank.check_item import Finding, Pair, ScoreFunction, item_findings
from essaydrill.bank.layer import PROMPTS, REFERENCES, SUFFIXES, Layer
from essaydrill.bank.problems import InvalidFileError
from essaydrill.bank.topics import listed_topics

T = TypeVar("T")


def check_bank(bank: Bank, score: ScoreFunction | None = None) -> list[Finding]:
    """All findings on the files of `bank`, by file and line; files that a higher layer replaces are left out.

    `score(item, text)` marks a text; with it, references that miss their own points are found too.
    """
    findings = [finding for layer in bank.layers for finding in _layer_findings(bank, layer)]
    slugs = frozenset(topic.slug for topic in listed_topics())
    for identifier in bank:
        findings += _pair_findings(bank, identifier, slugs, score)
    return sorted(set(findings), key=lambda finding: (finding.file, finding.line or 0, finding.field, finding.message))


def _pair_findings(
    bank: Bank, identifier: str, slugs: frozenset[str], score: ScoreFunction | None
) -> Iterator[Finding]:
    prompt = yield from _loaded(bank.load_prompt, identifier)
    reference = yield from _loaded(bank.load_reference, identifier)
    if prompt and reference:
        yield from item_findings(Pair(prompt, reference), slugs, score)


def _loaded(load: Callable[[str], T], identifier: str) -> Generator[Finding, None, T | None]:
    try:
        return load(identifier)
    except InvalidFileError as invalid:
        for problem in invalid.problems:
            yield Finding("error", identifier, problem.file, problem.line, problem.field, problem.message)
        return None


def _layer_findings(bank: Bank, layer: Layer) -> Iterator[Finding]:
    """What is wrong with the files as such: two for one id, one without its partner, some where nothing looks."""
    below = bank.layers[: bank.layers.index(layer) + 1]
    for files in (layer.prompts, layer.references):
        for identifier, (first, *others) in files.items():
            for other in others:
                told = f"id 重复，{layer.shown(first)} 已用了 {identifier}，请改名或删去一个"
                yield Finding("error", identifier, layer.shown(other), None, "id", told)
    for identifier, paths in layer.references.items():
        if not any(identifier in lower.prompts for lower in below):
            told = f"没有对应的题目文件，{PROMPTS}/ 里缺少 {identifier}.yaml"
            yield Finding("error", identifier, layer.shown(paths[0]), None, "prompt", told)
    seen = {path for files in (layer.prompts, layer.references) for paths in files.values() for path in paths}
    for folder in (PROMPTS, REFERENCES):
        for path in sorted((layer.root / folder).rglob("*")):
            if path.suffix in SUFFIXES and str(path) not in seen and not path.name.startswith("."):
                told = f"不会被读取：题目文件要放在 {folder}/ 或 {folder}/<专题>/ 里"
                yield Finding("warning", path.stem, layer.shown(path), None, "", told)


__all__ = ["Finding", "check_bank"]
