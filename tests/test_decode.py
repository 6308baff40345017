"""Answer files in the encodings people really use, and files that are no answer."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.text.decode import MAX_BYTES, UndecodableError, UnreadableError, decode, read_answer

SIMPLIFIED = "一是基层保障不足，财政投入少。\n二是网格员年龄偏大、履职不到位；“雪亮工程”薄弱（11.4%）。"
TRADITIONAL = "一是基層保障不足，財政投入少。\n二是網格員年齡偏大、履職不到位；「雪亮工程」薄弱。"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("gb18030", b""),
    ],
)
def test_answer_reads_the_same_in_every_encoding(text: str, encoding: str, bom: bytes) -> None:
    assert decode(bom + text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("text", ["一", "答", "联通", "党建"])
def test_shortest_answers(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "text", ["", "plain English, 100 words", "Привет, мир", "한국어 문장입니다", "日本語の文章です。"]
)
def test_utf8_in_any_language(text: str) -> None:
    assert decode(text.encode()) == text


def test_rare_characters_outside_gbk_survive_gb18030() -> None:
    text = "𠮷某的作答：" + SIMPLIFIED
    assert decode(text.encode("gb18030")) == text


def test_line_ends_become_newlines() -> None:
    assert decode("一是\r\n二是\r三是\n".encode()) == "一是\n二是\n三是\n"


def test_terminal_escapes_are_text() -> None:
    text = "\x1b[31m基层\x1b[0m"
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml\x00word/document.xml", "Word"),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml\x00xl/workbook.xml", "Excel"),
        (b"PK\x03\x04\x14\x00a.txt", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "旧版文档"),
        (b"{\\rtf1\\ansi}", "RTF"),
        ("基层\0治理".encode(), "二进制"),
        (b"\x01\x02\x03\x04\x05", "编码"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(UndecodableError, match=kind):
        decode(data)


@pytest.mark.parametrize(
    ("encoding", "text"), [("big5", TRADITIONAL), ("shift-jis", "日本語の文章です。これは答案です。")]
)
def test_other_encodings_are_refused_rather_than_read_as_garbage(encoding: str, text: str) -> None:
    with pytest.raises(UndecodableError, match="UTF-8"):
        decode(text.encode(encoding))


def test_truncated_utf8_tells_where() -> None:
    data = SIMPLIFIED.encode()[:-1]
    with pytest.raises(UndecodableError, match=f"第 {len(data) - 1} 个字节"):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_clean_text_or_undecodable(data: bytes) -> None:
    try:
        text = decode(data)
    except UndecodableError:
        return
    assert "\0" not in text
    assert "\r" not in text
    text.encode("utf-8")  # no lone surrogates


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1))
def test_utf8_with_mark_is_never_guessed(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


def test_read_answer_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "作答.txt"
    file.write_bytes(SIMPLIFIED.encode("gb18030"))
    assert read_answer(file) == SIMPLIFIED


def test_read_answer_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SIMPLIFIED.encode("utf-16"))))
    assert read_answer("-") == SIMPLIFIED


def test_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UnreadableError, match="标准输入"):
        read_answer("-")


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"没有\.txt：文件不存在"):
        read_answer(tmp_path / "没有.txt")
    with pytest.raises(UnreadableError, match="文件夹"):
        read_answer(tmp_path)
    (tmp_path / "文件").write_text("一")
    with pytest.raises(UnreadableError, match="不是文件夹"):
        read_answer(tmp_path / "文件" / "作答.txt")


def test_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableError, match="权限"):
        read_answer(tmp_path / "作答.txt")


def test_undecodable_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "作答.pdf"
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(UndecodableError, match=r"作答\.pdf：这是 PDF"):
        read_answer(file)


def test_big_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "大.txt"
    file.write_bytes(b"a" * MAX_BYTES)
    assert len(read_answer(file)) == MAX_BYTES
    file.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(UnreadableError, match="2 MB"):
        read_answer(file)


def test_names_are_shown_harmlessly(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as raised:
        read_answer(tmp_path / "\x1b[31m\udc80.txt")
    assert "\x1b" not in str(raised.value)
    str(raised.value).encode("utf-8")
