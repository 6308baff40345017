"""Segmentation: the fast program and the reference agree, and neither leaves a trace."""

import marshal
import pickle
import re
import stat
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import rjieba
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.paths import shipped_data
from essaydrill.text import Segmenter, default_segmenter
from essaydrill.text.segment import domain_words, jieba_segmenter, rjieba_segmenter

HAN_RUN = re.compile("[一-\u9fd5]+")
TOKEN_RUN = re.compile("[〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U000323afA-Za-z0-9]")
quick = settings(deadline=None, max_examples=200)


@pytest.fixture(scope="module")
def fast() -> Segmenter:
    return rjieba_segmenter(domain_words())


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESSAYDRILL_HOME", str(tmp_path_factory.mktemp("home")))
        return jieba_segmenter(domain_words())


def words(segmenter: Segmenter, text: str) -> list[str]:
    return [token.word for token in segmenter.cut(text)]


# --- what a token is


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("，。！——", []),
        ("推进诉源治理，网格员未诉先办。", ["推进", "诉源治理", "网格员", "未诉先办"]),
        ("增长3.5%，共1,000户", ["增长", "3.5%", "共", "1,000", "户"]),
        ("3-5公里", ["3", "5", "公里"]),
        ("5G和AI+政务", ["5G", "和", "AI", "政务"]),
        ("①1.加强2，2023", ["1", "加强", "2", "2023"]),
        ("二〇年㐂", ["二", "〇", "年", "㐂"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(default_segmenter(), text) == expected


@given(st.text(alphabet=st.sampled_from("基层治理网格员〇㐂𠀀，。 %.,-a9Z\n①é") | st.characters(), max_size=60))
@quick
def test_tokens_are_in_place_and_leave_nothing_out(text: str) -> None:
    tokens = default_segmenter().cut(text)
    assert all(text[start:end] == word for word, start, end in tokens)
    assert all(before.end <= after.start for before, after in pairwise(tokens))
    covered = {i for _, start, end in tokens for i in range(start, end)}
    assert {match.start() for match in TOKEN_RUN.finditer(text)} <= covered
    assert all(text[i] in ".,%" or TOKEN_RUN.match(text[i]) for i in covered)


# --- parity


def test_programs_agree_on_the_bank(fast: Segmenter, reference: Segmenter) -> None:
    """Of 100,000 runs of exam text one is cut differently: two readings are equally likely there."""
    files = sorted(
        path for part in ("prompts", "reference_answers") for path in (shipped_data() / part).rglob("*.yaml")
    )
    sample = files[:: max(1, len(files) // 60)]
    runs = {run for path in sample for run in HAN_RUN.findall(path.read_text(encoding="utf-8"))}
    assert runs
    parted = [run for run in runs if words(fast, run) != words(reference, run)]
    assert len(parted) <= 1 + len(runs) // 100_000, parted


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1, max_size=30))
@quick
def test_programs_agree_on_random_characters(fast: Segmenter, reference: Segmenter, run: str) -> None:
    assert words(fast, run) == words(reference, run)


def test_programs_agree_on_neighbouring_words(fast: Segmenter, reference: Segmenter) -> None:
    common = ["的", "了", "推进", "基层", "员", "化", "管理", "上", "不", "长期", "中心", "作为", "经济"]
    pieces = [*domain_words(), *common]
    runs = [first + pieces[(7 * i + 3) % len(pieces)] + last for i, first in enumerate(pieces) for last in pieces[::9]]
    assert [run for run in runs if words(fast, run) != words(reference, run)] == []


# --- domain words


def test_domain_words_are_those_that_jieba_takes_apart(fast: Segmenter) -> None:
    plain = rjieba_segmenter(())
    assert len(domain_words()) >= 250
    assert [word for word in domain_words() if len(words(plain, word)) == 1] == []
    assert [word for word in domain_words() if words(fast, word) != [word]] == []


def test_each_domain_word_stands_once_in_its_file() -> None:
    lines = (shipped_data() / "words.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(line for line in lines if not line.startswith("#")) == list(domain_words())


def test_own_words_and_no_words() -> None:
    assert words(default_segmenter(["云岭模式"]), "推广云岭模式") == ["推广", "云岭模式"]
    assert words(default_segmenter([]), "枫桥经验") == ["枫桥", "经验"]


def test_the_program_itself_stays_untouched() -> None:
    default_segmenter()
    assert rjieba.cut("枫桥经验") == ["枫桥", "经验"]


# --- which program, and where it keeps things


def test_made_once_and_picklable() -> None:
    segmenter = default_segmenter()
    assert re.fullmatch(r"rjieba-[0-9.]+", segmenter.name)
    assert default_segmenter() is segmenter
    assert pickle.loads(pickle.dumps(segmenter)) is segmenter


def test_falls_back_to_jieba(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "rjieba", None)
    segmenter = default_segmenter(["云岭模式"] * 2 + ["退路"])
    assert segmenter.name.startswith("jieba-")
    assert words(segmenter, "推广云岭模式") == ["推广", "云岭模式"]
    assert capfd.readouterr() == ("", "")


def test_jieba_cache_is_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "shared"))
    jieba_segmenter(())
    caches = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(caches) == 1
    assert caches[0].is_relative_to(tmp_path / "cache")
    assert stat.S_IMODE(caches[0].parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_cache_that_others_could_write_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path))
    jieba_segmenter(())
    (cache,) = (path for path in tmp_path.rglob("*") if path.is_file())
    cache.write_bytes(marshal.dumps(({"基": 0, "基层": 0, "基层治": 9, "理": 1}, 10)))
    assert words(jieba_segmenter(()), "基层治理") == ["基层治", "理"]  # what a planted cache can do
    cache.parent.chmod(0o777)
    assert words(jieba_segmenter(()), "基层治理") == ["基层", "治理"]


def test_works_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("ESSAYDRILL_HOME", str(blocked))
    assert words(jieba_segmenter(()), "基层治理") == ["基层", "治理"]
    assert capfd.readouterr() == ("", "")
