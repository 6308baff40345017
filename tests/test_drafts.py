"""Drafts: whole on disk at any time, found again, never in the way."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.practice.drafts import Drafts, Notes

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "data" / "drafts", tmp_path / "fallback", now=lambda: START)


def test_a_draft_comes_back(drafts: Drafts) -> None:
    saved = drafts.save("p1", "一是基层薄弱。\n\n　　二是……", START, 61.25)
    found = drafts.load("p1")
    assert found is not None
    assert (found.prompt, found.text, found.started_at, found.path) == ("p1", saved.text, START, saved.path)
    assert found.seconds == pytest.approx(61.25, abs=0.1)
    assert saved.path.read_text("utf-8") == saved.text


def test_help_and_marks_stay_with_the_draft(drafts: Drafts) -> None:
    notes = Notes(("framework", "material:p2"), {"材料1": ((3, 9), (20, 31))})
    saved = drafts.save("p1", "一是", START, 1, notes)
    found = drafts.load("p1")
    assert found is not None
    assert found.notes == notes
    saved.path.with_suffix(".json").write_text('{"marks": 3}', "utf-8")
    found = drafts.load("p1")
    assert found is not None
    assert (found.text, found.notes) == ("一是", Notes())


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_any_text_comes_back(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    drafts = Drafts(tmp_path_factory.getbasetemp() / "any")
    drafts.save("p1", text, START, 0)
    found = drafts.load("p1")
    assert found is not None
    assert found.text == text


def test_no_draft_is_none(drafts: Drafts) -> None:
    assert drafts.load("p1") is None
    assert list(drafts.list()) == []
    drafts.discard("p1")
    assert drafts.set_aside("p1") is None


def test_saving_again_replaces_and_leaves_nothing_behind(drafts: Drafts) -> None:
    drafts.save("p1", "一稿", START, 1)
    drafts.save("p1", "二稿", START, 2)
    assert [(draft.text, draft.seconds) for draft in drafts.list()] == [("二稿", 2)]
    assert sorted(path.name for path in drafts.folder.iterdir()) == ["p1.json", "p1.txt"]


def test_a_failing_disk_keeps_the_old_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = Drafts(tmp_path)
    drafts.save("p1", "旧稿", START, 1)

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StoreError, match="磁盘已满"):
        drafts.save("p1", "新稿", START, 2)
    assert [draft.text for draft in drafts.list()] == ["旧稿"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p1.json", "p1.txt"]


def test_latest_first_and_blank_ones_not_offered(drafts: Drafts) -> None:
    for age, name in enumerate(["a", "b", "c"]):
        path = drafts.save(name, "写了一些" if name != "b" else " \n", START, 0).path
        moment = (START - timedelta(hours=age)).timestamp()
        os.utime(path, (moment, moment))
    assert [draft.prompt for draft in drafts.list()] == ["a", "c"]


def test_discarded_drafts_are_gone_and_set_aside_ones_are_not(drafts: Drafts) -> None:
    drafts.save("p1", "一稿", START, 1)
    drafts.discard("p1")
    assert drafts.load("p1") is None
    drafts.save("p1", "二稿", START, 1)
    aside = drafts.set_aside("p1")
    assert aside is not None
    assert aside.read_text("utf-8") == "二稿"
    assert drafts.load("p1") is None
    assert list(drafts.list()) == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_what_an_editor_saved_in_another_encoding_is_read(drafts: Drafts, encoding: str) -> None:
    path = drafts.save("p1", "", START, 5).path
    text = "一是基层治理基础薄弱，财政投入不足，人员没有配齐。"
    path.write_bytes(text.encode(encoding))
    found = drafts.load("p1")
    assert found is not None
    assert (found.text, found.seconds) == (text, 5)


def test_an_unreadable_draft_is_told_and_hides_no_other(drafts: Drafts) -> None:
    drafts.save("p2", "好的", START, 1)
    path = drafts.save("p1", "", START, 1).path
    path.write_bytes(bytes(range(256)))
    with pytest.raises(EssaydrillError, match=r"p1\.txt"):
        drafts.load("p1")
    assert [draft.prompt for draft in drafts.list()] == ["p2"]


@pytest.mark.parametrize("meta", [None, "{", "[]", json.dumps({"started_at": "soon", "seconds": 1}), "null"])
def test_the_text_counts_even_without_its_times(drafts: Drafts, meta: str | None) -> None:
    path = drafts.save("p1", "一稿", START, 9).path
    times = path.with_suffix(".json")
    times.unlink() if meta is None else times.write_text(meta)
    found = drafts.load("p1")
    assert found is not None
    assert (found.text, found.seconds, found.started_at) == ("一稿", 0, found.saved_at)


def test_where_home_cannot_be_written_the_fallback_is_used_and_searched(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    drafts = Drafts(tmp_path / "home" / "drafts", tmp_path / "temp")
    saved = drafts.save("p1", "写到一半", START, 3)
    assert saved.path.parent == tmp_path / "temp"
    again = Drafts(tmp_path / "home" / "drafts", tmp_path / "temp")
    assert [(draft.text, draft.path) for draft in again.list()] == [("写到一半", saved.path)]
    again.discard("p1")
    assert list(again.list()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_the_fallback_is_private_and_never_anothers(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    drafts = Drafts(tmp_path / "home" / "drafts", tmp_path / "temp")
    drafts.save("p1", "写到一半", START, 3)
    assert (tmp_path / "temp").stat().st_mode & 0o077 == 0

    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="复制到别处"):
        Drafts(tmp_path / "home" / "drafts", tmp_path / "link").save("p1", "写到一半", START, 3)
    assert list((tmp_path / "elsewhere").iterdir()) == []
