"""Points on one side, texts with their evidence on the other: moving in one moves the other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.message import Message
from textual.theme import Theme
from textual.widgets import OptionList, Static, TextArea

from essaydrill.examroom.look import status_styles
from essaydrill.examroom.pages import Page, Passage
from essaydrill.reports.layout import wrap
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.style import GREY, marks
from essaydrill.scoring.result import PointResult, Status

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.examroom.marker import MarkedText

_SIGNS = {"hit": "✔", "partial": "◐", "missed": "✘"}
_HERE = {"hit": "bold #ffffff on #2f7d32", "partial": "bold #ffffff on #9a5b00", "missed": "bold #ffffff on #6b6b6b"}


class EvidencePage(Vertical):
    """A marked text under its name; the evidence of one point stands out."""

    DEFAULT_CSS = """
    EvidencePage > Static { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    EvidencePage > Page, EvidencePage > Page:focus {
        border: none; padding: 0 1; height: 1fr; background: $surface; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, marked: "MarkedText") -> None:
        super().__init__()
        self._marked = marked

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield Page(self._marked.text)

    def on_mount(self) -> None:
        self.show(self._marked, None)

    @property
    def page(self) -> Page:
        return self.query_one(Page)

    def show(self, marked: "MarkedText", point: str | None) -> None:
        """Show this text with the evidence of `point` standing out, scrolled to where it begins."""
        result = marked.result
        if self.page.text != marked.text:
            self.page.show(marked.text)
        self._marked = marked
        self.query_one(Static).update(f"{marked.label}　机判 {marks(result.score)} 分")
        self.page.paint(_passages(result.points, point, status_styles(self.app.current_theme)))
        here = next((each for each in result.points if each.id == point), None)
        if here and here.evidence and not self.page.has_focus:
            self.page.move_cursor(self.page.location(here.evidence[0].start), center=True)

    def point_at_cursor(self) -> str | None:
        """The id of the point whose evidence the cursor stands in."""
        at = self.page.offset_of(self.page.cursor_location)
        points = self._marked.result.points
        return next((p.id for p in points if any(e.start <= at < e.end for e in p.evidence)), None)

    def places(self) -> list[tuple[int, str]]:
        """Where evidence begins, in the order of the text, and of which point it is."""
        return sorted((each.start, point.id) for point in self._marked.result.points for each in point.evidence)


def _passages(points: Sequence[PointResult], here: str | None, styles: Mapping[Status, str]) -> Iterator[Passage]:
    for point in sorted(points, key=lambda point: point.id == here):
        for piece in point.evidence:
            style = _HERE[point.status] if point.id == here else f"underline {styles[point.status]}"
            yield Passage(piece.start, piece.end, style)


class PointList(OptionList):
    """The points as options; it tells when it has another width, for which they are to be broken anew."""

    class Resized(Message):
        """The list has another size."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())


class Points(Container):
    """The points of the scheme beside one of several texts, and beside that the candidate's own if `own` is given."""

    BINDINGS: ClassVar = [
        Binding("left", "text(-1)", show=False),
        Binding("right", "text(1)", show=False),
        Binding("n", "evidence(1)", show=False),
        Binding("p", "evidence(-1)", show=False),
    ]
    DEFAULT_CSS = """
    Points { layout: vertical; }
    Points > OptionList, Points > OptionList:focus {
        height: 2fr; border: none; background: $background; padding: 0 1;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    Points > #texts { height: 3fr; layout: horizontal; }
    Points > #texts > EvidencePage { width: 1fr; }
    Points > #texts > #own { border-right: vkey $border; }
    Points.wide { layout: horizontal; }
    Points.wide > OptionList, Points.wide > OptionList:focus {
        width: 42; height: 1fr; border-right: vkey $border; padding: 1 1;
    }
    Points.wide > #texts { width: 1fr; height: 1fr; }
    """

    def __init__(self, item: "Item", texts: "Sequence[MarkedText]", own: "MarkedText | None" = None) -> None:
        super().__init__()
        self._texts = texts
        self._own = own
        self._shown = 0
        self._found_in = {point.id: point.found_in for point in item.reference.points}
        self._ids = [point.id for point in texts[0].result.points]

    def compose(self) -> ComposeResult:
        yield PointList(markup=False)
        with Container(id="texts"):
            if self._own:
                own = EvidencePage(self._own)
                own.id = "own"
                yield own
            other = EvidencePage(self._texts[0])
            other.id = "other"
            yield other

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._recolour)

    def _recolour(self, _: Theme) -> None:
        self._list_points()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= 100, "wide")

    @property
    def options(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _other(self) -> EvidencePage:
        return self.query_one("#other", EvidencePage)

    def focus_list(self) -> None:
        self.options.focus()

    @on(PointList.Resized)
    def _list_points(self) -> None:
        options, highlighted = self.options, self.options.highlighted
        options.clear_options()
        shown = (self._own or self._texts[self._shown]).result
        by_id = {point.id: point for point in shown.points}
        options.add_options([self._label(by_id[id]) for id in self._ids if id in by_id])
        options.highlighted = min(highlighted or 0, len(self._ids) - 1) if self._ids else None

    def _label(self, point: PointResult) -> Text:
        style = status_styles(self.app.current_theme)[point.status]
        head = f"{_SIGNS[point.status]} {marks(point.awarded)}/{marks(point.marks)} "
        label = Text.assemble((head, f"bold {style}"), one_line(point.text))
        if point.status == "partial" and point.missing:
            label.append(f"\n还差：{one_line('、'.join(point.missing))}", GREY)
        if point.status == "missed" and (found_in := self._found_in.get(point.id)):
            label.append(f"\n见{one_line('、'.join(found_in))}", GREY)
        return Text("\n").join(wrap(label, max(20, self.options.scrollable_content_region.width)))

    @property
    def _point(self) -> str | None:
        at = self.options.highlighted
        return None if at is None else self._ids[at]

    @on(OptionList.OptionHighlighted)
    def _to_point(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show()

    def _show(self) -> None:
        self._other.show(self._texts[self._shown], self._point)
        if self._own:
            self.query_one("#own", EvidencePage).show(self._own, self._point)

    @on(TextArea.SelectionChanged)
    def _to_evidence(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        page = event.text_area.parent
        if event.text_area.has_focus and isinstance(page, EvidencePage):
            point = page.point_at_cursor()
            if point in self._ids and point != self._point:
                self.options.highlighted = self._ids.index(point)

    def action_text(self, step: int) -> None:
        self._shown = (self._shown + step) % len(self._texts)
        self._list_points()
        self._show()

    def action_evidence(self, step: int) -> None:
        """Go to the next piece of evidence in the text, and to its point."""
        side = self.query_one("#own", EvidencePage) if self._own else self._other
        places = [place for place in side.places() if place[1] in self._ids]
        if not places:
            return
        at = side.page.offset_of(side.page.cursor_location)
        later = [place for place in places if (place[0] > at if step > 0 else place[0] < at)]
        start, point = (later or places)[0 if step > 0 else -1]
        side.page.move_cursor(side.page.location(start), center=True)
        self.options.highlighted = self._ids.index(point)
