"""The text of a PDF as paragraphs, without running heads and page numbers."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from essaydrill.bank.importing.plain import unwrapped
from essaydrill.bank.importing.problems import SourceError, optional
from essaydrill.text.characters import HAN

MAX_PAGES = 300

_LOCKED = "加了密码，请解除密码后再导入"
_EDGE = 2  # lines at the top and at the bottom of a page that may be its head and foot
_LEAST_TEXT = 20  # characters a page, on average, that a PDF with text has at the least
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,3}\s*(?:页)?(?:[\s/,，共]*\d{1,3}\s*页?)?[-—–·\s]*")
_NUMBER_IN_HEAD = re.compile(r"第?\s*\d+\s*页|\d+\s*/\s*\d+|(?<=\s)\d+$|^\d+(?=\s)")
_SPACED_HAN = re.compile(rf"(?<=[{HAN}，。、；：！？“”（）]) +(?=[{HAN}，。、；：！？“”（）])")
_SPREAD = 0.3  # a line with this many spaces to a character is one word spread out by the typesetter


def pdf_lines(data: bytes) -> list[str]:
    """The lines of a PDF; raises `SourceError` where it is damaged, locked, or holds pictures alone."""
    pages = [_lines(text) for text in _page_texts(data)]
    if sum(len(line) for page in pages for line in page) < _LEAST_TEXT * len(pages):
        raise SourceError("这个 PDF 里只有图片，没有文字，请先做文字识别（OCR）再导入")
    return unwrapped([line for page in _without_edges(pages) for line in page])


def _page_texts(data: bytes) -> list[str]:
    pypdf = optional("pypdf")
    with _quiet():
        try:
            reader = pypdf.PdfReader(BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise SourceError(_LOCKED)
            if len(reader.pages) > MAX_PAGES:
                raise SourceError(f"超过 {MAX_PAGES} 页，不像一份试卷或一课，请拆开后再导入")
            return [page.extract_text() for page in reader.pages]
        except SourceError:
            raise
        except pypdf.errors.DependencyError:  # a cipher that needs another package
            raise SourceError(_LOCKED) from None
        except Exception:  # a damaged file fails in pypdf with whatever error its bytes lead to
            raise SourceError("不是完整的 PDF，请重新导出") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf writes what it mends to the log, which would land on the user's screen."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n")]
    return [_SPACED_HAN.sub("", line) if line.count(" ") > _SPREAD * len(line) else line for line in lines if line]


def _without_edges(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without what stands at the top or bottom of most of them and without page numbers."""
    edges = Counter(key for page in pages for key in {_key(line) for line in (*page[:_EDGE], *page[-_EDGE:])})
    often = max(2, 0.6 * len(pages))

    def is_edge(line: str) -> bool:
        return bool(_PAGE_NUMBER.fullmatch(line)) or edges[_key(line)] >= often

    kept = []
    for page in pages:
        top = next((n for n, line in enumerate(page[:_EDGE]) if not is_edge(line)), min(_EDGE, len(page)))
        body = page[top:]
        foot = next((n for n, line in enumerate(body[::-1][:_EDGE]) if not is_edge(line)), min(_EDGE, len(body)))
        kept.append(body[: len(body) - foot])
    return kept


def _key(line: str) -> str:
    """The same for a head on every page, whatever the page's number in it."""
    return _NUMBER_IN_HEAD.sub("#", line)
