"""What was handed in, as a stream: each script with where it lies, in an order that does not depend on the disk."""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal

from essaydrill.grading.archive import members
from essaydrill.grading.columns import ColumnRules
from essaydrill.grading.limits import DOCUMENT_BYTES, MEMBER_BYTES, TABLE_BYTES, TEXT_BYTES, WORKBOOK_BYTES
from essaydrill.grading.model import NOTHING_SAID, Said, Source
from essaydrill.grading.names import readable
from essaydrill.grading.problems import UnreadableScriptError
from essaydrill.grading.tables import TABLE_SUFFIXES, Row, answer_rows
from essaydrill.grading.walk import Found, open_regular, read_regular, walk

Format = Literal["text", "markdown", "docx", "pdf", "cell"]

_TEXT_SUFFIXES = {".txt": "text", ".text": "text", "": "text", ".md": "markdown", ".markdown": "markdown"}
_DOCUMENT_SUFFIXES = (".docx", ".pdf", ".doc", ".docm", ".wps")
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_NESTED = "压缩包里还有压缩包，请解开里面的再交"


@dataclass(frozen=True)
class Submission:
    """One script as it was handed in. `names` are the folders it lies in, outermost first, and its own name without
    suffix; they may say whose it is and which prompt it answers. `data` is what the file or the cell holds; where it
    cannot be had, `fault` says why.
    """

    source: Source
    names: tuple[str, ...] = ()
    format: Format = "text"
    data: bytes = b""
    said: Said = NOTHING_SAID
    hand_mark: float | None = None
    fault: str = ""

    @cached_property
    def sha256(self) -> str | None:
        """Of the content alone; None where there is none."""
        return None if self.fault else hashlib.sha256(self.data).hexdigest()

    @cached_property
    def key(self) -> str:
        """32 hex digits that change with the place, the content and what the row says beside it."""
        known = f"{self.source.model_dump_json()}|{self.sha256}|{self.format}|{self.said.model_dump_json()}"
        return hashlib.blake2b(known.encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True)
class _Place:
    """A file outside or inside an archive, and how to get at it."""

    path: str
    names: tuple[str, ...]
    suffix: str
    open: Callable[[int], BinaryIO]
    read: Callable[[int], bytes]
    member: str | None = None

    @property
    def source(self) -> Source:
        return Source(path=self.path, member=self.member)

    def broken(self, error: Exception) -> Submission:
        return Submission(self.source, self.names, fault=str(error))


def discover(
    inputs: Sequence[Path], rules: ColumnRules, skip: Callable[[Path], bool] = lambda _: False
) -> Iterator[Submission]:
    """Every script in the folders and files `inputs`; nothing that lies there is passed over in silence but what
    systems and editors leave behind. `skip` names paths that are not scripts (the roster, the output folder).
    """
    for found, names, follow in files(inputs, skip):
        path = "/".join(names)
        place = _on_disk(path, names, found, follow)
        if found.fault:
            yield Submission(place.source, place.names, fault=found.fault)
        elif place.suffix == ".zip":
            yield from _from_archive(place, rules)
        else:
            yield from _from_place(place, rules)


def files(inputs: Sequence[Path], skip: Callable[[Path], bool]) -> Iterator[tuple[Found, tuple[str, ...], bool]]:
    """Each file with its readable name from the input down, and whether it may be a link: one that the user named may.

    Several inputs put their own names in front, told apart where they are alike.
    """
    fronts = _fronts(inputs)
    for given, front in zip(inputs, fronts, strict=True):
        if given.is_dir():
            for found in walk(given, skip):
                names = (*front, *map(readable, found.parts))
                yield found, names or (readable(given.absolute().name),), False
        else:
            yield Found(given, (given.name,)), front or (readable(given.name),), True


def _fronts(inputs: Sequence[Path]) -> list[tuple[str, ...]]:
    if len(inputs) == 1:
        return [()]
    names = [readable(given.absolute().name) for given in inputs]
    before = [names[:n].count(name) for n, name in enumerate(names)]
    return [(f"{name}~{same + 1}" if same else name,) for name, same in zip(names, before, strict=True)]


def _on_disk(path: str, names: tuple[str, ...], found: Found, follow: bool) -> _Place:
    stem, suffix = _stem_and_suffix(names[-1])
    return _Place(
        path,
        (*names[:-1], stem),
        suffix,
        lambda limit: open_regular(found.path, limit, follow=follow),
        lambda limit: read_regular(found.path, limit, follow=follow),
    )


def _stem_and_suffix(name: str) -> tuple[str, str]:
    """As pathlib parts them, which takes longer; the suffix in small letters."""
    place = name.rfind(".")
    return (name[:place], name[place:].lower()) if 0 < place < len(name) - 1 else (name, "")


def _from_archive(place: _Place, rules: ColumnRules) -> Iterator[Submission]:
    try:
        with place.open(TABLE_BYTES) as file:
            for member in members(file):
                stem, suffix = _stem_and_suffix(member.parts[-1])
                inner = _Place(
                    place.path,
                    (*place.names, *member.parts[:-1], stem),
                    suffix,
                    lambda limit, member=member: io.BytesIO(member.read(min(limit, MEMBER_BYTES))),  # type: ignore[misc]
                    member.read,
                    "/".join(member.parts),
                )
                if inner.suffix == ".zip":
                    yield inner.broken(UnreadableScriptError(_NESTED))
                else:
                    yield from _from_place(inner, rules)
    except UnreadableScriptError as error:
        yield place.broken(error)


def _from_place(place: _Place, rules: ColumnRules) -> Iterator[Submission]:
    try:
        if place.suffix in TABLE_SUFFIXES:
            limit = WORKBOOK_BYTES if place.suffix in _WORKBOOK_SUFFIXES else TABLE_BYTES
            with place.open(limit) as file:
                for row in answer_rows(file, place.suffix, rules):
                    yield from _from_row(place, row)
        else:
            yield _from_file(place)
    except UnreadableScriptError as error:
        yield place.broken(error)


def _from_file(place: _Place) -> Submission:
    data = place.read(DOCUMENT_BYTES if place.suffix in _DOCUMENT_SUFFIXES else TEXT_BYTES)
    return Submission(place.source, place.names, _format(data, place.suffix), data)


def _format(data: bytes, suffix: str) -> Format:
    """By what the file is rather than by what it is called."""
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if suffix in _TEXT_SUFFIXES or suffix in _DOCUMENT_SUFFIXES or b"\0" in data:
        return "markdown" if _TEXT_SUFFIXES.get(suffix) == "markdown" else "text"
    raise UnreadableScriptError(f"不认识 {suffix} 文件，请另存为 txt、docx 或 pdf 再交")


def _from_row(place: _Place, row: Row) -> Iterator[Submission]:
    said = Said(
        prompt=row.said.get("prompt"),
        student_id=row.said.get("id"),
        student_name=row.said.get("name"),
        group=row.said.get("group"),
    )
    at = {"sheet": row.sheet, "row": row.number}
    names = (*place.names, row.sheet) if row.sheet else place.names
    if row.fault:
        yield Submission(place.source.model_copy(update=at), names, "cell", said=said, fault=row.fault)
        return
    single = len(row.answers) == 1
    for heading, prompt, text in row.answers:
        yield Submission(
            source=place.source.model_copy(update=at if single else {**at, "column": heading}),
            names=names,
            format="cell",
            data=text.encode("utf-8", "replace"),
            said=said if prompt is None else said.model_copy(update={"prompt": prompt}),
            hand_mark=_mark(row.said.get("mark")) if single else None,
        )


def _mark(text: str | None) -> float | None:
    """A person's mark: 12, 12.5, 12.5分; None for anything else."""
    try:
        mark = float((text or "").removesuffix("分"))
    except ValueError:
        return None
    return mark if 0 <= mark <= 1000 else None
