"""What is read as what, and what hostile input can do about it."""

import os
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.grading import preview
from essaydrill.grading.intake import Script
from essaydrill.grading.names import file_names, fold, member_parts
from grading_samples import GOOD, SCHOOL, VILLAGE, docx, make_plan, put, xlsx, zipped


def read(folder: Path, **changes: Any) -> dict[str, Script]:
    """The scripts of `folder/in` by where they lie."""
    return {script.submission.source.shown: script for script in preview(make_plan(folder, **changes))}


def read_one(folder: Path, name: str, data: str | bytes, **changes: Any) -> Script:
    put(folder / "in", {name: data})
    (script,) = read(folder, **changes).values()
    return script


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", GOOD.encode("utf-8")),
        ("a.txt", GOOD.encode("utf-8-sig")),
        ("a.txt", GOOD.encode("gb18030")),
        ("a.txt", GOOD.encode("utf-16")),
        ("a.txt", GOOD.replace("\n", "\r\n").encode("utf-8")),
        ("a", GOOD.encode("utf-8")),
        ("a.md", GOOD.replace("一是", "# 一是").encode("utf-8")),
        ("a.docx", docx(*GOOD.split())),
        ("a.doc", docx(*GOOD.split())),
        ("a.txt", docx(*GOOD.split())),
        ("a.jsonl", b'{"answer": "' + GOOD.replace("\n", "\\n").encode() + b'"}'),
        ("a.csv", "答案\r\n".encode() + b'"' + GOOD.encode() + b'"\r\n'),
        ("a.csv", ('学号\t答案\r\n1\t"' + GOOD + '"\r\n').encode("utf-16")),
        ("a.csv", ('学号,答案\r\n1,"' + GOOD + '"\r\n').encode("gb18030")),
        ("a.xlsx", xlsx([["答案"], [GOOD]])),
        ("a.zip", zipped({"b.txt": GOOD.encode()})),
        ("a.zip", zipped({"b.xlsx": xlsx([["答案"], [GOOD]])})),
    ],
)
def test_every_format_gives_the_same_answer(tmp_path: Path, name: str, data: bytes) -> None:
    script = read_one(tmp_path, name, data)
    assert script.status == "marked"
    assert script.answer is not None
    assert script.answer.split() == GOOD.split()


def test_a_pdf_gives_its_text(tmp_path: Path) -> None:
    text = b"Answers in letters that every PDF reader has at hand."
    content = b"BT /F1 12 Tf 72 720 Td (" + text + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table
    assert read_one(tmp_path, "a.pdf", data).answer == text.decode()


def test_the_prompt_is_known_by_the_nearest_word_about_it(tmp_path: Path) -> None:
    put(
        tmp_path / "in",
        {
            "a.txt": GOOD,
            f"{SCHOOL}/a.txt": GOOD,
            f"{SCHOOL}/一班/a.txt": GOOD,
            f"{SCHOOL}/{VILLAGE}__李四.txt": GOOD,
            f"{SCHOOL}/b.txt": f"题目：{VILLAGE}\n{GOOD}",
            "学校的建议/a.txt": GOOD,
            f"张三/{SCHOOL.upper()}.txt": GOOD,
            "c.csv": f"姓名,题目,答案\n王五,{SCHOOL},写了\n赵六,村里治理的问题,写了\n钱七,,写了\n",
            "d.csv": f"姓名,{SCHOOL},{VILLAGE}\n王五,写了,也写了\n",
        },
    )
    known = {place: (s.prompt, s.known_by, s.student.name) for place, s in read(tmp_path).items()}
    assert known == {
        "a.txt": (VILLAGE, "option", "a"),
        f"{SCHOOL}/a.txt": (SCHOOL, "folder", "a"),
        f"{SCHOOL}/一班/a.txt": (SCHOOL, "folder", "a"),
        f"{SCHOOL}/{VILLAGE}__李四.txt": (VILLAGE, "file_name", "李四"),
        f"{SCHOOL}/b.txt": (VILLAGE, "front_matter", "b"),
        "学校的建议/a.txt": (SCHOOL, "folder", "a"),
        f"张三/{SCHOOL.upper()}.txt": (SCHOOL, "file_name", "张三"),
        "c.csv 第 2 行": (SCHOOL, "column", "王五"),
        "c.csv 第 3 行": (VILLAGE, "column", "赵六"),
        "c.csv 第 4 行": (VILLAGE, "option", "钱七"),
        f"d.csv 第 2 行 “{SCHOOL}”": (SCHOOL, "column", "王五"),
        f"d.csv 第 2 行 “{VILLAGE}”": (VILLAGE, "column", "王五"),
    }


@pytest.mark.parametrize(
    "front",
    [
        "题目：{id}\n姓名：张三\n学号：2023001\n\n",
        "---\ntitle: whatever\n题目: {id}\n姓名: 张三\n学号: 2023001\n---\n",
        "姓名：张三 学号：2023001 题目：{id}\n",
        "学号: 2023001\n\n姓名: 张三\nprompt: {id}\n",
    ],
)
def test_lines_at_the_top_are_not_the_answer(tmp_path: Path, front: str) -> None:
    script = read_one(tmp_path, "x.txt", front.format(id=SCHOOL) + GOOD, prompt=None)
    assert (script.prompt, script.student.name, script.student.id) == (SCHOOL, "张三", "2023001")
    assert script.answer == GOOD


@pytest.mark.parametrize("text", ["题目：让村庄更有温度\n" + GOOD, "---\n" + GOOD, "姓名\n" + GOOD, "建议：\n" + GOOD])
def test_a_title_is_the_answer(tmp_path: Path, text: str) -> None:
    assert read_one(tmp_path, "x.txt", text).answer == text


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("village-summary-99__张三.txt", GOOD, "相近的有 village-summary-01"),
        ("vilage-summary-01/张三.txt", GOOD, "相近的有 village-summary-01"),
        ("a.txt", f"题目：village-summary-98\n{GOOD}", "village-summary-98"),
        ("a.csv", "题目,答案\n天气,写了\n", "天气"),
    ],
)
def test_a_wrong_prompt_is_told_and_not_guessed(tmp_path: Path, name: str, text: str, told: str) -> None:
    script = read_one(tmp_path, name, text)
    assert (script.status, script.prompt) == ("wrong_prompt", None)
    assert told in script.reason


def test_without_any_word_about_the_prompt(tmp_path: Path) -> None:
    script = read_one(tmp_path, "zhang-san-01.txt", GOOD, prompt=None)
    assert script.status == "wrong_prompt"
    assert "--prompt" in script.reason
    assert script.student.name == "zhang-san-01"


def test_survey_exports(tmp_path: Path) -> None:
    rows = [
        ["2026 年 3 月测验"],
        [],
        ["序号", "1、您的姓名：", "2.学号（必填）", "3、班级*", "4、你的作答（20分）", "总分"],
        [1, "张三", 20230001, "一班", GOOD, None],
        [2, "李四", 20230002.0, "二班", "", 3],
        [None, None, None, None, None, None],
    ]
    put(tmp_path / "in", {"问卷.xlsx": xlsx(rows)})
    scripts = list(read(tmp_path).values())
    assert [(s.student.name, s.student.id, s.student.group, s.status) for s in scripts] == [
        ("张三", "20230001", "一班", "marked"),
        ("李四", "20230002", "二班", "empty"),
    ]
    assert scripts[0].submission.source.row == 4


def test_columns_that_the_user_names(tmp_path: Path) -> None:
    put(tmp_path / "in", {"a.csv": f'Q1,Q2,答案,Q4\n张三,"{GOOD}",别的,7.5分\n'})
    (script,) = read(tmp_path, columns={"name": "Q1", "answer": "q2", "mark": "Q4"}).values()
    assert (script.student.name, script.answer, script.submission.hand_mark) == ("张三", GOOD, 7.5)


def test_other_sheets_and_rubbish_beside_the_answers(tmp_path: Path) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(xlsx([["答案"], [GOOD]], SCHOOL)))
    book.create_sheet("说明").append(["请勿修改"])
    file = BytesIO()
    book.save(file)
    put(
        tmp_path / "in",
        {"a.xlsx": file.getvalue(), ".DS_Store": b"x", "__MACOSX/a.txt": "x", "~$a.docx": b"x", "Thumbs.db": b"x"},
    )
    (script,) = read(tmp_path, prompt=None).values()
    assert (script.prompt, script.status) == (SCHOOL, "marked")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", bytes(range(256)) * 40, "二进制"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(400), "JPEG"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "Word"),
        ("a.html", "<p>网页".encode(), ".html"),
        ("a.rar", b"Rar!\x1a\x07\x00" + bytes(50), "RAR"),
        ("a.docx", docx("x")[:300], "docx"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(500), "PDF"),
        ("a.xlsx", b"PK\x03\x04" + bytes(50), "xlsx"),
        ("a.zip", b"PK\x03\x04" + bytes(50), "ZIP"),
        ("a.zip", zipped({"b.zip": zipped({"a.txt": b"x"})}), "压缩包里还有压缩包"),
        ("a.csv", "姓名,成绩\n张三,3\n".encode(), "没有找到作答的列"),
        ("a.csv", b"", "没有找到作答的列"),
        ("a.xlsx", xlsx([["姓名"], ["张三"]]), "没有找到作答的列"),
        ("a.csv", ('答案\n"' + "长" * 200_000 + '"\n').encode(), "第 2 行"),
        ("a.csv", f"姓名,答案\n张三,{'好' * 50}\n李四,好".encode() + b"\xff\n", "损坏的字符"),
        ("a.jsonl", b"[1]\n", "JSON 对象"),
        ("a.jsonl", b"[" * 100_000, "不是 JSON"),
        ("a.jsonl", b'{"answer": ' + b"9" * 5000 + b"}\n", "不是 JSON"),
        ("a.jsonl", b'{"answer": "' + b"x" * 2_100_000 + b'"}\n', "太长"),
        ("a.txt", ("长" * 600_000).encode(), "600000"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    put(tmp_path / "in", {name: data})
    scripts = list(read(tmp_path).values())
    faults = [script for script in scripts if script.status == "unreadable"]
    assert len(faults) == 1
    assert told in faults[0].reason
    assert faults[0].answer is None


def test_damage_in_one_row_leaves_the_others(tmp_path: Path) -> None:
    put(
        tmp_path / "in",
        {"a.jsonl": b'{"answer": "\xe5\xa5\xbd"}\n{broken\n{"answer": "a\\ud83d"}\n{"answer": "x\\u0000y"}\n'},
    )
    scripts = list(read(tmp_path).values())
    assert [script.status for script in scripts] == ["marked", "unreadable", "marked", "marked"]
    assert [script.answer for script in scripts] == ["好", None, "a", "xy"]


def test_large_files_are_not_read(tmp_path: Path) -> None:
    put(tmp_path / "in", {})
    for name in ("a.txt", "b.docx", "c.xlsx"):
        with (tmp_path / "in" / name).open("wb") as file:
            file.truncate(300_000_000)  # takes no room on the disk
    scripts = read(tmp_path)
    assert {script.status for script in scripts.values()} == {"unreadable"}
    assert all("MB" in script.reason for script in scripts.values())


def bomb(size: int) -> bytes:
    return zipped({"word/document.xml": b"<w>" + b" " * size, "[Content_Types].xml": b"x", "xl/workbook.xml": b"x"})


@pytest.mark.parametrize("name", ["a.docx", "a.txt"])
def test_a_bomb_for_word_is_not_unpacked(tmp_path: Path, name: str) -> None:
    script = read_one(tmp_path, name, bomb(60_000_000))
    assert script.status == "unreadable"
    assert "大得反常" in script.reason


def with_told_size(data: bytes, name: bytes, size: int) -> bytes:
    """An archive whose list of members tells another size of one."""
    place = data.rindex(name) - 46
    return data[: place + 24] + size.to_bytes(4, "little") + data[place + 28 :]


def test_bombs_in_archives(tmp_path: Path) -> None:
    honest = zipped({"a.txt": b" " * 50_000_000, "b.txt": GOOD.encode()})
    lying = with_told_size(zipped({"c.txt": b" " * 50_000_000}), b"c.txt", 100)
    book = with_told_size(bomb(1000), b"word/document.xml", 900_000_000)
    put(tmp_path / "in", {"1.zip": honest, "2.zip": lying, "3.xlsx": book})
    scripts = read(tmp_path)
    assert {place: script.status for place, script in scripts.items()} == {
        "1.zip › a.txt": "unreadable",
        "1.zip › b.txt": "marked",
        "2.zip › c.txt": "unreadable",
        "3.xlsx": "unreadable",
    }
    assert "MB" in scripts["1.zip › a.txt"].reason
    assert "大得反常" in scripts["3.xlsx"].reason


def test_an_archive_that_lists_too_much_is_not_opened(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"x"}))
    data[-10:-6] = (200_000_000).to_bytes(4, "little")
    assert "多得反常" in read_one(tmp_path, "a.zip", bytes(data)).reason


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    body = (
        f'<?xml version="1.0"?>{entities}]><w:document xmlns:w="http://x/main"><w:p><w:t>&j;</w:t></w:p></w:document>'
    )
    strings = f'<?xml version="1.0"?>{entities}]><sst xmlns="http://x/main"><si><t>&j;</t></si></sst>'
    word = zipped({"word/document.xml": body.encode()})
    with zipfile.ZipFile(tmp_path / "good.xlsx", "w") as archive:
        archive.writestr("x", "")
    good = xlsx([["答案"], [GOOD]])
    (tmp_path / "good.xlsx").write_bytes(good)
    with zipfile.ZipFile(tmp_path / "good.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    put(tmp_path / "in", {"a.docx": word, "b.xlsx": zipped({**parts, "xl/sharedStrings.xml": strings.encode()})})
    for script in read(tmp_path).values():
        assert len(script.answer or "") < 1000


def test_paths_in_archives_lead_nowhere(tmp_path: Path) -> None:
    names = ["../../etc/passwd.txt", "/root/a.txt", "C:\\Windows\\b.txt", "..\\..\\c.txt", "./d.txt", "a/../e.txt"]
    put(tmp_path / "in", {"a.zip": zipped({name: GOOD.encode() for name in names})})
    before = sorted(tmp_path.rglob("*"))
    scripts = read(tmp_path)
    assert all(script.status == "marked" for script in scripts.values())
    assert all(".." not in place and ":" not in place and "›  /" not in place for place in scripts)
    assert [p for p in sorted(tmp_path.rglob("*")) if p not in before and "bank" not in p.parts] == []


def test_links_and_passwords_in_archives(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = 0o120777 << 16
    file = tmp_path / "in" / "a.zip"
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("b.txt", GOOD)
    data = bytearray(file.read_bytes())
    place = data.rindex(b"b.txt") - 46
    data[place + 8] |= 1
    file.write_bytes(data)
    scripts = read(tmp_path)
    assert "链接" in scripts["a.zip › a.txt"].reason
    assert "密码" in scripts["a.zip › b.txt"].reason


def test_names_from_chinese_windows(tmp_path: Path) -> None:
    file = tmp_path / "in" / "a.zip"
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("XXXX.txt", GOOD)
    file.write_bytes(file.read_bytes().replace(b"XXXX", "张三".encode("gbk")))
    assert list(read(tmp_path)) == ["a.zip › 张三.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
def test_links_out_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret", {"s.txt": GOOD})
    folder = put(tmp_path / "in", {"a.txt": GOOD})
    (folder / "b.txt").symlink_to(secret / "s.txt")
    (folder / "c").symlink_to(secret)
    (folder / "d").symlink_to(folder)
    (folder / "e.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "f.txt")
    scripts = read(tmp_path)
    assert {place: script.status for place, script in scripts.items()} == {
        "a.txt": "marked",
        "b.txt": "unreadable",
        "c": "unreadable",
        "d": "unreadable",
        "e.txt": "unreadable",
        "f.txt": "unreadable",
    }
    assert "链接" in scripts["b.txt"].reason
    assert "管道" in scripts["f.txt"].reason


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind the superuser")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"a.txt": GOOD, "b/c.txt": GOOD})
    (folder / "a.txt").chmod(0)
    (folder / "b").chmod(0)
    assert {script.reason for script in read(tmp_path).values()} == {"没有读取权限"}
    (folder / "b").chmod(0o700)


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on POSIX")
def test_names_of_all_kinds_stay_apart(tmp_path: Path) -> None:
    composed, parted = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
    folder = put(tmp_path / "in", {f"{name}.txt": GOOD for name in ("a", "A", composed, parted, "x\x1b[31m", "＝1+1")})
    Path(os.fsdecode(os.fsencode(folder) + b"/" + "李四".encode("gb18030") + b".txt")).write_text(GOOD, "utf-8")
    scripts = read(tmp_path)
    assert len(scripts) == 7
    assert "李四.txt" in scripts
    assert sorted(script.repeat for script in scripts.values()) == [1, 1, 1, 1, 1, 2, 2]


def test_deep_and_many_folders(tmp_path: Path) -> None:
    deep = tmp_path / "in"
    for _ in range(60):
        deep /= "下一层"
    deep.mkdir(parents=True)
    put(deep, {"a.txt": GOOD})
    put(tmp_path / "in", {f"{n}/x.txt": GOOD for n in range(30)})
    places = list(read(tmp_path))
    assert len(places) == 31
    assert places == list(read(tmp_path))


def test_several_inputs_are_told_apart(tmp_path: Path) -> None:
    one, two = put(tmp_path / "1" / "卷", {"a.txt": GOOD}), put(tmp_path / "2" / "卷", {"a.txt": GOOD})
    single = put(tmp_path, {"b.txt": GOOD}) / "b.txt"
    places = list(read(tmp_path, inputs=(one, two, single)))
    assert places == ["卷/a.txt", "卷~2/a.txt", "b.txt"]


def test_the_roster_and_the_results_among_the_scripts_are_no_scripts(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"a.txt": GOOD, "名册.csv": "姓名\na\n", "out/grades.csv": "答案\nx\n"})
    assert list(read(tmp_path, out=folder / "out", roster=folder / "名册.csv")) == ["a.txt"]


@given(st.lists(st.text(), max_size=30))
def test_new_file_names_are_safe_and_differ_on_every_system(labels: list[str]) -> None:
    names = file_names(labels)
    assert len({fold(name) for name in names}) == len(labels)
    for name in names:
        assert name not in ("", ".", "..")
        assert not set(name) & set('<>:"/\\|?*\x00\n\x1b\u202e\ud800')
        assert len(name.encode("utf-8")) < 255
        assert not name.endswith((" ", "."))


@pytest.mark.parametrize("name", ["con", "NUL.txt", "com1", "..", "a/b", "a\x00b", "😀" * 100, "", "\u202etxt", "-rf"])
def test_names_that_are_traps(name: str) -> None:
    (safe,) = file_names([name])
    assert safe.casefold().partition(".")[0] not in ("con", "nul", "com1", "")
    assert not set(safe) & {"/", "\x00", "\u202e"}
    assert not safe.startswith("-")


@given(st.text())
def test_members_stay_below(name: str) -> None:
    assert all(part not in ("", ".", "..") and "/" not in part and "\\" not in part for part in member_parts(name))
