"""What every field of the two YAML files means, in Chinese: for the JSON Schema and for the comments in new files."""

from collections.abc import Mapping
from typing import NamedTuple

from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES, Genre, Kind


class Field(NamedTuple):
    """A Chinese name, and one or two sentences on what it is and how it is filled in."""

    title: str
    description: str


def _choices(names: Mapping[Kind, str] | Mapping[Genre, str] | Mapping[str, str]) -> str:
    return "、".join(f"{slug} {name}" for slug, name in names.items())


_LEVELS = {
    "excellent": "优秀",
    "good": "良好",
    "middling": "中等",
    "weak": "较差",
    "paraphrase": "换一套说法",
    "flawed": "有典型毛病",
}
_FLAWS = {
    "keyword_stuffing": "堆砌关键词",
    "reversed": "意思说反",
    "partly_reversed": "部分说反",
    "copied_materials": "照抄材料",
    "off_task": "答非所问",
    "overlong": "严重超长",
    "empty_talk": "空话套话",
}

MODELS: Mapping[str, Field] = {
    "Prompt": Field("题目文件", "一道题的题干、要求、字数、满分和给定材料。文件名是“编号.yaml”。"),
    "Reference": Field("参考答案文件", "一道题的采分点、参考答案和标杆卷。文件名与题目文件相同。"),
    "Length": Field("字数要求", "按答题纸的格数算：单写 about，或写 min、max 之一，或两个都写。"),
    "Material": Field("给定材料", "一则材料的名字和原文。"),
    "ScoringPoint": Field("采分点", "一个独立的意思和它的分值。"),
    "ReferenceText": Field("参考答案", "一份参考答案的名称和全文。"),
    "Specimen": Field("标杆卷", "一份判过分的作答。"),
}
"""What the two files and their nested parts are, by model."""

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "Prompt": {
        "id": Field("编号", "与文件名相同，只用英文字母、数字和 - _ .，如 law-summary-01。"),
        "topic": Field("专题", "专题代号，用 essaydrill topics 看全部；不在其中的代号自成一个专题。"),
        "kind": Field("题型", f"可选：{_choices(KIND_NAMES)}。"),
        "genre": Field("文种", f"只有 document 题写，可选：{_choices(GENRE_NAMES)}。"),
        "title": Field("标题", "列表里显示的短标题；不写就用题干的开头。"),
        "task": Field("题干", "照试卷的写法，写明对哪些材料、做什么。"),
        "requirements": Field("作答要求", "照试卷的写法，写明字数，如“全面准确，不超过200字”；字数要求从这里读出。"),
        "length": Field("字数要求", "作答要求里读不出字数或读得不对时才写，如 {about: 400}。"),
        "max_score": Field("满分", "各采分点的分值加条理分要正好等于它。"),
        "minutes": Field("建议用时", "读材料和作答一共多少分钟。"),
        "difficulty": Field("难度", "1 最容易，5 最难。"),
        "materials": Field("给定材料", "每则材料一项；没有材料的题可以不写。"),
    },
    "Length": {
        "about": Field("左右", "如 400 字左右；上下一成以内都算合格。不能与 min、max 同写。"),
        "max": Field("最多", "不超过多少字。"),
        "min": Field("最少", "不少于多少字。"),
    },
    "Material": {
        "label": Field("材料名", "如 材料1；采分点的 found_in 用这个名字。"),
        "text": Field("材料原文", "用竖线 | 另起一行写，一个自然段一行。"),
    },
    "Reference": {
        "prompt": Field("题目编号", "与题目文件的 id 和本文件名相同。"),
        "presentation": Field("条理分", "留给结构、序号和语言的分；各采分点 marks 之和加它等于满分。"),
        "points": Field("采分点", "五到九个互不重叠的意思，每个都能在材料里找到；不写就由参考答案推出。"),
        "references": Field("参考答案", "至少一份，最好两份：换说法、换顺序、换结构，都在字数以内。"),
        "specimens": Field("标杆卷", "高低不同的作答和阅卷人给的分，用来校准评分，也给考生看怎么判。"),
        "framework": Field("高分框架", "高分作答依次做的几件事，一项一句。"),
    },
    "ScoringPoint": {
        "id": Field("代号", "本题之内不重复，如 p1；标杆卷的 credits 用它。"),
        "text": Field("要点", "一句话写清这个意思：谁、怎么了、为什么。"),
        "marks": Field("分值", "按分量定，一般 1 到 4 分。"),
        "keywords": Field("关键词组", "一个概念一组，组内是考生会用的不同说法；每组都要在某份参考答案里出现。"),
        "found_in": Field("出处", "这个意思出自哪几则材料，写材料名。"),
    },
    "ReferenceText": {
        "label": Field("名称", "如 A、B。"),
        "text": Field("答案全文", "用竖线 | 另起一行写，一个自然段一行。"),
    },
    "Specimen": {
        "label": Field("档次或名称", "如 二类卷。"),
        "answer": Field("作答全文", "照考生写的样子，不要替他改。"),
        "credits": Field("逐点给分", "每个采分点一项：1 命中、0.5 部分、0 遗漏，也可以写 0 到 1 之间的数。"),
        "presentation": Field("条理得分", "不超过本题的条理分。"),
        "total": Field("总分", "各点得分加条理得分；超长或不足的再扣。"),
        "comment": Field("评语", "告诉考生得在哪里、失在哪里。"),
        "level": Field("写作时定的水平", f"可选：{_choices(_LEVELS)}。"),
        "flaw": Field("毛病", f"level 是 flawed 时写，可选：{_choices(_FLAWS)}。"),
        "writer": Field("写的人", "谁写的，便于分开检验。"),
        "marker": Field("判的人", "谁判的；不能是写的人，判时不知道 level。"),
    },
}
"""Model → field → what it means; a test holds this equal to the models' fields."""
