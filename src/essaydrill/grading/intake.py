"""From what was handed in to scripts ready to be marked: their text, prompt and student, and the marks they have."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from essaydrill.errors import EssaydrillError
from essaydrill.grading.engine import Engine, Task
from essaydrill.grading.identify import Prompts, identify, student_labels
from essaydrill.grading.model import NOTHING_SAID, KnownBy, Record, Said, Source, Status, Student
from essaydrill.grading.questions import Questions
from essaydrill.grading.roster import Roster, student_key, student_of
from essaydrill.grading.scripts import check_length, is_blank, read_plain, reason_of, split_front, without_marks
from essaydrill.grading.shelf import Shelf, parse, result_of
from essaydrill.grading.submissions import Submission
from essaydrill.grading.worker import Fault, read_chunk

_WAVE_SCRIPTS = 1024
_FIRST_WAVE = 128  # scripts; small, so that the workers need not wait
_WAVE_BYTES = 24_000_000  # two waves are in memory: one is marked while the next is read
_DOCUMENTS = 8  # documents in a chunk: one takes some milliseconds to read


@dataclass(frozen=True)
class Script:
    """One script with all that is known before it is marked. With the status `marked` it has an `answer` and is to be
    marked, or has been: `result` is then the JSON of its result and `place` where its line stands.
    """

    submission: Submission
    status: Status
    reason: str
    student: Student
    repeat: int
    said: Said
    prompt: str | None = None
    known_by: KnownBy | None = None
    answer: str | None = None
    result: bytes | None = None
    place: int | None = None

    def line(self, result: bytes | None = None, fault: str = "") -> bytes:
        """Its line in `results.jsonl`, with this result, or as failed for the reason `fault`."""
        status: Status = "failed" if fault else self.status
        record = Record(
            key=self.submission.key,
            status=status,
            source=self.submission.source,
            student=self.student,
            repeat=self.repeat,
            prompt=self.prompt,
            known_by=self.known_by,
            reason=fault or self.reason,
            sha256=self.submission.sha256,
            said=self.said,
            hand_mark=self.submission.hand_mark,
            answer=self.answer,
        )
        head = record.model_dump_json().encode()
        return head.removesuffix(b"null}") + (result or b"null") + b"}\n"


@dataclass(frozen=True)
class _Text:
    """The text of a script with what it says of itself, and its earlier record where that may still hold."""

    said: Said = NOTHING_SAID
    answer: str = ""
    fault: str = ""
    earlier: Record | None = None
    line: bytes = b""
    place: int | None = None


def waves(submissions: Iterable[Submission]) -> Iterator[list[Submission]]:
    """As many submissions at a time as go through the workers together."""
    wave: list[Submission] = []
    size, most = 0, _FIRST_WAVE
    for submission in submissions:
        wave.append(submission)
        size += len(submission.data)
        if len(wave) == most or size > _WAVE_BYTES:
            yield wave
            wave, size, most = [], 0, min(4 * most, _WAVE_SCRIPTS)
    if wave:
        yield wave


class Intake:
    """Takes in waves of submissions in their order, and knows in the end who handed in nothing."""

    def __init__(
        self, prompts: Prompts, questions: Questions, engine: Engine, roster: Roster | None, default: str | None
    ) -> None:
        """`default` is the prompt of scripts that name none."""
        self._prompts = prompts
        self._questions = questions
        self._engine = engine
        self._roster = roster
        self._default = default
        self._prompts_seen = {default} if default else set()
        self._handed_in: defaultdict[str | None, Counter[str]] = defaultdict(Counter)

    def scripts(self, wave: Sequence[Submission], shelf: Shelf | None = None) -> list[Script]:
        """The scripts of a wave, in order; marks are looked up on the `shelf`."""
        texts = [self._earlier(submission, shelf) for submission in wave]
        read = self._documents([(n, each) for n, each in enumerate(wave) if texts[n] is None])
        return [
            self._script(submission, text or self._read(submission, read.get(n)))
            for n, (submission, text) in enumerate(zip(wave, texts, strict=True))
        ]

    def needs_workers(self, wave: Sequence[Submission]) -> bool:
        """Whether a wave has documents, which the workers read: then they may have nothing else under way."""
        return any(map(_is_document, wave))

    @property
    def prompts(self) -> list[str]:
        """The prompts that scripts so far answer, and the default one, in order."""
        return sorted(self._prompts_seen)

    def missing(self) -> Iterator[Record]:
        """A record for each student of the roster and each prompt, in order, where there is no script."""
        if self._roster is None:
            return
        for prompt in self.prompts:
            for student in self._roster.students:
                key = student_key(student) or ""
                if key not in self._handed_in[prompt]:
                    unknown = key in self._handed_in[None]
                    yield Record(
                        key="",
                        status="missing",
                        source=Source(path=""),
                        student=student.model_copy(update={"listed": True}),
                        prompt=prompt,
                        reason="没有找到这道题的作答，但有一份题目不明或读不出的" if unknown else "没有找到作答",
                    )

    def _earlier(self, submission: Submission, shelf: Shelf | None) -> _Text | None:
        """The text of a script that has been marked, where the mark would come out the same today."""
        place = shelf.find(submission.key) if shelf else None
        if shelf is None or place is None:
            return None
        line = shelf.read(place)
        record = parse(line)
        if record is None or record.result is None or record.prompt is None or record.answer is None:
            return None
        if record.result.signature != self._questions.signature(record.prompt):
            return None
        return _Text(record.said, record.answer, earlier=record, line=line, place=place)

    def _documents(self, wave: Sequence[tuple[int, Submission]]) -> dict[int, str | Fault]:
        """The texts of Word and PDF files, which take long enough to read that all cores should."""
        documents = [(n, each) for n, each in wave if _is_document(each)]
        chunks = [documents[start : start + _DOCUMENTS] for start in range(0, len(documents), _DOCUMENTS)]
        tasks = [
            Task(read_chunk, self._questions.seconds, [(e.data, e.format) for _, e in chunk], [n for n, _ in chunk])
            for chunk in chunks
        ]
        return {n: text for task, texts in self._engine.run(tasks) for n, text in zip(task.keys, texts, strict=True)}

    def _read(self, submission: Submission, document: str | Fault | None) -> _Text:
        fault = document.reason if isinstance(document, Fault) else submission.fault
        if fault:
            return _Text(submission.said, fault=fault)
        try:
            text = document if isinstance(document, str) else read_plain(submission.data, submission.format)
            check_length(text)
        except EssaydrillError as error:
            return _Text(submission.said, fault=reason_of(error))
        if submission.format == "cell":
            return _Text(submission.said, text)
        said, answer = split_front(text, self._prompts.looks_meant)
        return _Text(said, without_marks(answer, submission.format))

    def _script(self, submission: Submission, text: _Text) -> Script:
        in_table = submission.format == "cell"
        known = identify(submission.names, text.said, self._prompts, self._default, in_table=in_table)
        labels = [] if in_table else student_labels(submission.names, self._prompts)
        student = student_of(text.said, labels, self._roster)
        status, reason = self._status(text, known.prompt, known.problem)
        same = text.earlier is not None and text.earlier.prompt == known.prompt and status == "marked"
        return Script(
            submission=submission,
            status=status,
            reason=reason,
            student=student,
            repeat=self._count(student, known.prompt),
            said=text.said,
            prompt=known.prompt,
            known_by=known.known_by,
            answer=None if text.fault else text.answer,
            result=result_of(text.line) if same else None,
            place=text.place if same else None,
        )

    def _status(self, text: _Text, prompt: str | None, problem: str) -> tuple[Status, str]:
        if text.fault:
            return "unreadable", text.fault
        if prompt is None:
            return "wrong_prompt", problem
        if is_blank(text.answer):
            return "empty", "没有写字"
        if fault := self._questions.fault(prompt):
            return "failed", fault
        return "marked", ""

    def _count(self, student: Student, prompt: str | None) -> int:
        """Whether this is the student's first script on the prompt, or second, …"""
        key = student_key(student)
        if prompt:
            self._prompts_seen.add(prompt)
        if key is None:
            return 1
        self._handed_in[prompt][key] += 1
        return self._handed_in[prompt][key] if prompt else 1


def _is_document(submission: Submission) -> bool:
    return submission.format in ("docx", "pdf") and bool(submission.data) and not submission.fault
