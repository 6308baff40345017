"""A mock exam under way: which paper, until when, and what of it has been marked. The clock does not stop."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, Field, ValidationError

from essaydrill.bank.models import Frozen, Identifier
from essaydrill.errors import StoreError, UsageError
from essaydrill.paths import profile_data
from essaydrill.practice.drafts import Drafts
from essaydrill.practice.paper import Paper

_FILE = "exam.json"


class Exam(Frozen):
    """`deadline` is a moment, not a number of minutes left: leaving the room gains nobody time. Without one the exam
    has no end. `attempts` are the numbers in the history of the answers that are marked already, `bank` is the folder
    of the bank from which the paper was made, if it was not only the user's own."""

    name: str
    paper: Paper
    started_at: AwareDatetime
    deadline: AwareDatetime | None
    handed_in: bool = False
    attempts: dict[Identifier, int] = Field(default_factory=dict)
    bank: str | None = None

    def is_over(self, now: datetime) -> bool:
        return self.handed_in or (self.deadline is not None and now >= self.deadline)


class ExamDesk:
    """The exam of one person that is under way, if there is one, and its answers."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.drafts = Drafts(folder / "answers")
        self.now = now
        self._path = folder / _FILE

    @classmethod
    def open(cls) -> Self:
        """The user's own."""
        return cls(profile_data() / "exam")

    def current(self) -> Exam | None:
        """The exam under way. Raises StoreError for a file that cannot be read."""
        try:
            return Exam.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise StoreError(f"{self._path}：上一场模拟考的记录读不出来，请检查或删去这个文件") from error

    def begin(self, name: str, paper: Paper, *, untimed: bool, bank: Path | None = None) -> Exam:
        """Start the clock; `bank` is the folder given beside the user's own bank.

        Raises UsageError while another exam is under way.
        """
        if self.current() is not None:
            raise UsageError("还有一场模拟考没有交卷，先用 essaydrill exam 考完，或用 essaydrill exam --abandon 放弃")
        now = self.now()
        deadline = None if untimed else now + timedelta(minutes=paper.minutes)
        folder = None if bank is None else str(bank.expanduser().absolute())
        exam = Exam(name=name, paper=paper, started_at=now, deadline=deadline, bank=folder)
        self.keep(exam)
        return exam

    def keep(self, exam: Exam) -> None:
        """Put the state of the exam on disk."""
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(exam.model_dump_json(indent=2), "utf-8")
            new.replace(self._path)
        except OSError as error:
            raise StoreError(f"{self._path}：模拟考的记录存不下来（{error.strerror}）") from error

    def end(self, exam: Exam) -> None:
        """Forget the exam; answers that are in no history are set aside, not lost."""
        try:
            for prompt in exam.paper.prompts:
                self.drafts.set_aside(prompt)
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{self._path} 删不掉，请手动删除") from error
