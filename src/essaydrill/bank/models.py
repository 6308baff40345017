"""The bank's data: what the two YAML files of a prompt hold."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from essaydrill.bank.kinds import GENRE_NAMES as GENRE_NAMES
from essaydrill.bank.kinds import KIND_NAMES as KIND_NAMES
from essaydrill.bank.kinds import Flaw as Flaw
from essaydrill.bank.kinds import Genre as Genre
from essaydrill.bank.kinds import Kind as Kind
from essaydrill.bank.kinds import Level as Level

Text = Annotated[str, Field(pattern=r"\S")]
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

    @property
    def limit(self) -> Length | None:
        """The length requirement: `length` where given, else as the requirements or the task state it."""
        from essaydrill.bank.limits import read_limit

        return self.length or read_limit(self.requirements) or read_limit(self.task)


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
    """A marked example answer. `level` is what the writer aimed at, `flaw` how a flawed one goes wrong; `writer` and
    `marker` name who wrote it and who marked it, blind to the level."""

    label: Text
    answer: Text
    credits: dict[str, Credit]
    presentation: Marks
    total: Marks
    comment: str = ""
    level: Level | None = None
    flaw: Flaw | None = None
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


class TopicRow(Frozen):
    slug: Identifier
    name: Text
    aliases: tuple[Text, ...] = ()


class TopicList(Frozen):
    """`data/topics.yaml`."""

    topics: tuple[TopicRow, ...]


class Step(Frozen):
    """One part of a strong answer: its name, what it does, how long it is, how its sentences may open."""

    title: Text
    does: Text
    length: str = ""
    openings: tuple[Text, ...] = ()


class Framework(Frozen):
    """高分框架: the outline that a strong answer of a kind or genre follows."""

    name: Text
    advice: str = ""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Frameworks(Frozen):
    """`data/frameworks.yaml`: one framework per kind, and one per genre of documents."""

    kinds: dict[Kind, Framework]
    genres: dict[Genre, Framework]
