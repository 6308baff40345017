"""Results in, pixels out: reports compute nothing."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from essaydrill.reports.question import render_prompt, render_references, render_specimens
    from essaydrill.reports.terminal import render_result, render_summary

_HOMES = {
    "render_prompt": "question",
    "render_references": "question",
    "render_result": "terminal",
    "render_specimens": "question",
    "render_summary": "terminal",
}

__all__ = ["render_prompt", "render_references", "render_result", "render_specimens", "render_summary"]


def __getattr__(name: str) -> Any:
    # Resolved on first use: rich is loaded only where something is rendered.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"essaydrill.reports.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'essaydrill.reports' has no attribute {name!r}")
