"""Essays are marked in bands: what an essay must have, counted, its findings, and the band's upper bound."""

import re
from dataclasses import dataclass

from essaydrill.bank.models import Length
from essaydrill.scoring.form import is_title
from essaydrill.scoring.length import bounds
from essaydrill.scoring.model import ramp
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.result import Flag, PresentationResult
from essaydrill.text import count_cells, paragraphs

# What each part is worth of the marks for form, as essay schemes weigh it.
TITLE, STRUCTURE, CONCLUSION, LANGUAGE = 0.15, 0.40, 0.15, 0.30
PARAGRAPHS = 5  # opening, three sub-theses, conclusion
# An essay of under 60 % of the asked length is a fragment: schemes put it into the lowest band, whatever it says.
FRAGMENT = 0.60
FRAGMENT_CAP = 0.45
SHORT = 0.85
SHORT_CAP = 0.75
_CONCLUDING = re.compile(r"总之|综上|由此可见|只有|才能|让我们|必将|愿|唯有|说到底|归根|未来|期待|相信|征程")
_LONG_SENTENCE = 90  # cells


@dataclass(frozen=True)
class EssayForm:
    """The marks for form, and the share of the full mark that the essay cannot exceed (1 when nothing caps it)."""

    presentation: PresentationResult
    cap: float
    flags: tuple[Flag, ...]


def judge_essay(reading: Reading, limit: Length | None, content: float, marks: float, factor: float) -> EssayForm:
    """Form out of `marks`; `content` (0..1) bounds it: well-formed emptiness is not good language."""
    text = reading.text
    lines = [text[start:end] for start, end in paragraphs(text)]
    cells = count_cells(text)
    titled = len(lines) > 1 and is_title(lines[0])
    body = lines[1:] if titled else lines
    structure = ramp(len(body), 1, PARAGRAPHS)
    concluded = bool(body) and bool(_CONCLUDING.search(body[-1])) and len(body) > 2
    longest = max((end - start for start, end in reading.clauses), default=0)
    language = 1.0 - 0.5 * ramp(longest, _LONG_SENTENCE / 2, _LONG_SENTENCE)
    share = TITLE * titled + STRUCTURE * structure + CONCLUSION * concluded + LANGUAGE * language
    share *= 0.35 + 0.65 * ramp(content, 0.0, 0.75)
    findings = [
        "有标题" if titled else "没有标题",
        f"正文 {len(body)} 段" + ("" if len(body) >= PARAGRAPHS else "，层次不够分明"),
        "有结尾" if concluded else "结尾没有回应总论点",
    ]
    cap, flags = _length_cap(cells, limit)
    score = round(min(1.0, share) * factor * marks * 2) / 2
    return EssayForm(PresentationResult(score=score, max=marks, findings=tuple(findings)), cap, flags)


def _length_cap(cells: int, limit: Length | None) -> tuple[float, tuple[Flag, ...]]:
    allowed = bounds(limit)
    asked = allowed.low or allowed.high
    if not asked or cells >= asked * SHORT:
        return 1.0, ()
    cap = FRAGMENT_CAP if cells < asked * FRAGMENT else SHORT_CAP
    return cap, (Flag(code="fragment", message=f"全文 {cells} 格，远少于要求，总分不超过满分的 {cap:.0%}"),)
