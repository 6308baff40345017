"""The text of a script, and the lines at its top that say whose it is and which prompt it answers."""

import re
from collections.abc import Callable

from essaydrill.errors import EssaydrillError
from essaydrill.grading.limits import ANSWER_CHARACTERS
from essaydrill.grading.model import Said
from essaydrill.grading.problems import UnreadableScriptError
from essaydrill.grading.submissions import Format

_FIELDS = {
    "题目": "prompt",
    "题目编号": "prompt",
    "题号": "prompt",
    "prompt": "prompt",
    "学号": "student_id",
    "考号": "student_id",
    "准考证号": "student_id",
    "id": "student_id",
    "姓名": "student_name",
    "name": "student_name",
    "student": "student_name",
    "班级": "group",
    "class": "group",
}
_PAIR = re.compile(r"\s*(?P<name>[A-Za-z]+|[一-鿿]{2,4})\s*[:：]\s*(?P<value>[^\s:：]+)\s*")
_FENCE = "---"
_LONGEST_VALUE = 40
_MOST_LINES = 12  # lines at the top among which such lines are looked for


def read_document(data: bytes, format: Format) -> str:
    """The text of a Word or PDF file; EssaydrillError says why there is none."""
    if format == "pdf":
        from essaydrill.bank.importing.pdf import pdf_lines

        return "\n".join(pdf_lines(data))
    from essaydrill.bank.importing.docx import docx_lines

    return "\n".join(docx_lines(data))


def read_plain(data: bytes, format: Format) -> str:
    """The text of any other file or of a cell."""
    if format == "cell":
        return data.decode("utf-8").replace("\0", "")
    from essaydrill.text.decode import decode

    return decode(data)


def split_front(text: str, is_prompt: Callable[[str], bool]) -> tuple[Said, str]:
    """The lines at the top that name prompt or student (fenced by `---` or bare), and the answer below them.

    `题目：…` counts only where `is_prompt` takes its value for a prompt: otherwise it is the title of the answer.
    """
    lines = text.split("\n")
    top = lines[:_MOST_LINES]
    if top[0].strip() == _FENCE and _FENCE in (fence := [line.strip() for line in top])[1:]:
        end = fence.index(_FENCE, 1)
        said = {name: value for line in top[1:end] for name, value in (_pairs(line) or {}).items()}
        return Said(**said), "\n".join(lines[end + 1 :]).lstrip("\n")
    said, place = {}, 0
    for number, line in enumerate(top, 1):
        pairs = _pairs(line)
        if pairs is None or ("prompt" in pairs and not is_prompt(pairs["prompt"])):
            if line.strip():
                break
        else:
            said |= pairs
            place = number
    return (Said(**said), "\n".join(lines[place:]).lstrip("\n")) if said else (Said(), text)


def without_marks(text: str, format: Format) -> str:
    """The answer without the marks of Markdown, where it was written in it."""
    if format != "markdown":
        return text
    from essaydrill.bank.importing.plain import markdown_lines

    return "\n".join(markdown_lines(text))


def check_length(text: str) -> str:
    if len(text) > ANSWER_CHARACTERS:
        raise UnreadableScriptError(f"有 {len(text)} 个字符，不像是一份作答，没有评")
    return text


def is_blank(text: str) -> bool:
    """Whether nothing is written: white space and characters without ink do not count."""
    if "一" <= text[:1] <= "龥":  # as nearly all answers begin
        return False
    from essaydrill.text.characters import UNSEEN

    return not UNSEEN.sub("", text).strip()


def reason_of(error: BaseException) -> str:
    """Why a script could not be read, in one sentence, whatever went wrong."""
    if isinstance(error, EssaydrillError):
        return str(error)
    if isinstance(error, MemoryError):
        return "太占内存，没有读完"
    return f"读不出来（{type(error).__name__}）"


def _pairs(line: str) -> dict[str, str] | None:
    """What a line says if it says nothing else: one field, or several parted by spaces."""
    found: dict[str, str] = {}
    end = 0
    while (match := _PAIR.match(line, end)) and (name := _FIELDS.get(match["name"].lower())):
        found[name] = match["value"]
        end = match.end()
    if found and end == len(line):
        return found
    name, colon, value = re.sub("：", ":", line, count=1).partition(":")
    field = _FIELDS.get(name.strip().lower())
    return {field: value.strip()} if field and colon and value.strip() and len(value) <= _LONGEST_VALUE else None
