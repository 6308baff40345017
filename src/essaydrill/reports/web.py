"""What the web pages for a class share: texts made harmless, one template, one style."""

from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from essaydrill.reports.safe_text import one_line, sanitise


def line(text: str) -> str:
    """`text` as HTML that shows it on one line, whatever it holds."""
    return escape(one_line(text))


def prose(text: str) -> str:
    """`text` as HTML that shows it with its own line ends where the style keeps them."""
    return escape(sanitise(text))


def page(title: str, body: str) -> str:
    """A whole file: `body` is HTML; nothing is loaded, nothing runs."""
    return Template(_read("handout.html")).substitute(title=line(title), body=body, style=_read("handout.css"))


@cache
def _read(name: str) -> str:
    return files("essaydrill.reports").joinpath("templates", name).read_text("utf-8")
