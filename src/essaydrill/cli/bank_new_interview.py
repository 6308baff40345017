"""The questions of `bank new`, from the topic to the last reference answer.

Every answer is kept as it was typed, so that a draft is resumed by going through the same questions again: those that
are answered already are not asked.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from essaydrill.bank.authoring import make_item, next_id, own_ids, usual_presentation
from essaydrill.bank.authoring_draft import Draft
from essaydrill.bank.authoring_reading import (
    clean,
    read_difficulty,
    read_genre,
    read_identifier,
    read_keywords,
    read_kind,
    read_labels,
    read_length,
    read_line,
    read_long_text,
    read_marks,
    read_minutes,
    read_needed,
    read_presentation,
    stated_full_mark,
)
from essaydrill.bank.authoring_yaml import TO_WRITE
from essaydrill.bank.bank import Bank
from essaydrill.bank.item import Item
from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES, Kind
from essaydrill.bank.limits import read_limit
from essaydrill.bank.models import Length, Material, ReferenceText, ScoringPoint
from essaydrill.bank.topics import resolve_topic
from essaydrill.errors import EssaydrillError, StoreError, UsageError
from essaydrill.reports.question import limit_words
from essaydrill.text import count_cells

T = TypeVar("T")

_MOST_PRESENTATION = 1 / 3  # of the full mark; where the points leave more, some are still to be written


class Question(NamedTuple):
    """One question. `option` is how a script answers it, `lines` whether the answer has several lines, `choices` what
    can be answered."""

    key: str
    text: str
    option: str = ""
    lines: bool = False
    choices: str = ""


Ask = Callable[[Question, str], str]
"""Asks a question with a proposed answer and returns what was typed; raises `Stopped`."""


class Stopped(Exception):  # noqa: N818 - no error: the author goes on another time
    """The author stopped in the middle of an answer; `text` is what stood there."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Interview:
    """Goes through the questions once. `patient` asks again after a wrong answer, else the error is raised."""

    def __init__(
        self, draft: Draft, bank: Bank, folder: Path, ask: Ask, say: Callable[[str], None], *, patient: bool
    ) -> None:
        self._draft = draft
        self._bank = bank
        self._folder = folder
        self._ask = ask
        self._say = say
        self._patient = patient
        self._refused_topic = ""
        self._told_unkept = False

    def run(self) -> Item:
        """Ask for everything that is not answered yet; the finished question."""

        topic = self._answer(Question("topic", "专题", "--topic", choices=self._topics()), self._topic)
        kind = self._answer(Question("kind", "题型", "--kind", choices=_numbered(KIND_NAMES.values())), read_kind)
        genre = None
        if kind == "document":
            question = Question("genre", "文种（可不写）", "--genre", choices=_numbered(GENRE_NAMES.values()))
            genre = self._answer(question, read_genre)
        title = self._answer(Question("title", "短标题（可不写）", "--title"), read_line)
        task = self._answer(Question("task", "题干", "--task"), read_needed)
        requirements = self._answer(Question("requirements", "作答要求（写明字数）", "--requirements"), clean)
        length = self._length(requirements, task)
        stated = stated_full_mark(task, requirements)
        full = self._answer(Question("max_score", "满分", "--max-score"), read_marks, f"{stated:g}" if stated else "")
        minutes = self._answer(Question("minutes", "建议用时，几分钟（可不写）", "--minutes"), read_minutes)
        difficulty = self._answer(Question("difficulty", "难度 1–5", "--difficulty"), read_difficulty, "3")
        materials = tuple(self._materials())
        usual = usual_presentation(kind, full)
        points = tuple(self._points(full, usual, materials))
        kept = self._presentation(full, usual, points)
        references = tuple(self._references(length))
        prompt = {
            "id": self._answer(Question("id", "题目编号", "--id"), self._id, self._proposed_id(topic, kind)),
            "topic": topic,
            "kind": kind,
            "genre": genre,
            "title": title,
            "task": task,
            "requirements": requirements,
            "length": length if self._draft.answers["length"].strip() else None,
            "max_score": full,
            "minutes": minutes,
            "difficulty": difficulty,
            "materials": materials,
        }
        return make_item(prompt, {"presentation": kept, "points": points, "references": references})

    def _answer(self, question: Question, read: Callable[[str], T], proposed: str = "") -> T:
        """What `read` makes of the answer, asked for until it is one; kept in the draft as it was typed."""
        key, draft = question.key, self._draft
        while True:
            typed = draft.answers.get(key)
            if typed is None:
                typed = self._typed(question, draft.unfinished.pop(key, proposed))
            try:
                value = read(typed)
            except EssaydrillError as error:
                if not self._patient:
                    raise UsageError(f"{question.option}：{error}" if question.option else str(error)) from None
                self._say(f"{error}。")
                draft.answers.pop(key, None)
                draft.unfinished[key] = typed
                continue
            draft.answers[key] = typed
            self._keep()
            return value

    def _typed(self, question: Question, proposed: str) -> str:
        try:
            return self._ask(question, proposed)
        except Stopped as stopped:
            if stopped.text:
                self._draft.unfinished[question.key] = stopped.text
            raise

    def _keep(self) -> None:
        try:
            self._draft.keep()
        except StoreError as error:
            if not self._told_unkept:
                self._say(f"{error}。")
            self._told_unkept = True

    # --- single questions --------------------------------------------------------------------------------------------

    def _topics(self) -> str:
        return "、".join(f"{topic.slug} {topic.name}" for topic in self._bank.topics())

    def _topic(self, typed: str) -> str:
        """The slug of a known topic; an unknown slug is taken when the author insists."""

        wanted = read_needed(typed)
        try:
            return resolve_topic(wanted, self._bank).slug
        except UsageError as error:
            if not wanted.isascii():
                raise UsageError(f"{error}；新专题要写英文代号，如 port") from None
            slug = read_identifier(wanted)
            if self._patient and slug != self._refused_topic:
                self._refused_topic = slug
                raise UsageError(f"{error}；要新建专题 {slug}，就再写一遍") from None
            self._say(f"{slug} 是新专题。")
            return slug

    def _length(self, requirements: str, task: str) -> Length | None:
        """The limit as it is read from the wording, read back to the author, who may put it right."""

        read = read_limit(requirements) or read_limit(task)
        self._say(f"读出的字数要求：{limit_words(read)}。" if read else "没有读出字数要求。")
        question = Question("length", "字数（没有问题就回车；不对就写，如 不超过200字）", "--length")
        return self._answer(question, lambda typed: read_length(typed) if typed.strip() else read)

    def _proposed_id(self, topic: str, kind: Kind) -> str:

        return next_id(topic, kind, own_ids(self._folder) | set(self._bank))

    def _id(self, typed: str) -> str:

        identifier = read_identifier(typed)
        if identifier in own_ids(self._folder):
            raise UsageError(f"{self._folder} 里已有题目 {identifier}，换一个编号")
        if identifier in self._bank:
            self._say(f"题库里原来的 {identifier} 将由这道题代替。")
        return identifier

    # --- lists, each ended by an empty answer ------------------------------------------------------------------------

    def _materials(self) -> Iterator[Material]:

        for number, text in self._texts("material", lambda number: f"材料{number}", "--material"):
            yield Material(label=f"材料{number}", text=text)

    def _references(self, limit: Length | None) -> Iterator[ReferenceText]:

        given = 0
        for given, text in self._texts("reference", lambda number: f"参考答案 {_letter(number)}", "--reference"):
            self._say(f"{count_cells(text)} 字{f'，要求{limit_words(limit)}' if limit else ''}。")
            yield ReferenceText(label=_letter(given), text=text)
        if not given:
            yield ReferenceText(label="A", text=TO_WRITE)

    def _texts(self, key: str, named: Callable[[int], str], option: str) -> Iterator[tuple[int, str]]:
        """Number and text of each long text until one is empty."""
        number = 1
        while text := self._answer(Question(f"{key}.{number}", named(number), option, lines=True), read_long_text):
            yield number, text
            number += 1

    def _points(self, full: float, usual: float, materials: tuple[Material, ...]) -> Iterator[ScoringPoint]:

        spent, number = 0.0, 1
        labels = [material.label for material in materials]
        while True:
            key = f"point.{number}"
            left = f"满分 {full:g}，条理一般占 {usual:g}，已写 {spent:g}"
            text = self._answer(Question(key, f"采分点 {number}（{left}；回车结束）", "--point"), read_line)
            if not text:
                return
            marks = self._answer(Question(f"{key}.marks", "  分值", "--point"), read_marks)
            keywords = self._answer(
                Question(f"{key}.keywords", "  关键词（同义的用、隔开，另一个概念用；隔开）", "--point"), read_keywords
            )
            found_in: tuple[str, ...] = ()
            if labels:
                question = Question(f"{key}.found_in", f"  出处（{'、'.join(labels)}，可只写数字）", "--point")
                found_in = self._answer(question, lambda typed: read_labels(typed, labels))
            yield ScoringPoint(id=f"p{number}", text=text, marks=marks, keywords=keywords, found_in=found_in)
            spent, number = spent + marks, number + 1

    def _presentation(self, full: float, usual: float, points: tuple[ScoringPoint, ...]) -> float:
        """What the points leave of the full mark; the usual share while points are still missing."""
        left = full - sum(point.marks for point in points)
        proposed = left if points and 0 <= left <= _MOST_PRESENTATION * full else usual
        question = Question("presentation", "条理分（留给结构和语言）", "--presentation")
        kept = self._answer(question, read_presentation, f"{proposed:g}")
        if points and abs(left - kept) > 1e-6:
            told = f"采分点共 {full - left:g} 分，加条理 {kept:g} 分是 {full - left + kept:g} 分，满分是 {full:g} 分"
            self._say(f"注意：{told}，请在文件里改平。")
        return kept


def _numbered(names: Iterable[str]) -> str:
    return " ".join(f"{number} {name}" for number, name in enumerate(names, 1))


def _letter(number: int) -> str:
    return chr(ord("A") + number - 1) if number <= 26 else str(number)
