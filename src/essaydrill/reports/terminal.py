"""The report on one marked answer, for a terminal or a plain text file."""

from typing import TYPE_CHECKING

from rich.text import Text

from essaydrill.bank.kinds import KIND_NAMES
from essaydrill.reports.layout import Block, beside, heading, indented, labelled, numbered, page_width, put, right, wrap
from essaydrill.reports.marked_text import legend, mark_text, marks_of, shown_part
from essaydrill.reports.points_table import points_table
from essaydrill.reports.remarks import certainty, remarks
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.style import BAND_STYLES, GREEN, GREY, ORANGE, RED, is_plain, marks, signs
from essaydrill.scoring.advice import next_steps
from essaydrill.scoring.result import Result

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank.item import Item

_SHORTEST_BAR = 12  # columns; with less room beside the score the bar has its own line


def render_result(result: Result, item: "Item", answer: str, console: "Console") -> None:
    """Print the whole report: score, remarks, the marked answer, the points, what to do next, the signature.

    `answer` is the text that `result` was made from. Everything in it is shown as text, whatever it holds.
    """
    width = page_width(console)
    put(
        console,
        _head(result, item, console),
        _remarks(result, width),
        _answer(result, answer, console),
        points_table(result, item, console),
        _presentation_and_length(result, item, width),
        _next_steps(result, item, console),
        wrap(Text(one_line(result.signature), GREY), width),
    )


def render_summary(result: Result, item: "Item", console: "Console") -> None:
    """Print the report without the answer and the points, for where these are shown beside it."""
    width = page_width(console)
    put(
        console,
        _head(result, item, console),
        _remarks(result, width),
        _presentation_and_length(result, item, width),
        _next_steps(result, item, console),
        wrap(Text(one_line(result.signature), GREY), width),
    )


def _head(result: Result, item: "Item", console: "Console") -> Block:
    width, prompt = page_width(console), item.prompt
    score = _score(result, console, band_first=prompt.kind == "essay")
    room = width - score.cell_len - 3
    bar_beside = [Text.assemble(score, "   ", _bar(result, room, console))]
    return [
        *wrap(Text(one_line(prompt.title or prompt.task), "bold"), width),
        Text(f"{KIND_NAMES[prompt.kind]} · 满分 {marks(result.max_score)} 分", GREY),
        Text(),
        *(bar_beside if room >= _SHORTEST_BAR else [score, _bar(result, width, console)]),
        *([_bands(result)] if prompt.kind == "essay" else []),
        *wrap(Text(certainty(result), GREY), width),
    ]


def _score(result: Result, console: "Console", *, band_first: bool) -> Text:
    """Score and band; the one that the kind is marked by stands first, in a block of the band's colour."""
    colour = BAND_STYLES[result.band]
    score, full = marks(result.score), f" / {marks(result.max_score)} 分"
    first = result.band if band_first else score
    block = Text(first if is_plain(console) else f" {first} ", f"bold reverse {colour}")
    if band_first:
        return Text.assemble(block, "  ", (score, "bold"), full)
    return Text.assemble(block, full, "  ", (result.band, f"bold {colour}"))


def _bands(result: Result) -> Text:
    """The ladder of bands with the essay's own on it."""
    ladder = Text("档次", GREY)
    for band, colour in BAND_STYLES.items():
        own = band == result.band
        ladder.append(f"【{band}】" if own else f"  {band}  ", f"bold {colour}" if own else GREY)
    return ladder


def _bar(result: Result, width: int, console: "Console") -> Text:
    share = min(1.0, max(0.0, result.score / result.max_score)) if result.max_score else 0.0
    filled = round(share * width)
    sign = signs(console)
    return Text.assemble((sign.filled * filled, BAND_STYLES[result.band]), (sign.empty * (width - filled), GREY))


def _remarks(result: Result, width: int) -> Block:
    return [
        line
        for label, told in remarks(result)
        for line in labelled(label, Text(one_line(told)), width, f"bold {ORANGE}")
    ]


def _answer(result: Result, answer: str, console: "Console") -> Block:
    width = page_width(console) - 2
    shown = shown_part(answer, result.length.limit)
    body = wrap(mark_text(shown.text, marks_of(result.points)).text, width) or [Text("（没有写）", GREY)]
    for note in shown.notes:
        body += wrap(Text(note, GREY), width)
    return [heading("我的作答", legend(console), console), *indented(body)]


def _presentation_and_length(result: Result, item: "Item", width: int) -> Block:
    presentation, length = result.presentation, result.length
    block: Block = []
    if presentation.max > 0 or presentation.findings:
        label = "卷面" if item.prompt.kind == "essay" else "条理"
        score = f"{marks(presentation.score)}/{marks(presentation.max)}  "
        findings = Text("；".join(map(one_line, presentation.findings)))
        block += labelled(label, Text.assemble((score, "bold"), findings), width)
    colour = GREEN if length.status == "ok" else ORANGE if not length.deduction else RED
    deduction = f"  扣 {marks(length.deduction)} 分" if length.deduction else ""
    rule = f"  {one_line(length.rule)}" if length.rule else ""
    told = Text.assemble((f"{length.cells} 格{deduction}", f"bold {colour}"), rule)
    return block + labelled("字数", told, width)


def _next_steps(result: Result, item: "Item", console: "Console") -> Block:
    steps = next_steps(result, item)
    if not steps:
        return []
    width = page_width(console)
    block = [heading("下一步", f"做到后可得 {marks(steps[-1].reaches)} 分", console)]
    gains = [Text(f"+{marks(step.gain)}", f"bold {GREEN}") for step in steps]
    column = max(gain.cell_len for gain in gains)
    for number, (step, gain) in enumerate(zip(steps, gains, strict=True), 1):
        advice = numbered(number, Text(one_line(step.advice)), width - column - 2)
        block += beside([(advice, width - column - 2), ([right(gain, column)], column)])
    return block
