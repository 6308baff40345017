"""The length requirement as question papers word it. Every line here is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.bank import Length, Prompt, read_limit

FORMS = [
    # upper limits
    ("概括某镇推进移风易俗的做法。（20分）要求：准确全面，不超过250字。", {"max": 250}),
    ("要求:条理清晰,语言简练,字数不得超过300字", {"max": 300}),
    ("总字数180字以内。", {"max": 180}),
    ("字数在 420 字以 内", {"max": 420}),
    ("篇幅最多600字。", {"max": 600}),
    ("限450字以内。", {"max": 450}),
    ("控制在350字。", {"max": 350}),
    ("请用不超过120字的篇幅加以说明。", {"max": 120}),
    ("≤500字", {"max": 500}),
    ("不超過300字。", {"max": 300}),
    ("不超过400字（不含标题）。", {"max": 400}),
    ("300字（含标点）以内。", {"max": 300}),
    ("字数少于200字。", {"max": 200}),
    ("不超过150个汉字。", {"max": 150}),
    # lower limits
    ("不少于900字。", {"min": 900}),
    ("不得低于500个字", {"min": 500}),
    ("至少700字", {"min": 700}),
    ("字数1000字以上。", {"min": 1000}),
    ("写满600字，不足600字扣分", {"min": 600}),
    # about
    ("观点鲜明，篇幅280字左右。", {"about": 280}),
    ("约900字。", {"about": 900}),
    ("800字上下为宜", {"about": 800}),
    ("控制在1000字左右", {"about": 1000}),
    ("写一篇900字的短文。", {"about": 900}),
    ("1000字（±10%）", {"about": 1000}),
    ("篇幅：350", {"about": 350}),
    # ranges
    ("（4）800-1000字。", {"min": 800, "max": 1000}),
    ("(3)篇幅600～800字;", {"min": 600, "max": 800}),
    ("字数７００－９００字", {"min": 700, "max": 900}),
    ("总字数1000——1200字左右", {"min": 1000, "max": 1200}),
    ("500字至700字", {"min": 500, "max": 700}),
    ("在600到800字之间", {"min": 600, "max": 800}),
    ("不少于800字，不超过1000字。", {"min": 800, "max": 1000}),
    ("1200字以下、1000字以上", {"min": 1000, "max": 1200}),
    ("1000±100字", {"min": 900, "max": 1100}),
    # 字 missing
    ("条理清晰，不超过300。", {"max": 300}),
    ("(4)1000-1200。", {"min": 1000, "max": 1200}),
    ("字数要求：800—1000", {"min": 800, "max": 1000}),
    ("语言流畅，500左右", {"about": 500}),
    # numerals and the noise of scanned text
    ("不超过二百五十字。", {"max": 250}),
    ("八百到一千字", {"min": 800, "max": 1000}),
    ("一千二百字以内", {"max": 1200}),
    ("1.2千字左右", {"about": 1200}),
    ("不超过1,000字", {"max": 1000}),
    ("1 000字左右", {"about": 1000}),
    ("不 超 过 3 0 0 字", {"max": 300}),
    ("l000一1200字", {"min": 1000, "max": 1200}),
    ("不超过\u200b400\u200b字", {"max": 400}),
    ("不⼤于400字", {"max": 400}),
    # other numbers around
    ("③800-1000字", {"min": 800, "max": 1000}),
    ("3.800-1000字", {"min": 800, "max": 1000}),
    ("根据给定资料3,800字左右。", {"about": 800}),
    ("2021—2023年全县增长12%，请据此写300字以内的简报。", {"max": 300}),
    ("列出不少于3条建议，每条不超过50字，总字数不超过200字。（25分，限时40分钟）", {"max": 200}),
    ("标题不超过20字，正文300字左右。", {"about": 300}),
    ("自拟标题900字左右", {"about": 900}),
    ("材料2有一篇1500字的报道。要求：不超过200字。", {"max": 200}),
    ("超过1200字的，酌情扣分", {"max": 1200}),
    ("以“写满1000字以上的信”为题，写一份300字左右的评论。", {"about": 300}),
]

NONE = [
    "",
    "全面准确，条理清晰。（20分）",
    "字数不限。",
    "2018-2022年变化明显。",
    "概括2018-2022",
    "每条不超过50字。",
    "弘扬24字核心价值观，践行8字方针。",
    "参会人数不超过300。",
    "答题时间150分钟，满分100分。",
    "谈谈对数字政府的认识。",
    "背诵《千字文》。",
    "全国已有300万户。",
]


@pytest.mark.parametrize(("line", "limit"), FORMS)
def test_reads_the_limit(line: str, limit: dict[str, int]) -> None:
    assert read_limit(line) == Length(**limit)


@pytest.mark.parametrize("line", NONE)
def test_states_no_limit(line: str) -> None:
    assert read_limit(line) is None


@given(st.text() | st.text(alphabet="0159一二十百千万零字个不超过少于以内-—,，.。、()（±%左右每条材料;： \n"))
def test_any_text_is_read_without_error(line: str) -> None:
    assert read_limit(line) is None or isinstance(read_limit(line), Length)


@given(
    st.integers(50, 2000),
    st.sampled_from(["不超过{}字", "{}字以内", "字数不得多于{}字", "最多{}个字", "不超过{}"]),
    st.sampled_from(["", "内容全面，", "（1）准确；（2）", "根据资料2、3，"]),
    st.sampled_from(["", "。", "（20分）", "；"]),
)
def test_upper_limits_in_any_surroundings(number: int, form: str, before: str, after: str) -> None:
    assert read_limit(before + form.format(number) + after) == Length(max=number)


def test_a_prompt_takes_its_length_first_then_the_requirements_then_the_task() -> None:
    def limit(**fields: object) -> Length | None:
        return Prompt.model_validate({"id": "q", "max_score": 10, "task": "概括，100字左右。", **fields}).limit

    assert limit() == Length(about=100)
    assert limit(requirements="不超过200字。") == Length(max=200)
    assert limit(requirements="不超过200字。", length={"min": 300}) == Length(min=300)
