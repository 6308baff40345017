"""The bank's data: what the two YAML files of a prompt hold."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

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

Text = Annotated[str, Field(min_length=1)]
Marks = Annotated[float, Field(ge=0, le=1000)]
Credit = Annotated[float, Field(ge=0, le=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]


class Frozen(BaseModel):
    """Immutable and strict: an unknown key is an error, not a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Length(Frozen):
    """A length requirement in cells: `about` alone, or `min`, `max` or both."""

    about: int | None = Field(default=None, gt=0)
    max: int | None = Field(default=None, gt=0)
    min: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.about is None and self.max is None and self.min is None:
            raise ValueError("length 要写 about、max、min 中的至少一个")
        if self.about is not None and (self.max is not None or self.min is not None):
            raise ValueError("length 的 about 不能与 max、min 同时写")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("length 的 min 大于 max")
        return self

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}


class Material(Frozen):
    label: Text
    text: Text


class Prompt(Frozen):
    """One question: task, materials, requirements, limit, full mark."""

    id: Identifier
    topic: Identifier = "general"
    kind: Kind = "summary"
    genre: Genre | None = None
    title: str = ""
    task: Text
    requirements: str = ""
    length: Length | None = None
    max_score: float = Field(gt=0, le=1000)
    minutes: int | None = Field(default=None, gt=0, le=600)
    difficulty: int = Field(default=3, ge=1, le=5)
    materials: tuple[Material, ...] = ()


class ScoringPoint(Frozen):
    """One independent idea worth `marks`; `keywords` holds one group of equivalent wordings per concept."""

    id: Identifier
    text: Text
    marks: float = Field(gt=0, le=1000)
    keywords: tuple[tuple[Text, ...], ...] = ()
    found_in: tuple[str, ...] = ()


class ReferenceText(Frozen):
    label: Text
    text: Text


class Specimen(Frozen):
    """A marked example answer. `writer` and `marker` name who wrote and who marked it (blind to `level`)."""

    label: Text
    answer: Text
    credits: dict[str, Credit]
    presentation: Marks
    total: Marks
    comment: str = ""
    level: Level | None = None
    writer: str | None = None
    marker: str | None = None


class Reference(Frozen):
    """The marking scheme and the reference answers of one prompt."""

    prompt: Identifier
    presentation: Marks = 0
    points: tuple[ScoringPoint, ...] = ()
    references: Annotated[tuple[ReferenceText, ...], Field(min_length=1)]
    specimens: tuple[Specimen, ...] = ()
    framework: tuple[Text, ...] = ()
