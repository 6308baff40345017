"""The parts that a document of each genre needs on the answer sheet, and how to recognise them."""

import re
from collections.abc import Callable

from essaydrill.bank.models import Genre
from essaydrill.text import count_cells, list_marker, paragraphs

FORM_PARTS = {"title": "标题", "addressee": "称谓", "opening": "开头", "closing": "结语", "signature": "落款"}

# Parts that papers and markers expect; a report's section or an outline needs fewer than a letter.
GENRE_PARTS: dict[Genre, tuple[str, ...]] = {
    "speech": ("title", "addressee", "closing"),
    "outline": ("title", "closing"),
    "briefing": ("title", "opening"),
    "initiative": ("title", "addressee", "opening", "closing", "signature"),
    "open_letter": ("title", "addressee", "opening", "closing", "signature"),
    "report": ("opening",),
    "commentary": ("title", "closing"),
    "plan": ("title", "opening", "closing"),
    "work_report": ("title", "addressee", "closing"),
    "publicity": ("title",),
    "notice": ("title", "addressee", "opening", "closing", "signature"),
}

_TITLE_LONGEST = 36  # cells
_ADDRESSEE = re.compile(r"^.{1,40}[:：]$")
_CALLED = re.compile(r"领导|同志|朋友|企业|居民|市民|乡亲|家长|同学|村民|职工|业主|商户|老师|各位|大家|尊敬|亲爱")
_CLOSING = re.compile(
    r"谢谢|此致|敬礼|让我们|希望|倡议人|共同|携手|下一步|今后|努力|为盼|特此|号召"
    r"|相信|未来|只有|才能|不妨|总之|期待|指正|请审阅|请批示|妥否|敬请|谨此|祝"
)
_NUMBER = "[×xX*某0-9〇○一二三四五六七八九十]"
_SIGNATURE = re.compile(rf"{_NUMBER}{{1,4}}年{_NUMBER}{{1,3}}月")


def form_parts(text: str, genre: Genre | None) -> dict[str, bool]:
    """Which of the parts that `genre` needs stand in a normalised text."""
    lines = [text[start:end] for start, end in paragraphs(text)]
    recognise: dict[str, Callable[[list[str]], bool]] = {
        "title": _has_title,
        "addressee": _has_addressee,
        "opening": _has_opening,
        "closing": _has_closing,
        "signature": _has_signature,
    }
    return {part: bool(lines) and recognise[part](lines) for part in (GENRE_PARTS[genre] if genre else ())}


def is_title(line: str) -> bool:
    """Whether a first line reads as a title: short, and not ended like a sentence."""
    return count_cells(line) <= _TITLE_LONGEST and not re.search(r"[。；;，,：:]$", line) and not list_marker(line)


def _has_title(lines: list[str]) -> bool:
    return is_title(lines[0])


def _has_addressee(lines: list[str]) -> bool:
    return any(_ADDRESSEE.match(line) and _CALLED.search(line) for line in lines[:3]) or any(
        _CALLED.search(line.split(":")[0]) and ":" in line[:40] for line in lines[:3]
    )


def _has_opening(lines: list[str]) -> bool:
    """A paragraph of some length, or an unnumbered sentence, before the first numbered item."""
    for line in lines:
        if list_marker(line):
            return False
        if count_cells(line) > _TITLE_LONGEST:
            return True
    return False


def _has_closing(lines: list[str]) -> bool:
    last = [line for line in lines if not _SIGNATURE.search(line)][-3:]
    return any(_CLOSING.search(line) for line in last)


def _has_signature(lines: list[str]) -> bool:
    return any(_SIGNATURE.search(line) and count_cells(line) <= _TITLE_LONGEST for line in lines[-2:])
