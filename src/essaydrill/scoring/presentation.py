"""Marks for structure and language: what markers look at, counted, put into a fitted sum, and told in words."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from essaydrill.bank.models import Length, Prompt
from essaydrill.scoring.form import FORM_PARTS, form_parts
from essaydrill.scoring.length import bounds
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.result import PresentationResult
from essaydrill.text import Span, count_cells, list_marker, paragraphs, sentences

# Words that belong to talk rather than to an exam answer.
COLLOQUIAL = frozenset(
    word
    for words in (
        "咱 咱们 啥 挺 反正 其实 说实话 的话 然后 就是说 老是 没事",
        "搞 弄 这块 感觉 蛮 特 超 嘛 呗 哈 啊 呢 吧",
    )
    for word in words.split()
)
LONG_ENOUGH_TO_BREAK = 150  # cells; a shorter answer may stand in one paragraph
SHORT_LEAD = 22  # cells; a topic sentence that can be read at a glance


@dataclass(frozen=True)
class Structure:
    """What is countable about an answer's form. Shares are 0..1."""

    items: int  # numbered or otherwise marked items
    paragraphs: int
    one_block: bool
    leads: float  # share of items that begin with a short topic sentence
    colloquial: float  # colloquial words per 100
    longest_sentence: int  # cells
    excess: float  # how far over the limit, as a share of it
    filled: float  # length as a share of what is asked for, at most 1
    parts: Mapping[str, bool]  # the parts a document of this genre needs, and whether they are there


def read_structure(reading: Reading, prompt: Prompt, limit: Length | None) -> Structure:
    text = reading.text
    cells = count_cells(text)
    blocks = paragraphs(text)
    starts = sentences(text)
    items = [(start, end) for start, end in starts if list_marker(text, start, end)]
    allowed = bounds(limit)
    asked = allowed.high or allowed.low or cells or 1
    words = reading.words
    return Structure(
        items=len(items),
        paragraphs=len(blocks),
        one_block=len(blocks) == 1 and len(items) < 2 and cells > LONG_ENOUGH_TO_BREAK,
        leads=sum(_has_short_lead(reading, span) for span in items) / len(items) if items else 0.0,
        colloquial=0.0 if COLLOQUIAL.isdisjoint(words) else 100 * sum(map(COLLOQUIAL.__contains__, words)) / len(words),
        longest_sentence=_longest(text, starts),
        excess=max(0.0, cells / allowed.high - 1) if allowed.high else 0.0,
        filled=min(1.0, cells / asked),
        parts=form_parts(text, prompt.genre) if prompt.kind == "document" else {},
    )


def _longest(text: str, sentences: Sequence[Span]) -> int:
    """Cells of the longest sentence."""
    cells = 0
    for start, end in sentences:
        if end - start > cells:  # a character fills one cell at most
            cells = max(cells, count_cells(text[start:end]))
    return cells


def _has_short_lead(reading: Reading, item: Span) -> bool:
    """Whether the first clause of an item is short enough to be its topic sentence."""
    place = bisect_right(reading.clauses, item[0], key=itemgetter(1))
    if place == len(reading.clauses):
        return False
    start, end = reading.clauses[place]
    # A character fills one cell at most.
    return end - start <= SHORT_LEAD or count_cells(reading.text[start:end]) <= SHORT_LEAD


def presentation_features(structure: Structure, content: float) -> dict[str, float]:
    """What the fitted sum takes; `content` is the share of the points' marks that the answer earns, 0..1."""
    parts = structure.parts.values()
    return {
        "content": content,
        "content_root": content**0.5,
        "items": min(structure.items, 6) / 6,
        "one_block": float(structure.one_block),
        "paragraphs": min(structure.paragraphs, 6) / 6,
        "leads": structure.leads,
        "colloquial": min(structure.colloquial, 5.0) / 5,
        "long_sentences": min(max(0, structure.longest_sentence - 80), 120) / 120,
        "excess": min(structure.excess, 0.5) / 0.5,
        "filled": structure.filled,
        "missing_parts": 1 - sum(parts) / len(structure.parts) if structure.parts else 0.0,
    }


def judge_presentation(
    structure: Structure, content: float, marks: float, coefficients: Mapping[str, float], factor: float
) -> PresentationResult:
    """Presentation out of `marks`, in steps of 0.5; `factor` is what the judgement of the whole answer leaves of it."""
    features = presentation_features(structure, content)
    share = coefficients["intercept"] + sum(coefficients[name] * value for name, value in features.items())
    share = min(1.0, max(0.0, share)) * factor
    return PresentationResult(score=round(share * marks * 2) / 2, max=marks, findings=tuple(_findings(structure)))


def _findings(structure: Structure) -> list[str]:
    found = []
    if structure.one_block:
        found.append("全文一段到底，没有分条：要点之间看不出界线")
    elif structure.items >= 2:
        found.append(f"分条作答，共 {structure.items} 条")
    elif structure.paragraphs >= 3:
        found.append(f"分 {structure.paragraphs} 段，没有序号")
    else:
        found.append("没有分条")
    if structure.items >= 2 and structure.leads < 0.5:
        found.append("多数条目没有简短的总括句，阅卷人难以一眼看到要点")
    absent = [FORM_PARTS[name] for name, there in structure.parts.items() if not there]
    if absent:
        found.append("格式缺少：" + "、".join(absent))
    if structure.colloquial > 1.5:
        found.append("口语较多，宜改成书面表达")
    if structure.longest_sentence > 120:
        found.append(f"最长一句有 {structure.longest_sentence} 字，宜拆短")
    return found
