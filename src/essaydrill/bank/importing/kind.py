"""The kind and the genre of a question, guessed from how its task is worded."""

import re
from dataclasses import dataclass

from essaydrill.bank.kinds import Genre, Kind

_QUOTED = re.compile(r"“[^“”]{0,120}”|\"[^\"]{0,120}\"|‘[^‘’]{0,40}’")
_TITLES = re.compile(r"《[^《》]{0,40}》")
_WRITE = r"(?:撰写|草拟|起草|编写|编发|补充|完成|准备|整理|制作|形成|(?<![描抒听])写|(?<!模)拟)"
_PIECE = r"(?:稿|书|信|函|报告|材料|提纲|方案|简报|评|通知|公告|通报|意见|讲话|发言|致辞|倡议|提案|建议|汇报|说明|请示)"

# The object of “write”; of several the last counts, since it is the head of its phrase (调研报告提纲 is an outline).
_GENRES: tuple[tuple[Genre, str], ...] = (
    ("outline", r"提纲|要点(?=[，。（,.(]|$)"),
    ("speech", r"讲话|致辞|演讲|发言稿|发言材料|开场白"),
    ("briefing", r"简报"),
    ("initiative", r"倡议"),
    ("open_letter", r"公开信|一封信|慰问信|感谢信|回信|信函"),
    ("report", r"调研报告|调查报告|考察报告|自查报告|报告"),
    ("commentary", r"短评|评论|时评|编者按|编后"),
    ("plan", r"方案|计划"),
    ("work_report", r"汇报|总结|(?:交流|推荐|介绍|典型|申报|经验|案例)\S{0,4}材料"),
    ("publicity", r"宣传|讲解|新闻稿|推介|宣讲|导言|解说"),
    ("notice", r"通知|通报|公告|通告"),
)
_GENRE = re.compile("|".join(f"(?P<{genre}>{words})" for genre, words in _GENRES))
_DOCUMENT = re.compile(rf"{_WRITE}[^。；;？?]{{0,60}}?{_PIECE}")
_OBJECT = re.compile(rf"{_WRITE}(?P<object>[^。；;？?]{{0,60}})")

_ESSAY = re.compile(
    r"自拟(?:题目|标题)|议论文|策论|作文|[写作]一篇(?:\S{0,6}的)?(?:[议政]论性)?文章|为(?:话题|主题|题)[^。]{0,20}文章"
)
_CASE = re.compile(
    r"案例分析|(?:阅读|结合|根据|针对|分析)(?:上述|以下|下列|给定|该|这一|本|此)?案例"
    r"|(?:如何|怎么|怎样)处[理置]|怎么办"
)
_PROPOSAL = re.compile(
    r"对策|(?:提出|给出|列出|提供)[^。；]{0,40}(?:建议|意见|措施|办法|思路|方法|举措)|谈谈[^。；]{0,40}(?:建议|意见)"
    r"|(?:解决|改进|整治|应对)[^。；]{0,20}(?:建议|措施|办法)"
)
_LISTING = re.compile(r"概括|概述|归纳|梳理|简述")
_ANALYSIS = re.compile(
    r"理解|看法|认识|启示|评价|评析|评述|分析|为什么|为何|原因何在|含义|内涵|意味|解释|关系|影响|意义"
)
_SUMMARY = re.compile(
    r"概括|概述|归纳|梳理|总结|提炼|列举|简述|综述|哪些|如何|怎样|怎么|做法|举措|经验|成效|变化|问题|原因|内容|情况"
    r"|作用|特点|各自"
)


@dataclass(frozen=True)
class Guess:
    """`sure` is False where no wording told the kind."""

    kind: Kind
    genre: Genre | None = None
    sure: bool = True


def guess_kind(task: str) -> Guess:
    """The kind and, for a document, the genre of the question that `task` asks."""
    task = "".join(task.split())  # a PDF breaks 理解 into two lines
    genre = _genre(_QUOTED.sub("", task))
    said = _TITLES.sub("", _QUOTED.sub("", task))
    if _ESSAY.search(said) and not genre:
        return Guess("essay")
    if genre or _DOCUMENT.search(said):
        proposes = genre is None and re.search(r"建议(?!书)|意见", said)
        return Guess("proposal") if proposes else Guess("document", genre)
    for kind, pattern in (("case", _CASE), ("proposal", _PROPOSAL), ("summary", _LISTING)):
        if pattern.search(said):
            return Guess(kind)  # type: ignore[arg-type]
    if _ANALYSIS.search(said):
        return Guess("analysis")
    if "案例" in said:
        return Guess("case")
    return Guess("summary", sure=bool(_SUMMARY.search(said)))


def _genre(said: str) -> Genre | None:
    for written in _OBJECT.finditer(said):
        names = [found.lastgroup for found in _GENRE.finditer(written["object"])]
        if names:
            return names[-1]  # type: ignore[return-value]
    return None
