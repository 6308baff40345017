"""The words by which papers and lessons mark their parts: 给定资料1, 例题1, 【参考作答】, 四、高分框架 …"""

import re
from dataclasses import dataclass
from typing import Literal

from essaydrill.bank.importing.numbering import numbered, value

Part = Literal["notes", "tasks", "materials", "answers", "explanation", "rules"]
CueKind = Literal["material", "task", "answer", "scheme", "explanation"]

_NUMBER = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_OPEN = r"[【\[〔（(★☆●◆■▶※#\s]*"
_CLOSE = r"[】\]〕）)\s]*"
_CALLED = rf"(?:第{_NUMBER}[题问]|例题?{_NUMBER}|问题{_NUMBER}|题目?{_NUMBER})"

_ANSWER = (
    r"参考(?:作答|答案|范文|例文|要点|解答)|(?:参考)?答案(?:要点|示例|提示|参考)?|作答(?:示例|参考)|示范(?:作答|答案)"
    r"|(?:高分|满分|优秀)(?:作答|范文|答案|作文)|范文(?:示例|参考|赏析)?|标准答案|答题要点|参考答题要点"
)
_SCHEME = r"(?:评分|计分|赋分)(?:标准|要点|细则|参考|说明)|[采踩得]分点"
_EXPLANATION = (
    r"(?:试题|题目|题干|答案|真题|例题|名师)?(?:解析|详解|点评|点拨)|(?:解题|答题|作答|写作|审题)(?:思路|技巧|提示|步骤)"
    r"|思路(?:点拨|分析|解析)|审题(?:分析|要点|指导)?|命题(?:意图|分析)|考点(?:分析|提示)?|要点(?:分析|提炼)|材料分析|易错(?:点|提醒)?"
)
_NOTES = (
    r"(?:时政|时事|理论|政策)?热点(?:链接|背景|聚焦|回顾|概述|解读|导读|追踪|速递|引入)?|(?:深度|权威|政策|精准|要点|专家)解读"
    r"|(?:背景|理论|政策|知识|时政)(?:链接|依据|背景|导读)|背景(?:介绍|分析|概述)?|重要论述|规范(?:表述|表达)"
    r"|(?:经典|典型|拓展|正面|反面)?(?:案例|素材|事例)(?:链接|积累|分享|集锦)?|(?:名言|金句|好词|佳句|好词好句)(?:积累|佳句|金句|集锦|分享)?"
    r"|(?:高分|答题|写作|行文|文章)框架|拓展(?:阅读|延伸|知识)|延伸阅读|备考(?:建议|指导|提示)|命题预测|考情分析"
)
_TASKS = (
    r"(?:作答|申论|答题)要求|(?:作答|写作|申论)(?:题目|任务|试题)|题目|试题|实战(?:应用|演练|练习|训练|模拟)?"
    r"|(?:经典|历年)?真题(?:演练|再现|回顾|链接|重现|精讲|训练)?|(?:仿真|全真)?模拟(?:演练|练习|试题|题|训练|试卷)"
    r"|(?:经典|典型)?例题(?:精讲|讲解|演练)?|(?:课后|巩固|强化)?练习(?:题)?|思考题|考题(?:再现|链接)?|问题"
)
_MATERIALS = r"(?:给定|背景|阅读|所给)(?:资料|材料)|(?:资料|材料)(?:部分)?"
_RULES = r"(?:考生|考试|作答|答题)?(?:注意事项|须知)|(?:考试|作答|答题)说明|温馨提示"

# Parts into which only a lesson or a paper itself is divided: such a heading ends an answer, “一、背景” does not.
_OWN = re.compile(
    rf"热点|解读|框架|实战|真题|例题|模拟|练习题|思考题|给定|(?:{_ANSWER})$|解析|点评|注意事项|拓展|延伸|素材|金句|备考"
    r"|作答要求|申论要求"
)


def _part(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})(?:[及与和、](?:{words}|解析|答案|要点|详解))?")


_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("answers", _part(_ANSWER)),
    ("explanation", _part(_EXPLANATION)),
    ("rules", _part(_RULES)),
    ("tasks", _part(_TASKS)),
    ("materials", _part(_MATERIALS)),
    ("notes", _part(_NOTES)),
)

_MATERIAL_CUE = re.compile(
    rf"{_OPEN}(?P<label>(?:给定|背景|阅读)?(?:资料|材料)\s*(?P<number>{_NUMBER})?){_CLOSE}(?P<sign>[:：、.．]|$|\s)\s*(?P<rest>.*)"
)
_TASK_CUE = re.compile(
    rf"(?P<open>{_OPEN})(?:第\s*(?P<number>{_NUMBER})\s*[大小]?题(?!目)"
    rf"|(?P<word>例题?|问题|试题|真题|题目|题|练习题?|模拟题|思考题|作业题?)\s*(?P<number2>{_NUMBER})?)"
    rf"(?P<close>{_CLOSE})(?P<sign>[:：.．、]?)\s*(?P<rest>.*)"
)
_OF_TASK = rf"(?P<called>{_CALLED}|[0-9]{{1,2}}[.．、]|{_NUMBER}[.．、](?=\s*[【\[])){_CLOSE}[的:：]?{_OPEN}"


def _labelled_line(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<open>{_OPEN})(?:{_OF_TASK})?(?:{words})(?:\s*(?:{_NUMBER}|[A-DＡ-Ｄ甲乙丙]))?"
        rf"(?P<close>{_CLOSE})(?P<sign>[:：]?)\s*(?P<rest>.*)"
    )


_LABELLED: tuple[tuple[CueKind, re.Pattern[str]], ...] = (
    ("scheme", _labelled_line(_SCHEME)),
    ("answer", _labelled_line(_ANSWER)),
    ("explanation", _labelled_line(_EXPLANATION)),
)
_HEADING_DECOR = re.compile(r"^[【\[〔★☆●◆■▶※#\s]+|[】\]〕:：\s]+$")
_PART_NUMBER = re.compile(rf"^第{_NUMBER}部分[、：:\s]*")
_SENTENCE = re.compile(r"[。；！？!?;]")
_LONGEST_HEADING = 24


@dataclass(frozen=True)
class Cue:
    """A line that begins a question, an answer …: `number` is the question's or the material's, where it has one;
    `label` is a material's name; `rest` is what the line says beyond its mark."""

    kind: CueKind
    number: int | None
    label: str
    rest: str


@dataclass(frozen=True)
class Heading:
    """A line that may begin a part of the document. `part` is None where its words are not known; `own` says that only
    a lesson or paper itself has such a part; `number` is that of 一、."""

    title: str
    part: Part | None
    own: bool
    number: int | None


def read_cue(line: str) -> Cue | None:
    """What `line` begins, by its words alone."""
    return _material(line) or _labelled(line) or _task(line)


def read_heading(line: str) -> Heading | None:
    """The heading that `line` may be: short, and no sentence."""
    marker = numbered(line)
    number = marker.number if marker and marker.style == "han" else None
    name = _PART_NUMBER.sub("", line[marker.end :] if marker and number else line)
    name = _HEADING_DECOR.sub("", _HEADING_DECOR.sub("", name))
    if not name or len(name) > _LONGEST_HEADING or _SENTENCE.search(name) or (marker and number is None):
        return None
    bare = re.sub(r"[（(].*?[）)]$", "", name)
    part = next((part for part, words in _PARTS if words.fullmatch(bare)), None)
    if part is None and number is None:
        return None
    return Heading(line, part, part is not None and bool(_OWN.search(bare)), number)


def _material(line: str) -> Cue | None:
    found = _MATERIAL_CUE.fullmatch(line)
    if not found or (found["sign"].isspace() and not found["number"]):
        return None
    if not found["number"] and not found["rest"] and found["label"] in ("资料", "材料"):
        return None
    if found["sign"] == "、" and found["rest"][:1].isdecimal():  # “资料2、3反映了”
        return None
    number = value(found["number"]) if found["number"] else None
    return Cue("material", number, found["label"].replace(" ", ""), found["rest"])


def _labelled(line: str) -> Cue | None:
    for kind, pattern in _LABELLED:
        found = pattern.fullmatch(line)
        # 答案 in the middle of a sentence is no mark: it stands in brackets, before a colon or alone.
        if found and (found["sign"] or not found["rest"] or ("【" in found["open"] and "】" in found["close"])):
            digits = re.search(_NUMBER, found["called"] or "")
            return Cue(kind, value(digits[0]) if digits else None, "", found["rest"])
    return None


def _task(line: str) -> Cue | None:
    found = _TASK_CUE.fullmatch(line)
    if not found:
        return None
    digits = found["number"] or found["number2"]
    bracketed = bool(found["open"].strip() and found["close"].strip())
    marked = bool(found["sign"]) or bracketed
    if not digits and not (marked and found["word"] in ("题目", "例题", "真题", "思考题", "练习题")):
        return None
    # “题一” and “问题一” name a question, “问题一大堆” does not.
    if found["word"] and not (marked or not found["rest"] or found["rest"][0] in "（(【 请根结假阅"):
        return None
    return Cue("task", value(digits) if digits else None, "", found["rest"])
