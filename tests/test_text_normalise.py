"""normalise: what must not change a mark changes nothing, and every character still knows where it was typed."""

import re
import subprocess
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from essaydrill.text import NormalText, normalise

PIECES = [
    *"基层社会治理的問題與對策邊緣於乾坤⻋⻔⺠⽂⼀⻓車〇㐂𠀀",
    *"，。；：？！（）、“”‘’「」『』《》【】—…·％｡､･．,.;:!?()\"'%-",
    *"AZaz09ａＺ０９①⑩㈠⑴⒈Ⅳ㎡½",
    *" \t　\xa0\n\r\v\f\u2028\x85",
    *"\u200b\ufeff\xad\u202e\u2066\ufe0f\x00\x07\x1b",
    *[
        "\r\n",
        "\x1b[31m",
        "\x1b[0m",
        "\x1b]0;题\x07",
        "......",
        "……",
        "——",
        "--",
        "一.",
        "(二).",
        ". ",
        "\ud800",
        "é",
        "😀",
    ],
]
typed = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=40)
han = st.text(alphabet="基层社会治理存在的问题主要是财政投入不足", min_size=1, max_size=30)
quick = settings(deadline=None, max_examples=300)

HAN = re.compile("[㐀-鿿]")
# What a character may have become because of its neighbours.
IN_CONTEXT = {".": "。、…", "-": "—", "“": "”", "‘": "’"}


def text_of(raw: str) -> str:
    return normalise(raw).text


# --- what the canonical form is


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        # widths
        ("ＡＢＣｘｙｚ１２３％", "ABCxyz123%"),
        ("好，坏；是：吗？是！（对）", "好,坏;是:吗?是!(对)"),
        ("甲、乙。《丙》——丁……", "甲、乙。《丙》——丁……"),
        ("甲､乙･丙｡", "甲、乙·丙。"),
        ("︰﹁好﹂﹐", ":“好”,"),
        # full stops
        ("加强领导.落实责任．", "加强领导。落实责任。"),
        ("他说“好”.", "他说“好”。"),
        ("增长3.5个点，v1.2，第1.加强", "增长3.5个点,v1.2,第1.加强"),
        ("网址是example.com", "网址是example.com"),
        ("一.加强领导；（二）．落实", "一、加强领导;(二)、落实"),
        ("增加二十.接着", "增加二十。接着"),
        # quotes: straight, curly and corner ones are the same
        ('他说"好"，又说"行"', "他说“好”,又说“行”"),
        ("他說「好」，又說『行』", "他说“好”,又说‘行’"),
        ("所谓'微治理'，it's", "所谓‘微治理’,it's"),
        ('"甲\n"乙"', "“甲\n“乙”"),
        # ellipses and dashes
        ("等...好……坏......", "等……好……坏……"),
        ("治理--创新", "治理——创新"),
        ("北京—上海３－５天", "北京—上海3-5天"),
        # numbering stays numbering
        ("①好⑩坏㈠甲⑴乙⒈丙", "①好⑩坏(一)甲(1)乙1.丙"),
        # spaces and lines
        ("　　基 层　治理 。 好 ，坏", "基层治理。好,坏"),
        ("用 AI 技术  big  data\t5 G", "用AI技术big data 5 G"),
        ("1. 2023年", "1. 2023年"),
        ("甲\r\n乙\r丙\u2028丁\v戊\f己\x85庚", "甲\n乙\n丙\n丁\n戊\n己\n庚"),
        ("甲 \n \n\t\n 乙", "甲\n乙"),
        # what has no ink
        ("基\u200b层\ufeff社\xad会\u202e治\u2066理\ufe0f\x00\x08", "基层社会治理"),
        ("\x1b[1;31m红\x1b[0m字\x1b]8;;http://x\x1b\\链\x1b]8;;\x07尾\x1b(B", "红字链尾"),
        ("\x1b]没有结束的标题", "没有结束的标题"),
        ("甲\ud800乙", "甲\ufffd乙"),
        ("", ""),
        (" \n\u200b", "\n"),
    ],
)
def test_canonical_form(raw: str, canonical: str) -> None:
    assert text_of(raw) == canonical


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        (
            "基層社會治理存在的問題：財政投入不足，幹部隊伍年齡偏大。",
            "基层社会治理存在的问题:财政投入不足,干部队伍年龄偏大。",
        ),
        ("乾燥與乾坤，頭髮與發展，於是後來", "干燥与乾坤,头发与发展,于是后来"),
        ("裏裡裹，臺台檯，衆眾", "里里裹,台台台,众众"),
    ],
)
def test_traditional_becomes_simplified(traditional: str, simplified: str) -> None:
    assert text_of(traditional) == simplified


@pytest.mark.parametrize("name", ["蕭乾萧乾", "畢昇毕昇", "楊聯陞杨联陞"])
def test_a_name_gives_the_same_text_in_both_scripts(name: str) -> None:
    half = len(name) // 2
    assert text_of(name[:half]) == text_of(name[half:])


def test_opencc_phrases_leave_simplified_text_alone() -> None:
    assert text_of("设施打坏了没人修，一坏就是半年") == "设施打坏了没人修,一坏就是半年"


def test_radicals_of_pdf_text_become_characters() -> None:
    assert text_of("⻋⻔⺠⻆⻅⻓⻬⻝⻢⻘⻤⻛⻚⻰⻥⻦⻩⻨⻣⻜⻙⻉⻔") == "车门民角见长齐食马青鬼风页龙鱼鸟黄麦骨飞韦贝门"
    assert text_of("⼀⼆⼈⼤⼩⼭⽂⽅⽇⽉⽔⽕⽣⽤⽥⾞⾨⾒⻑⿓") == "一二人大小山文方日月水火生用田车门见长龙"
    assert text_of("樂率說".replace("樂", "\uf914").replace("率", "\uf961").replace("說", "\uf96f")) == "乐率说"


def test_every_radical_but_the_repeat_mark_becomes_an_ideograph() -> None:
    import unicodedata

    assigned = [chr(code) for code in range(0x2E80, 0x2FD6) if unicodedata.name(chr(code), "")]
    left = [radical for radical in assigned if not re.fullmatch("[㐀-鿿\U00020000-\U000323af]", text_of(radical))]
    assert left == ["⺀"]


# --- the way back


def check_offsets(result: NormalText) -> None:
    raw, text, offsets = result.raw, result.text, result.offsets
    assert len(offsets) == len(text) + 1
    assert offsets[-1] == len(raw)
    assert list(offsets) == sorted(offsets)
    for character, offset in zip(text, offsets[:-1], strict=True):
        alone = {raw[offset], *text_of(raw[offset]), *text_of(f"q{raw[offset]}q")[1:-1]}
        assert character in alone | {mark for one in alone for mark in IN_CONTEXT.get(one, "")}


@given(typed)
@example("⒈...")
@example("乾坤於是\ud800")
@quick
def test_every_character_points_at_what_it_came_from(raw: str) -> None:
    check_offsets(normalise(raw))


@given(typed)
@example('好 "..." 坏')
@example(". ..好. ..")
@example("… …-- --")
@example("陳昇\n蒐於紅")
@quick
def test_idempotent(raw: str) -> None:
    text = text_of(raw)
    assert text_of(text) == text


@given(typed.filter(set("\x1b\x90\x98\x9b\x9d\x9e\x9f").isdisjoint))  # no terminal escapes
@quick
def test_no_han_character_is_lost_or_moved(raw: str) -> None:
    result = normalise(raw)
    expected = [i for i, character in enumerate(raw) if HAN.search(text_of(character))]
    found = [result.offsets[i] for i, character in enumerate(result.text) if HAN.match(character)]
    assert sorted(set(found)) == expected


@given(han, st.data())
@quick
def test_stray_spaces_and_invisible_characters_change_nothing(text: str, data: st.DataObject) -> None:
    stray = st.sampled_from(["", " ", "　", "\u200b", "\xa0 ", "\x1b[7m", "\ufeff"])
    fillings = data.draw(st.lists(stray, min_size=len(text), max_size=len(text)))
    result = normalise("".join(filling + character for filling, character in zip(fillings, text, strict=True)))
    assert result.text == text
    for i, character in enumerate(text):
        start, end = result.raw_span(i, i + 1)
        assert result.raw[start:end] == character


def test_raw_span_quotes_what_was_typed() -> None:
    result = normalise("　一是 財政\u200b投入\x1b[0m不足\u200b ...... 完")
    start = result.text.index("财政")
    assert result.raw[slice(*result.raw_span(start, start + 6))] == "財政\u200b投入\x1b[0m不足"
    start = result.text.index("……")
    assert result.raw[slice(*result.raw_span(start, start + 2))] == "......"
    assert result.raw_span(3, 3) == (result.offsets[3],) * 2


def test_one_character_that_became_several_is_quoted_whole() -> None:
    result = normalise("㈠好")
    assert result.text == "(一)好"
    assert [result.raw_span(i, i + 1) for i in range(4)] == [(0, 1), (0, 1), (0, 1), (1, 2)]
    assert result.raw_span(0, 4) == (0, 2)


# --- cost


@pytest.mark.parametrize(
    "unit",
    [
        "基层社会治理，存在“问题”。",
        "基層社會治理。",
        " ",
        "a ",
        "\x1b",
        "\x1b]",
        "\x1b[",
        ".",
        ". ",
        '"',
        "'",
        "一.",
        "\n ",
        "-",
        "㈠",
        "… ",
    ],
)
def test_a_hundred_thousand_characters_take_no_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    began = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - began < 2


def test_import_is_light_and_silent_and_plain_text_needs_no_opencc() -> None:
    code = (
        "import sys, essaydrill.text as t; t.normalise('基层治理，好。'); t.count_cells('好'); t.clauses('好')\n"
        "heavy = {'opencc', 'rjieba', 'jieba', 'numpy', 'pydantic', 'yaml', 'platformdirs'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
