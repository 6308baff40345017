"""The report on a class and the feedback files, from the command line's own output, with hostile scripts among them."""

import csv
import io
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from essaydrill.cli.app import run
from grading_samples import GOOD, HALF, SCHOOL, VILLAGE, WORTHLESS, make_bank, put

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\n=cmd|' /C calc'!A0\n\u202ereversed\u2066 \x1b[31m\x00"
SECRET = "全校只有我一个人写下的这一句"
ROWS = [
    ("01", "张三", GOOD, "8"),
    ("02", "<svg onload=alert(3)>", ATTACK + HALF, "3"),
    ("03", "李\u202e四", GOOD + SECRET + "，别人都没有。", ""),
    ("04", "../../etc/passwd", HALF, ""),
    ("05", "con", "", ""),
    ("06", "零分", WORTHLESS, ""),
    ("a", "同名", HALF + "甲", ""),
    ("A ", "同名", HALF + "乙", ""),
    ("\uff21x", "Ｅ", HALF + "丙", ""),
    ("", "CON", HALF + "丁", ""),
    ("", "con", HALF + "戊", ""),
]
COPIED = "一是村级财政困难，治理投入不足，发了工资就没有钱办事。\n二是网格员年龄偏大，跑不动也学不会，" * 2


class Page(HTMLParser):
    """The elements, attributes and shown text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.shown = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.elements[-1:] != ["style"]:
            self.shown += data


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    make_bank(folder / "bank")
    table = io.StringIO(newline="")
    rows = [*ROWS, ("21", "甲", COPIED + "甲的结尾。", ""), ("22", "乙", COPIED + "乙的结尾。", "")]
    csv.writer(table).writerows([("学号", "姓名", "答案", "人工分"), *rows])
    put(
        folder / "in",
        {
            "答卷.csv": table.getvalue(),
            f"{SCHOOL}__01_张三.txt": GOOD,
            "<i>坏.txt": b"\xff\xd8\xff" + bytes(99),
            f"{VILLAGE}9__王五.txt": GOOD,
        },
    )
    put(folder, {"名册.csv": "学号,姓名\n01,张三\n99,没来\n"})
    options = [
        "--prompt",
        VILLAGE,
        "--bank",
        str(folder / "bank"),
        "--roster",
        str(folder / "名册.csv"),
        "-q",
        "-j",
        "1",
    ]
    run(["grade", str(folder / "in"), "--out", str(folder / "out"), *options])
    return folder / "out"


def pages(out: Path) -> list[Path]:
    return [out / "report.html", *sorted((out / "feedback").glob("*.html"))]


def test_every_page_is_complete_and_inert(out: Path) -> None:
    assert len(pages(out)) > 10
    for file in pages(out):
        page = Page(file.read_text("utf-8"))
        assert {"script", "img", "link", "iframe", "object", "i", "base"}.isdisjoint(page.elements)
        names = {name for name, _ in page.attributes}
        assert not any(name.startswith("on") for name in names)
        assert "src" not in names
        assert all(value and value.startswith("#prompt-") for name, value in page.attributes if name == "href")
        assert "default-src 'none'" in file.read_text("utf-8")
        assert "url(" not in file.read_text("utf-8")
        controls = {c for c in page.shown if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n", "\u200c"}
        assert not controls


def test_what_strangers_wrote_is_shown_as_text(out: Path) -> None:
    report = Page((out / "report.html").read_text("utf-8")).shown
    assert "<svg onload=alert(3)>" in report
    assert "../../etc/passwd" in report
    (file,) = (out / "feedback").glob("02_*.html")
    handed_back = Page(file.read_text("utf-8")).shown
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in handed_back
    assert "=cmd|' /C calc'!A0" in handed_back
    assert "\N{REPLACEMENT CHARACTER}reversed" in handed_back


def test_the_report_tells_the_six_things_apart(out: Path) -> None:
    shown = Page((out / "report.html").read_text("utf-8")).shown
    for name in ("已评分", "空白（1 份）", "读不出（1 份）", "题目不明", "缺交（1 人）", "0 分 1 份"):
        assert name in shown
    assert "99 没来" in shown


def test_the_report_has_all_its_parts(out: Path) -> None:
    text = (out / "report.html").read_text("utf-8")
    shown = Page(text).shown
    for part in ("分数分布", "采分点", "条理和字数", "建议复核", "雷同", "与人工分比较", "看不出谁抄了谁", "QWK"):
        assert part in shown
    assert "2 份作答带有人工分" in shown
    assert text.count('<circle class="dot"') == 2
    assert re.search(r"人工 8，机器 \d", shown)
    for section in text.split('<section class="prompt"')[1:]:
        rates = [int(rate) for rate in re.findall(r"得分率 (\d+)%", section)]
        assert rates == sorted(rates)
    assert text.count('<div class="pair">') >= 1
    assert "甲的结尾" in shown
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_names_of_feedback_files_are_safe_and_apart(out: Path) -> None:
    names = [path.name for path in (out / "feedback").iterdir()]
    assert not any(re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e]', name) for name in names)
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in names}) == len(names)
    assert {path.stem for path in (out / "feedback").glob("*.html")} == {
        path.stem for path in (out / "feedback").glob("*.md")
    }
    assert not any(path.stem.lower() == "con" for path in (out / "feedback").iterdir())
    assert not (out.parent.parent / "etc").exists()


def test_feedback_has_nothing_of_another_student(out: Path) -> None:
    holding = sorted(path.name for path in (out / "feedback").iterdir() if SECRET in path.read_text("utf-8"))
    assert [name.split(".")[-1] for name in holding] == ["html", "md"]
    assert all(name.startswith("03_") for name in holding)
    for path in (out / "feedback").iterdir():
        text = path.read_text("utf-8")
        assert "答卷.csv" not in text
        assert "人工分" not in text
        assert ("张三" in text) == path.name.startswith("01_")
        assert "没来" not in text
    assert not list((out / "feedback").glob("99*"))


def test_feedback_shows_the_marked_script(out: Path) -> None:
    (file,) = (out / "feedback").glob("01_张三.html")
    text = file.read_text("utf-8")
    shown = Page(text).shown
    assert '<mark class="hit">' in text
    assert "村里治理的问题" in shown
    assert "学校的建议" in shown  # both scripts of one student are on one page
    for part in ("我的作答", "采分点", "条理和字数", "命中", "[p1 +5]"):
        assert part in shown
    markdown = file.with_suffix(".md").read_text("utf-8")
    assert "【p1 +5】" in markdown
    assert "| ✔ 命中 | p1 村级财政困难，治理投入不足 | 5/5 |" in markdown


def test_a_script_without_a_mark_says_so(out: Path) -> None:
    (file,) = (out / "feedback").glob("05_con.html")
    shown = Page(file.read_text("utf-8")).shown
    assert "空白" in shown
    assert "没有分数" in shown
    assert "0 / " not in shown


def test_markdown_acts_on_nothing_in_an_answer(out: Path) -> None:
    (file,) = (out / "feedback").glob("02_*.md")
    text = file.read_text("utf-8")
    assert not re.search(r"(?<!\\)<", text)
    assert "\\=cmd\\|" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_students_who_are_gone_are_gone(tmp_path: Path) -> None:
    make_bank(tmp_path / "bank")
    put(tmp_path / "in", {"张三.txt": GOOD, "李四.txt": HALF})
    arguments = ["grade", str(tmp_path / "in"), "-p", VILLAGE, "--bank", str(tmp_path / "bank"), "-q", "-j", "1"]
    format = ["--out", str(tmp_path / "out"), "--format", "feedback"]
    run([*arguments, *format])
    (tmp_path / "in" / "李四.txt").unlink()
    run([*arguments, *format])
    assert sorted(path.name for path in (tmp_path / "out" / "feedback").iterdir()) == ["张三.html", "张三.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".essaydrill", "errors.csv", "feedback", "results.jsonl", "run.json",
    ]  # fmt: skip
