"""Prompts and reference answers: their models, reading them, finding them, checking them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from essaydrill.bank.bank import Bank, Entry
    from essaydrill.bank.check import Examination, Finding, check_bank, examine_bank
    from essaydrill.bank.framework import framework_named, frameworks
    from essaydrill.bank.item import Item
    from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES, Genre, Kind, resolve_kind
    from essaydrill.bank.limits import read_limit
    from essaydrill.bank.models import Length, Material, Prompt, Reference, ReferenceText, ScoringPoint, Specimen
    from essaydrill.bank.problems import InvalidFileError, Problem
    from essaydrill.bank.shown import ShownPrompt
    from essaydrill.bank.specimens import SpecimenAgreement, WorstSpecimen, specimen_agreement
    from essaydrill.bank.topics import Topic, resolve_topic

_HOMES = {
    "GENRE_NAMES": "kinds",
    "KIND_NAMES": "kinds",
    "Bank": "bank",
    "Entry": "bank",
    "Examination": "check",
    "Finding": "check",
    "Genre": "kinds",
    "InvalidFileError": "problems",
    "Item": "item",
    "Kind": "kinds",
    "Length": "models",
    "Material": "models",
    "Problem": "problems",
    "Prompt": "models",
    "Reference": "models",
    "ReferenceText": "models",
    "ScoringPoint": "models",
    "ShownPrompt": "shown",
    "Specimen": "models",
    "SpecimenAgreement": "specimens",
    "Topic": "topics",
    "WorstSpecimen": "specimens",
    "check_bank": "check",
    "examine_bank": "check",
    "framework_named": "framework",
    "frameworks": "framework",
    "read_limit": "limits",
    "resolve_kind": "kinds",
    "resolve_topic": "topics",
    "specimen_agreement": "specimens",
}

__all__ = [
    "GENRE_NAMES",
    "KIND_NAMES",
    "Bank",
    "Entry",
    "Examination",
    "Finding",
    "Genre",
    "InvalidFileError",
    "Item",
    "Kind",
    "Length",
    "Material",
    "Problem",
    "Prompt",
    "Reference",
    "ReferenceText",
    "ScoringPoint",
    "ShownPrompt",
    "Specimen",
    "SpecimenAgreement",
    "Topic",
    "WorstSpecimen",
    "check_bank",
    "examine_bank",
    "framework_named",
    "frameworks",
    "read_limit",
    "resolve_kind",
    "resolve_topic",
    "specimen_agreement",
]


def __getattr__(name: str) -> Any:
    # Resolved on first use: listing prompts needs neither pydantic nor yaml.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"essaydrill.bank.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'essaydrill.bank' has no attribute {name!r}")
