"""Files that `bank import` reads: docx, HTML, PDF, Markdown, encodings, and everything that is none of them."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from essaydrill.bank.importing import Imported, Shelf, SourceError, import_file
from essaydrill.bank.importing.source import MAX_BYTES, read_source

TASK = "请根据“给定资料1”，概括云岭镇提升便民服务水平的主要做法。（15分）"
MATERIAL = "云岭镇是个山区镇，群众办一件事往往要跑三四个窗口。去年，镇里把服务中心搬到一层，设了综合窗口。"
ANSWER = "主要做法：一是优化场所，服务中心搬到一层。二是整合窗口，一窗受理全部事项。三是上门代办，每村配两名代办员。"
LINES = ("给定资料1", MATERIAL, "第一题", TASK, "要求：全面、准确，不超过200字。", "【参考答案】", ANSWER)

Import = Callable[[str, bytes], Imported]


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))

    def run(name: str, data: bytes) -> Imported:
        path = tmp_path / name
        path.write_bytes(data)
        return import_file(path, Shelf(tmp_path / "bank"), "street")

    return run


def expect_the_question(imported: Imported) -> None:
    [draft] = imported.drafts
    assert draft.prompt.task == TASK.removesuffix("（15分）")
    assert draft.prompt.max_score == 15
    assert draft.prompt.limit is not None
    assert draft.prompt.limit.max == 200
    assert [material.text for material in draft.prompt.materials] == [MATERIAL + "\n"]
    assert [reference.text for reference in draft.reference.references] == [ANSWER + "\n"]
    assert len(draft.reference.points) == 3


# --- docx ------------------------------------------------------------------------------------------------------------


def docx_bytes(document: Any) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plain_docx(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return docx_bytes(document)


def test_a_paper_in_word(imported: Import) -> None:
    expect_the_question(imported("试卷.docx", plain_docx(LINES)))


def test_words_own_numbers_are_read(imported: Import) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate((("chineseCounting", "第%1题"), ("decimal", "%2."), ("bullet", "·")))
    )
    space = nsdecls("w")
    numbering.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {space} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))

    def add(text: str, level: int | None = None) -> None:
        paragraph = document.add_paragraph(text)
        if level is not None:
            properties = f'<w:numPr {space}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
            paragraph._p.get_or_add_pPr().append(parse_xml(properties))

    for task in ("概括做法", "说明原因"):
        add("", 0)
        add(f"请根据材料{task}，不超过200字。（10分）")
        add("【参考答案】")
        for point in ("搬到一层，方便群众。", "配代办员，上门服务。"):
            add(point, 1)
    first, second = imported("编号.docx", docx_bytes(document)).drafts
    assert first.reference.references[0].text == "1.搬到一层，方便群众。\n2.配代办员，上门服务。\n"
    assert second.reference.references[0].text == first.reference.references[0].text  # counted from one again
    assert [draft.prompt.max_score for draft in (first, second)] == [10, 10]


def test_tables_of_word_become_rows_and_deleted_text_is_gone(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("给定资料1 下表是云岭镇三年来便民服务的办件情况，请对照着看。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("年份", "办件", "2023", "4300"), strict=True):
        cell.text = text
    paragraph = document.add_paragraph("改后的话")
    deleted = f'<w:del {nsdecls("w")} w:id="1" w:author="甲"><w:r><w:delText>删去的话</w:delText></w:r></w:del>'
    paragraph._p.append(parse_xml(deleted))
    path = tmp_path / "表.docx"
    path.write_bytes(docx_bytes(document))
    assert read_source(path).lines[1:] == ("年份 | 办件", "2023 | 4300", "改后的话")


def test_a_zip_bomb_is_not_unpacked(imported: Import) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b"A" * 40_000_000)
    assert len(buffer.getvalue()) < 100_000
    with pytest.raises(SourceError, match="解压后大得反常"):
        imported("炸弹.docx", buffer.getvalue())


def test_entities_of_a_hostile_document_are_not_expanded(imported: Import) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "好" * 100}">' for n in range(9))
    body = f'<?xml version="1.0"?><!DOCTYPE d [{entities}]><d><p><t>&a8;</t></p></d>'
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", body)
    with pytest.raises(SourceError):
        imported("实体.docx", buffer.getvalue())


# --- HTML ------------------------------------------------------------------------------------------------------------

WORD_HTML = """\
<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>试卷</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style>p.MsoNormal {font-family:宋体}</style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><div class=WordSection1>
<p class=MsoNormal><b>给定资料<span lang=EN-US>1<o:p></o:p></span></b></p>
<p class=MsoNormal style='text-indent:21.0pt'>云岭镇是个山区镇，群众办一件事往往要跑三四个
窗口。去年，镇里把服务中心搬到一层，设了<!--批注-->综合窗口。<span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph><![if !supportLists]><span>第一题<span>&nbsp;&nbsp;</span></span><![endif]></p>
<p class=MsoNormal>请根据“给定资料<span lang=EN-US>1</span>”，概括云岭镇提升便民服务水平的
主要做法。（<span lang=EN-US>15</span>分）</p>
<p class=MsoNormal>要求：全面、准确，不超过<span lang=EN-US>200</span>字。</p>
<p class=MsoNormal>【参考答案】</p>
<p class=MsoNormal>主要做法：一是优化场所，服务中心搬到一层。二是整合窗口，一窗受理全部事项。三是上门
代办，每村配两名代办员。</p>
<p class=MsoNormal style='display:none;mso-hide:all'>隐藏的话</p>
</div></body></html>
"""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_html_that_word_exported(imported: Import, encoding: str) -> None:
    expect_the_question(imported("试卷.htm", WORD_HTML.encode(encoding)))


def test_a_page_is_read_without_what_is_not_its_text(tmp_path: Path) -> None:
    page = """\
<!doctype html><?xml version="1.0" encoding="gbk"?>
<html><head><title>标题</title><script>var a = "脚本";</script></head>
<body><nav><ul><li>首页导航</ul></nav><header><h1>便民服务课程</h1></header>
<form><input value="搜索"><button>登录按钮</button><select><option>选项</select></form>
<p>第一段说的是<em>便民</em>服务，<br>换行以后接着说办事大厅。</p><!-- 注释 -->
<ol><li>搬到一层，方便群众。<li>配代办员。</ol><ul><li>没有编号的一条</li></ul>
<table><tr><td>年份</td><td>办件</td></tr><tr><td><p>左栏的一段话。</p><p>左栏的又一段话。</p></td><td>右栏</td></tr></table>
<div hidden>隐藏</div><iframe src="http://x/">框架</iframe><img src="http://example.invalid/a.png" alt="图">
<footer>页脚</footer><pre>第一行
第二行</pre></body></html>
"""
    path = tmp_path / "页面.html"
    path.write_text(page, encoding="utf-8")
    assert read_source(path).lines == (
        "便民服务课程",
        "第一段说的是便民服务，",
        "换行以后接着说办事大厅。",
        "1. 搬到一层，方便群众。",
        "2. 配代办员。",
        "没有编号的一条",
        "年份 | 办件",
        "左栏的一段话。",
        "左栏的又一段话。",
        "右栏",
        "第一行",
        "第二行",
    )


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf_bytes(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of text lines in a standard Chinese font, as small as the format allows."""
    system = b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /CIDSystemInfo %s /DW 1000 >>" % system,
    ]
    kids = []
    for lines in pages:
        shown = b"\n".join(b"<%s> Tj T*" % line.encode("utf-16-be").hex().encode() for line in lines)
        content = b"BT /F1 12 Tf 20 TL 60 780 Td\n%s\nET" % shown
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        resources = b"<< /Font << /F1 3 0 R >> >>"
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources %s >>"
        objects.append(page % (len(objects), resources))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = BytesIO()
    out.write(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n" % (size, entries, size))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def typeset(lines: Sequence[str], width: int = 24) -> list[str]:
    """Paragraphs broken at the width of a page."""
    return [line[at : at + width] for line in lines for at in range(0, len(line), width)]


def test_a_pdf_is_put_together_from_its_lines_and_pages(imported: Import) -> None:
    lines = typeset(LINES)
    middle = len(lines) // 2
    halves = (lines[:middle], lines[middle:])
    pages = [["某省申论试卷", *half, f"第 {number} 页 共 2 页"] for number, half in enumerate(halves, 1)]
    expect_the_question(imported("试卷.pdf", pdf_bytes(pages)))


def test_running_heads_are_left_out(tmp_path: Path) -> None:
    pages = [
        [f"真题汇编 第 {n} 页", f"给定资料{n}", f"这一页说的是{village}村的事", f"{n * 11}户人家", f"- {n} -"]
        for n, village in enumerate("甲乙丙丁", 1)
    ]
    path = tmp_path / "汇编.pdf"
    path.write_bytes(pdf_bytes(pages))
    text = "".join(read_source(path).lines)
    assert "真题汇编" not in text
    assert text.count("户人家") == 4
    assert text.count("给定资料") == 4
    assert "-" not in text


def test_radicals_of_pdf_fonts_become_characters(tmp_path: Path) -> None:
    path = tmp_path / "部首.pdf"
    path.write_bytes(pdf_bytes([["有关部⻔的工作人员，⾛进⼀⼾⼀⼾人家，问的是老百姓的冷暖。"]]))
    assert read_source(path).lines == ("有关部门的工作人员，走进一户一户人家，问的是老百姓的冷暖。",)


def locked_pdf(user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf_bytes([typeset(LINES)])))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_pdf_that_only_forbids_changes_is_read(imported: Import) -> None:
    expect_the_question(imported("试卷.pdf", locked_pdf("")))


def image_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(595, 842)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


# --- plain text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_plain_text_in_any_encoding(imported: Import, encoding: str) -> None:
    expect_the_question(imported("试卷.txt", "\r\n".join(LINES).encode(encoding)))


def test_text_copied_from_a_pdf_is_put_together(imported: Import) -> None:
    expect_the_question(imported("试卷.txt", "\n".join(typeset(LINES, 20)).encode()))


def test_markdown(imported: Import) -> None:
    text = f"# 课程\n\n## 给定资料1\n\n{MATERIAL}\n\n---\n\n### 第一题\n\n{TASK}\n\n"
    text += f"**要求：** 全面、准确，不超过200字。\n\n**【参考答案】**\n\n> {ANSWER}\n"
    expect_the_question(imported("试卷.md", text.encode()))


# --- what is no paper ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("图片.pdf", image_pdf(), "只有图片"),
        ("加密.pdf", locked_pdf("secret"), "加了密码"),
        ("截断.pdf", pdf_bytes([LINES])[:300], "不是完整的 PDF|只有图片"),
        ("假的.pdf", b"not a pdf", "不是 pdf 文件"),
        ("假的.docx", b"PK\x03\x04garbage", "不是完整的 Word 文档"),
        ("截断.docx", plain_docx(LINES)[:2000], "不是完整的 Word 文档"),
        ("旧版.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "加了密码的 Word 文档或旧版 doc"),
        ("网页.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht"),
        ("照片.txt", b"\x89PNG\r\n\x1a\n" + bytes(200), "是图片"),
        ("乱码.txt", bytes(range(128, 256)) * 40, "不是文本|认不出"),
        ("零.txt", bytes(3000), "不是文本|认不出|没有中文"),
        ("空.txt", b"  \n", "空的"),
        ("英文.txt", b"There is nothing here about any question at all.\n" * 20, "几乎没有中文"),
        ("空.html", b"<html><body><script>1</script></body></html>", "几乎没有中文"),
    ],
)
def test_rubbish_is_refused_in_one_sentence(imported: Import, name: str, data: bytes, told: str) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        imported(name, data)
    sentence = str(caught.value)
    assert name in sentence
    assert "\n" not in sentence
    assert sentence.isprintable()


def test_other_archives_are_no_documents(imported: Import) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(SourceError, match="不是 Word 文档"):
        imported("表格.docx", buffer.getvalue())


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "巨大.txt"
    with path.open("wb") as file:
        file.truncate(10 * MAX_BYTES)
    with pytest.raises(SourceError, match="超过 20 MB"):
        read_source(path)


@pytest.mark.parametrize(("name", "told"), [("没有.txt", "文件不存在"), (".", "这是一个文件夹")])
def test_what_cannot_be_opened(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        read_source(tmp_path / name)


def test_a_missing_package_is_named(imported: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(SourceError, match=r'要用 pypdf，请先运行 pip install "essaydrill\[import\]"'):
        imported("试卷.pdf", pdf_bytes([LINES]))
