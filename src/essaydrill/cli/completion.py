"""What the shell proposes for topics and prompts; without a readable bank it is nothing, never an error."""

from typing import TYPE_CHECKING

import typer

from essaydrill.errors import EssaydrillError

if TYPE_CHECKING:
    from essaydrill.bank import Bank

Proposals = list[tuple[str, str]]


def complete_topic(ctx: typer.Context, incomplete: str) -> Proposals:
    """Topics whose slug, Chinese name or alias begins as typed: the name that matches, explained by the other one."""
    try:
        topics = _bank(ctx).topics()
    except (EssaydrillError, OSError):
        return []
    proposals: Proposals = []
    for topic in topics:
        if topic.slug.startswith(incomplete.lower()):
            proposals.append((topic.slug, topic.name))
        elif incomplete:
            proposals += [(name, topic.slug) for name in (topic.name, *topic.aliases) if name.startswith(incomplete)]
    return proposals


def complete_prompt(ctx: typer.Context, incomplete: str) -> Proposals:
    """Prompts whose id begins as typed, explained by their titles."""
    from essaydrill.reports.safe_text import one_line

    try:
        entries = _bank(ctx).entries()
    except (EssaydrillError, OSError):
        return []
    return [(entry.id, one_line(entry.title)) for entry in entries if entry.id.lower().startswith(incomplete.lower())]


def _bank(ctx: typer.Context) -> "Bank":
    from essaydrill.bank import Bank

    return Bank.open(ctx.params.get("bank"))
