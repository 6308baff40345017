"""The exam room, driven by Textual's pilot: reading, writing, help, handing in, looking back."""

import threading
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import OptionList, Static, Tabs

from essaydrill.bank import Bank
from essaydrill.examroom.clock import Clock
from essaydrill.examroom.dialogs import Choice
from essaydrill.examroom.lookback import LookBack
from essaydrill.examroom.menu import Menu
from essaydrill.examroom.pages import Page
from essaydrill.examroom.points import Points
from essaydrill.examroom.practice import Place, PracticeRoom
from essaydrill.examroom.reader import sheet_page
from essaydrill.examroom.room import Room
from essaydrill.examroom.wrapping import break_lines
from essaydrill.examroom.writing import Writing
from essaydrill.history import History
from essaydrill.practice.drafts import Drafts
from essaydrill.practice.gain import gain
from essaydrill.practice.ladder import next_hint
from essaydrill.scoring import Scorer
from room_pilot import ANSWER, desk, drive, until, words
from test_practice_cli import add

PROMPT, OTHER = "governance-practice-01", "rural-practice-01"
SIZES = [(80, 24), (140, 40), (60, 20)]
Script = Callable[[Pilot[int], PracticeRoom], Awaitable[None]]


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    add(tmp_path / "bank", PROMPT, topic="governance")
    add(tmp_path / "bank", OTHER, topic="rural", title="乡村题")
    (tmp_path / "bank" / "notes").mkdir()
    (tmp_path / "bank" / "notes" / "governance.md").write_text("# 枫桥经验\n\n小事不出村。\n", "utf-8")
    return Bank.open(tmp_path / "bank", builtin=False)


@pytest.fixture
def place(bank: Bank, tmp_path: Path) -> Place:
    drafts, history = Drafts(tmp_path / "drafts"), History(tmp_path / "history.db")
    return Place(bank, drafts, history, lambda _: OTHER, lambda _: True)


@pytest.fixture(autouse=True)
def closed(place: Place) -> object:
    yield
    assert place.history is not None
    place.history.close()


def sit(place: Place, script: Script, *, size: tuple[int, int] = (80, 24), prompt: str | None = PROMPT) -> PracticeRoom:
    room = PracticeRoom(place, prompt)

    drive(room, script, size)
    return room


async def hand_in(pilot: Pilot[int], room: Room) -> None:
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(room.screen, Choice))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(room.screen, LookBack))


@pytest.mark.parametrize("size", SIZES)
def test_from_the_menu_to_a_revision_that_gains(place: Place, size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        assert isinstance(room.screen, Menu)
        await pilot.press(*"gov", "enter")
        await until(pilot, lambda: isinstance(room.screen, Writing))
        assert desk(room).has_class("wide") == (size[0] >= 100)
        desk(room).sheet.insert(ANSWER)
        await until(pilot, lambda: "14 格 / 200" in words(room, "#count"))
        for selector in ("#count", "#title", "KeyBar"):
            widget = room.screen.query_one(selector)
            assert widget.region.width > 0
            assert widget.region.bottom <= size[1]
        assert desk(room).sheet.region.height >= 4
        assert desk(room).reader.page.region.height >= 4
        assert all(cell_len(line) <= size[0] for line in words(room, "KeyBar").split("\n"))
        await hand_in(pilot, room)
        for number, shown in enumerate(("得分", "采分点", "参考答案", "标杆卷", "笔记"), 1):
            await pilot.press(str(number))
            assert shown in str(room.screen.query_one(f"Tab#t{number}").render())
            await pilot.pause()
        await pilot.press("e")
        await until(pilot, lambda: isinstance(room.screen, Writing))
        assert desk(room).sheet.text == ANSWER
        desk(room).sheet.insert("\n二是网格员年龄偏大，队伍不强。")
        await hand_in(pilot, room)
        await until(pilot, lambda: "比上一次 +" in str(room.screen.query_one("#t1 Static", Static).render()))
        await pilot.press("x")
        assert isinstance(room.screen, Menu)

    sit(place, script, size=size, prompt=None)
    assert place.history is not None
    second, first = place.history.attempts()
    assert second.score > first.score
    assert not place.drafts.list()


def test_writing_is_saved_within_two_seconds_and_found_again(place: Place) -> None:
    async def write(pilot: Pilot[int], room: PracticeRoom) -> None:
        desk(room).sheet.insert(ANSWER)
        await until(pilot, place.drafts.list, 1.9)
        await pilot.press(*"二是")

    room = sit(place, write)
    assert "草稿在" in room.farewell
    draft = place.drafts.load(PROMPT)
    assert draft is not None
    assert draft.text == f"{ANSWER}二是"

    async def go_on(pilot: Pilot[int], room: PracticeRoom) -> None:
        assert isinstance(room.screen, Choice)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(room.screen, Writing))
        assert desk(room).sheet.text == f"{ANSWER}二是"
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(room.screen, Choice))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(room.screen, Menu))
        assert "接着写" in str(room.screen.query_one(OptionList).get_option_at_index(0).prompt)

    sit(place, go_on)


def test_an_empty_sheet_is_not_handed_in(place: Place) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(room.screen, Writing)

    assert sit(place, script).farewell == "再见。"
    assert not (place.drafts.folder).exists()


def test_editing_chinese(place: Place) -> None:
    from textual.events import Paste

    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        sheet = desk(room).sheet
        await pilot.press(*"财政困难难", "backspace")
        assert sheet.text == "财政困难"
        sheet.post_message(Paste("\r\n二是\x1b[31m，\t三"))
        await until(pilot, lambda: "三" in sheet.text)
        assert sheet.text == "财政困难\n二是\N{REPLACEMENT CHARACTER}[31m，　三"
        await pilot.press("ctrl+z")
        assert sheet.text == "财政困难"
        await pilot.press("ctrl+y", "home", "shift+up", "x")
        assert "x二是" in sheet.text
        assert "格" in words(room, "#count")
        sheet.load_text("字" * 1500)
        await until(pilot, lambda: "超出 1300 格" in words(room, "#count"))
        assert set(sheet._painted) == {0}
        await pilot.press("f9")
        await pilot.pause()
        assert not desk(room).reader.display
        await pilot.press("tab")
        await pilot.pause()
        assert desk(room).reader.display

    sit(place, script)


def test_marks_and_searches_in_the_materials(place: Place) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        await pilot.press("tab", "2")
        reader = desk(room).reader
        await until(pilot, lambda: reader.leaf.label == "材料1")
        await pilot.press("m")
        [(start, end)] = reader.marks["材料1"]
        assert reader.page.text[start:end].startswith("“村里一年的钱")
        await pilot.press("1", "slash", *"网格员", "enter")
        await until(pilot, lambda: reader.leaf.label == "材料1")
        assert reader.page.selected_text == "网格员"
        await pilot.press("escape", "f6", "f5")
        await pilot.pause()
        assert reader.leaf.label == "材料1"
        await pilot.press("tab", *"一是")
        await pilot.press("ctrl+s")

    sit(place, script)
    draft = place.drafts.load(PROMPT)
    assert draft is not None
    assert list(draft.notes.marks) == ["材料1"]

    async def again(pilot: Pilot[int], room: PracticeRoom) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(room.screen, Writing))
        assert desk(room).reader.marks == dict(draft.notes.marks)
        await pilot.press("tab", "2")
        await until(pilot, lambda: desk(room).reader.leaf.label == "材料1")
        desk(room).reader.page.move_cursor((0, 5))
        await pilot.press("f8")
        assert desk(room).reader.marks["材料1"] == ()

    sit(place, again)


def test_help_comes_in_steps_and_is_noted(place: Place) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        desk(room).sheet.insert(ANSWER)
        for step, shown in (("framework", "高分框架"), ("points", "2 个采分点"), ("word:p2", "年龄偏大")):
            await pilot.press("f3")
            await until(pilot, lambda step=step: step in desk(room).sitting.notes.help)
            await until(pilot, lambda shown=shown: shown in desk(room).reader.page.text)
        assert "投入" not in desk(room).reader.page.text.split("采分点")[-1]
        await hand_in(pilot, room)
        await until(pilot, lambda: "要过 3 步提示" in str(room.screen.query_one("#t1 Static", Static).render()))

    sit(place, script)
    assert place.history is not None
    assert place.history.attempts()[0].help == ("framework", "points", "word:p2")


def test_points_and_evidence_move_together(place: Place) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        desk(room).sheet.insert(f"{ANSWER}\n二是网格员年龄偏大，队伍不强。")
        await hand_in(pilot, room)
        await pilot.press("2")
        view = room.screen.query_one("#t2", Points)
        page = view.query_one(Page)
        await until(pilot, lambda: view.options.option_count == 2 and page.size.height > 0)
        assert str(view.options.get_option_at_index(0).prompt).split("\n") == ["✔ 5/5 基层财政困难，投入不足"]
        await pilot.press("down")
        await until(pilot, lambda: page.cursor_location[0] == 1)
        await pilot.press("tab")
        await until(pilot, lambda: page.has_focus)
        page.move_cursor((0, 5))
        await until(pilot, lambda: view.options.highlighted == 0)
        await pilot.press("n")
        await until(pilot, lambda: view.options.highlighted == 1)
        await pilot.press("4", "right")
        await pilot.pause()
        shown = room.screen.query_one("#t4", Points)
        assert "二类卷（7.5 分）" in str(shown.query_one("#other Static", Static).render())
        assert shown.query_one("#own Page", Page).text.startswith(ANSWER)
        await pilot.press("5")
        await until(pilot, lambda: "枫桥经验" in str(room.screen.query_one("#t5 Static", Static).render()))
        assert room.screen.query_one(Tabs).active == "t5"

    sit(place, script, size=(140, 40))


def column(bar: str, words: str) -> int:
    return cell_len(bar[: bar.index(words)])


def test_the_mouse_does_what_the_keys_do(place: Place) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        sheet = desk(room).sheet
        sheet.insert(f"{ANSWER}\n二是网格员年龄偏大，队伍不强。")
        reader = desk(room).reader
        await pilot.click("#leaf-1")
        await until(pilot, lambda: reader.leaf.label == "材料1")
        await pilot.click(reader.page, offset=(12, 1))
        assert reader.page.has_focus
        await pilot.click(sheet, offset=(2 + 2 * 3, 1))
        await until(pilot, lambda: sheet.has_focus)
        assert sheet.cursor_location == (0, 3)
        await pilot.click(sheet, offset=(2 + 2 * 5, 2))
        assert sheet.cursor_location == (1, 5)
        bar = words(room, "KeyBar")
        await pilot.click("KeyBar", offset=(1 + column(bar, "F9"), 0))
        await until(pilot, lambda: not reader.display)
        await pilot.click("KeyBar", offset=(1 + column(bar, "交卷"), 0))
        await until(pilot, lambda: isinstance(room.screen, Choice))
        await pilot.click(OptionList, offset=(4, 0))
        await until(pilot, lambda: isinstance(room.screen, LookBack))
        await pilot.click("Tab#t2")
        view = room.screen.query_one("#t2", Points)
        page = view.query_one(Page)
        await until(pilot, lambda: view.options.option_count == 2 and page.size.height > 0)
        second = len(str(view.options.get_option_at_index(0).prompt).split("\n"))
        await pilot.click(view.options, offset=(4, 1 + second))
        await until(pilot, lambda: page.cursor_location[0] == 1)
        await pilot.click(page, offset=(1 + 2 * 5, 0))
        await until(pilot, lambda: view.options.highlighted == 0)
        await pilot.click("KeyBar", offset=(1 + column(words(room, "KeyBar"), "下一题"), 0))
        await until(pilot, lambda: isinstance(room.screen, Menu))

    sit(place, script, size=(140, 40))


def test_what_is_typed_is_in_sight_when_its_line_wraps_at_the_foot(place: Place) -> None:
    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        sheet = desk(room).sheet
        sheet.insert("\n".join("字" * 38 for _ in range(30)))
        for key in ("字", "enter", "字"):
            await pilot.press(key)
            await pilot.pause()
            assert 0 <= sheet.cursor_screen_offset.y - sheet.content_region.y < sheet.content_region.height

    sit(place, script)


@pytest.mark.parametrize("size", [(60, 20), (140, 40)])
def test_a_row_that_is_kept_looks_as_one_drawn_anew(place: Place, size: tuple[int, int]) -> None:
    rng = Random(3)
    keys = ("字", "，", "enter", "backspace", "delete", "up", "down", "left", "end", "home", "shift+up", "ctrl+z", "f9")

    def rows(page: Page) -> list[str]:
        return [str(page.render_line(y)) for y in range(page.size.height)]

    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        sheet = desk(room).sheet
        sheet.insert("一是财政困难，投入不足；" * 12 + "\n" + "二是年龄偏大。" * 20)
        await until(pilot, lambda: "超出" in words(room, "#count"))
        for key in rng.choices(keys, k=25):
            await pilot.press(key)
            kept = rows(sheet)
            sheet.notify_style_update()
            assert kept == rows(sheet), key

    sit(place, script, size=size)


def test_light_and_dark_are_remembered(place: Place) -> None:
    themes = []

    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        themes.append(room.theme)
        await pilot.press("ctrl+t")
        themes.append(room.theme)

    sit(place, script)
    sit(place, script)
    assert themes[0] != themes[1] == themes[2]


def test_the_first_screen_loads_no_marking(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded_in = []
    monkeypatch.setattr(
        "essaydrill.examroom.marker.Marker.load", lambda *_: loaded_in.append(threading.current_thread())
    )

    async def script(pilot: Pilot[int], room: PracticeRoom) -> None:
        assert "要求" in desk(room).reader.page.text
        await until(pilot, lambda: loaded_in)

    sit(place, script)
    assert loaded_in[0] is not threading.main_thread()


@given(text=st.text("一二三，。“”（）ab1 　.", max_size=80), width=st.integers(6, 30))
def test_lines_are_broken_as_chinese_is_printed(text: str, width: int) -> None:
    starts = [0, *break_lines(text, width, 4), len(text)]
    lines = [text[a:b] for a, b in pairwise(starts)]
    assert starts == sorted(starts)
    assert all(cell_len(line) <= width for line in lines)
    for before, line in pairwise(lines):
        # Only a cluster wider than the page may be broken at a closing mark.
        assert line[0] not in "，。”）" or cell_len(before) > width - 4


def test_an_indented_paragraph_begins_in_its_first_line() -> None:
    assert break_lines("　　" + "字" * 20, 20, 4) == [10, 20]


def test_the_sheet_shows_lines_and_limit() -> None:
    rows = sheet_page("字" * 60, 30).split("\n")
    assert [row.partition("│")[0].strip() for row in rows] == ["1", "", ""]
    assert rows[0].endswith("│　　" + "字" * 23)
    assert rows[1].endswith("│" + "字" * 7 + "▌" + "字" * 18)


def test_help_goes_from_little_to_much(bank: Bank) -> None:
    item, taken = bank[PROMPT], []
    while hint := next_hint(item, taken, ["p1", "p2"]):
        taken.append(hint.step)
    assert taken == ["framework", "points", "word:p1", "word:p2"]
    assert next_hint(item, ["framework", "points"], []) is None


def test_what_a_second_attempt_gained(bank: Bank) -> None:
    scorer = Scorer(bank[PROMPT])
    one, both = scorer.score(ANSWER), scorer.score(f"{ANSWER}\n二是网格员年龄偏大，队伍不强。")
    assert [point.id for point in gain(one, both).won] == ["p2"]
    assert [point.id for point in gain(both, one).lost] == ["p2"]
    assert gain(one, both).score == pytest.approx(both.score - one.score)


def test_the_clock_warns_gently() -> None:
    spent = 0.0
    clock = Clock(lambda: spent, 1500)
    assert (clock.words, clock.mood, clock.warning(1500, 1499)) == ("还有 25:00", "calm", None)
    assert clock.warning(601, 600) == "还有 10 分钟。"
    spent = 1300.0
    assert clock.mood == "soon"
    spent = 1530.0
    assert (clock.words, clock.mood) == ("超时 00:30", "over")
    assert "时间到" in (Clock(lambda: 0, 60, strict=True).warning(1, 0) or "")
    assert Clock(lambda: 3725, None).words == "已用 1:02:05"
