"""A question as it was found → the models of its two bank files, and what their author still has to do."""

from dataclasses import dataclass, replace

from essaydrill.bank.authoring import usual_presentation
from essaydrill.bank.authoring_yaml import TO_WRITE
from essaydrill.bank.importing.keywords import draft_keywords
from essaydrill.bank.importing.kind import Guess, guess_kind
from essaydrill.bank.importing.paper import Question
from essaydrill.bank.importing.points import Idea, read_ideas, share, without_marks
from essaydrill.bank.importing.wording import Wording, read_wording
from essaydrill.bank.kinds import KIND_NAMES, Kind
from essaydrill.bank.models import Material, Prompt, Reference, ReferenceText, ScoringPoint

_FULL_MARK: dict[Kind, float] = {"essay": 40, "document": 25}
_USUAL_MARK = 20.0  # of the other kinds; what papers commonly give
_MOST_REFERENCES = 26


@dataclass(frozen=True)
class Todo:
    """What the author still has to see to: `field` is the file's key it belongs to, `on` the file."""

    on: str  # "prompt" or "reference"
    field: str
    message: str


@dataclass(frozen=True)
class Draft:
    """The content of the two files of a question; their id is given when they find their place."""

    prompt: Prompt
    reference: Reference
    answers: int  # that were found; the reference holds a placeholder where it is 0
    todo: tuple[Todo, ...]

    def named(self, identifier: str) -> "Draft":
        """The same under its id."""
        prompt = self.prompt.model_copy(update={"id": identifier})
        return replace(self, prompt=prompt, reference=self.reference.model_copy(update={"prompt": identifier}))


def make_draft(question: Question, topic: str) -> Draft:
    """Draft the two files of `question`; what the document does not say is filled in provisionally and noted."""
    wording = read_wording(question.task)
    guess = guess_kind(wording.task)
    max_score = wording.max_score or _FULL_MARK.get(guess.kind, _USUAL_MARK)
    answers = tuple(text for answer in question.answers if (text := without_marks(answer)))[:_MOST_REFERENCES]
    ideas = _ideas(question)
    presentation = _presentation(max_score, guess.kind, ideas) if ideas else 0
    prompt = Prompt(
        id="draft",
        topic=topic,
        kind=guess.kind,
        genre=guess.genre,
        title=wording.title,
        task=_block(wording.task) if "\n" in wording.task else wording.task,
        requirements=wording.requirements,
        max_score=max_score,
        minutes=wording.minutes if wording.minutes and wording.minutes <= 600 else None,
        materials=_materials(question),
    )
    reference = Reference(
        prompt="draft",
        presentation=presentation,
        points=_points(ideas, max_score - presentation, answers),
        references=tuple(
            ReferenceText(label=chr(ord("A") + n), text=_block(answer))
            for n, answer in enumerate(answers or (TO_WRITE,))
        ),
    )
    todo = _prompt_todo(question, wording, guess, prompt) + _reference_todo(question, prompt, len(answers), ideas)
    return Draft(prompt, reference, len(answers), tuple(todo))


def _materials(question: Question) -> tuple[Material, ...]:
    """With a number behind a label that stood before: labels tell the materials of one prompt apart."""
    labels: list[str] = []
    for material in question.materials:
        again = sum(label.rstrip("0123456789") == material.label for label in labels)
        labels.append(f"{material.label}{again + 1}" if material.label in labels else material.label)
    pairs = zip(labels, question.materials, strict=True)
    return tuple(Material(label=label, text=_block(material.text)) for label, material in pairs)


def _block(text: str) -> str:
    """A text as the block of a YAML file holds it."""
    return text + "\n"


def _ideas(question: Question) -> tuple[Idea, ...]:
    """From the marking scheme where there is one, else from the first answer."""
    scheme = read_ideas("\n".join(question.scheme))
    if len(scheme) > 1:
        return scheme
    return read_ideas(question.answers[0]) if question.answers else ()


def _stated(ideas: tuple[Idea, ...], max_score: float) -> float | None:
    """The sum of the marks that the document itself gives the points; None where it does not, or gives too many."""
    total = sum(idea.marks or 0 for idea in ideas)
    return total if ideas and all(idea.marks for idea in ideas) and total <= max_score else None


def _presentation(max_score: float, kind: Kind, ideas: tuple[Idea, ...]) -> float:
    """What is usual; where the document states the marks of the points, what they leave over."""
    if (stated := _stated(ideas, max_score)) is not None:
        return max_score - stated
    return usual_presentation(kind, max_score)


def _points(ideas: tuple[Idea, ...], marks: float, answers: tuple[str, ...]) -> tuple[ScoringPoint, ...]:
    if not ideas:
        return ()
    stated = [idea.marks for idea in ideas if idea.marks]
    given = stated if len(stated) == len(ideas) and sum(stated) == marks else None
    shares = given or share(marks, [len(idea.item) ** 0.5 for idea in ideas])
    return tuple(
        ScoringPoint(id=f"p{n}", text=idea.text, marks=part, keywords=keywords)
        for n, (idea, part, keywords) in enumerate(zip(ideas, shares, draft_keywords(ideas, answers), strict=True), 1)
    )


def _prompt_todo(question: Question, wording: Wording, guess: Guess, prompt: Prompt) -> list[Todo]:
    told = (
        (not guess.sure, "kind", f"题型是猜的，暂作{KIND_NAMES[guess.kind]}，请核对"),
        (guess.kind == "document" and not guess.genre, "kind", "没有认出文种，请在下面加一行 genre，如 genre: report"),
        (not wording.title, "title", "没有标题，请用几个字概括这道题"),
        (not wording.requirements, "requirements", "原文没有作答要求，请补上"),
        (prompt.limit is None, "requirements", "没有找到字数要求，请补上，如“不超过300字”"),
        (
            wording.max_score is None,
            "max_score",
            f"原文没有写满分，暂按 {prompt.max_score:g} 分，改动后各采分点的分值也要改",
        ),
        (not question.materials, "materials", "没有找到给定材料，请补上"),
    )
    return [Todo("prompt", field, message) for missing, field, message in told if missing]


def _reference_todo(question: Question, prompt: Prompt, answers: int, ideas: tuple[Idea, ...]) -> list[Todo]:
    todo: list[Todo] = []
    if answers < 2:
        told = "只有一份参考答案，最好再补一份说法、顺序都不同的" if answers else "没有找到参考答案，请补上"
        todo.append(Todo("reference", "references", told))
    if not ideas:
        return [*todo, Todo("reference", "points", "没有可以草拟采分点的文字，请补上")]
    basis = "评分标准" if len(read_ideas("\n".join(question.scheme))) > 1 else "参考答案"
    marks = "分值取自原文" if _stated(ideas, prompt.max_score) is not None else "分值按篇幅分配"
    told = f"采分点按{basis}的层次草拟，{marks}，关键词只是初稿，请逐条核对并补上同义说法"
    return [*todo, Todo("reference", "points", told)]
