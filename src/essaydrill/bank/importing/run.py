"""One file imported from beginning to end."""

from dataclasses import dataclass
from pathlib import Path

from essaydrill.bank.importing.clean import clean
from essaydrill.bank.importing.draft import Draft, make_draft
from essaydrill.bank.importing.notes import notes_markdown
from essaydrill.bank.importing.paper import read_paper
from essaydrill.bank.importing.problems import SourceError
from essaydrill.bank.importing.shelf import Page, Shelf
from essaydrill.bank.importing.source import Source, read_source
from essaydrill.bank.importing.topic import guess_topic


@dataclass(frozen=True)
class Imported:
    """What came out of one file. `pages` are the files to be written, none of which exists; `sections` are the titles
    of the notes; `dropped` are the lines taken for navigation and advertisement."""

    source: Source
    topic: str
    topic_guessed: bool
    drafts: tuple[Draft, ...]
    sections: tuple[str, ...]
    pages: tuple[Page, ...]
    dropped: tuple[str, ...]


def import_file(path: Path, shelf: Shelf, topic: str | None = None) -> Imported:
    """Draft everything that `path` holds, under names that are free on `shelf`; nothing is written.

    `topic` is a slug, guessed where it is None. Raises `SourceError` where the file cannot be read or holds neither a
    question nor notes.
    """
    source = read_source(path)
    cleaned = clean(source.lines, web=source.may_be_web)
    paper = read_paper(cleaned.lines)
    if not paper.questions and not paper.notes:
        raise SourceError(
            f"{source.name}：没有找到题目，题目前要有“例题1”“问题一”“第一题”之类的字样，或写明分值和字数要求"
        )
    tasks = [line for question in paper.questions for line in question.task]
    slug = topic or guess_topic(cleaned.title, tasks, cleaned.lines)
    drafts = [make_draft(question, slug) for question in paper.questions]
    named = tuple(draft.named(shelf.free_id(slug, draft.prompt.kind)) for draft in drafts)
    origin = path.name if path.name.isprintable() else source.name
    pages = [page for draft in named for page in shelf.pages(draft, origin)]
    if paper.notes:
        title = cleaned.title or path.stem
        pages.append(Page(shelf.free_notes(slug), notes_markdown(paper.notes, title, origin)))
    sections = tuple(section.title for section in paper.notes)
    return Imported(source, slug, topic is None, named, sections, tuple(pages), cleaned.dropped)
