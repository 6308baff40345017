"""The kinds and genres of questions with their Chinese names (plain data: listing prompts needs no pydantic)."""

from typing import Literal

from essaydrill.errors import UsageError

Kind = Literal["summary", "analysis", "proposal", "document", "case", "essay"]
Genre = Literal[
    "speech",
    "outline",
    "briefing",
    "initiative",
    "open_letter",
    "report",
    "commentary",
    "plan",
    "work_report",
    "publicity",
    "notice",
]
Level = Literal["excellent", "good", "middling", "weak", "paraphrase", "flawed"]
Flaw = Literal[
    "keyword_stuffing",
    "reversed",
    "partly_reversed",
    "copied_materials",
    "off_task",
    "overlong",
    "empty_talk",
]

KIND_NAMES: dict[Kind, str] = {
    "summary": "概括归纳",
    "analysis": "综合分析",
    "proposal": "提出对策",
    "document": "贯彻执行",
    "case": "案例分析",
    "essay": "文章论述",
}
GENRE_NAMES: dict[Genre, str] = {
    "speech": "讲话稿",
    "outline": "发言提纲",
    "briefing": "简报",
    "initiative": "倡议书",
    "open_letter": "公开信",
    "report": "调研报告",
    "commentary": "短评",
    "plan": "工作方案",
    "work_report": "汇报材料",
    "publicity": "宣传稿",
    "notice": "通知",
}


def resolve_kind(name: str) -> Kind:
    """The kind with this slug or Chinese name; raises `UsageError` listing the kinds."""
    wanted = name.strip().casefold()
    for kind, chinese in KIND_NAMES.items():
        if wanted in (kind, chinese):
            return kind
    choices = "、".join(f"{kind}（{chinese}）" for kind, chinese in KIND_NAMES.items())
    raise UsageError(f"没有题型“{name}”，可选：{choices}")
