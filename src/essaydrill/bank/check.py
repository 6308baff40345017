"""Everything a person can get wrong in a bank, found before a candidate does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from essaydrill.bank.bank import Bank
from essaydrill.bank.check_item import Finding, Pair, ScoreFunction, item_findings
from essaydrill.bank.duplicates import duplicate_findings
from essaydrill.bank.layer import PROMPTS, REFERENCES, SUFFIXES, Layer
from essaydrill.bank.problems import InvalidFileError
from essaydrill.bank.specimens import SpecimenAgreement, far_apart, specimen_agreement
from essaydrill.bank.topics import listed_topics

T = TypeVar("T")


@dataclass(frozen=True)
class Examination:
    """What there is to say of a bank: findings by file and line, and one agreement for each prompt with specimens."""

    findings: tuple[Finding, ...]
    agreements: tuple[SpecimenAgreement, ...]


def check_bank(bank: Bank, score: ScoreFunction | None = None) -> list[Finding]:
    """The findings of `examine_bank`."""
    return list(examine_bank(bank, score).findings)


def examine_bank(bank: Bank, score: ScoreFunction | None = None) -> Examination:
    """Look at all files of `bank`; those that a higher layer replaces are left out.

    `score(item, text)` marks a text; with it, references that miss their own points and specimens that are marked
    otherwise than by their marker are found too.
    """
    findings = [finding for layer in bank.layers for finding in _layer_findings(bank, layer)]
    pairs: list[Pair] = []
    for identifier in bank:
        prompt, prompt_problems = _loaded(bank.load_prompt, identifier)
        reference, reference_problems = _loaded(bank.load_reference, identifier)
        findings += [*prompt_problems, *reference_problems]
        if prompt and reference:
            pairs.append(Pair(prompt, reference))
    slugs = frozenset(topic.slug for topic in listed_topics())
    agreements: list[SpecimenAgreement] = []
    for pair in pairs:
        findings += item_findings(pair, slugs, score)
        if score is not None and pair.item.reference.specimens:
            agreement = specimen_agreement(pair.item, score)
            findings += far_apart(pair, agreement)
            agreements.append(agreement)
    # What a higher layer repeats is told of the higher layer's file.
    height = {identifier: number for number, layer in enumerate(bank.layers) for identifier in layer.prompts}
    findings += duplicate_findings(sorted(pairs, key=lambda pair: height[pair.item.prompt.id]))
    order = sorted(set(findings), key=lambda finding: (finding.file, finding.line or 0, finding.field, finding.message))
    return Examination(tuple(order), tuple(agreements))


def _loaded(load: Callable[[str], T], identifier: str) -> tuple[T | None, list[Finding]]:
    try:
        return load(identifier), []
    except InvalidFileError as invalid:
        return None, [Finding("error", identifier, p.file, p.line, p.field, p.message) for p in invalid.problems]


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


__all__ = ["Examination", "Finding", "check_bank", "examine_bank"]
