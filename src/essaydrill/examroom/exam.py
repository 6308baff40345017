"""A whole paper under one clock: questions in any order, handed in together, marked together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on, work

from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.examroom.clock import Clock, minutes
from essaydrill.examroom.dialogs import Busy, Choice
from essaydrill.examroom.lookback import LookBack
from essaydrill.examroom.marker import Marking
from essaydrill.examroom.results import Results, Row
from essaydrill.examroom.room import Room
from essaydrill.examroom.wording import facts_of
from essaydrill.examroom.writing import Writing
from essaydrill.practice.session import Sitting

if TYPE_CHECKING:
    from essaydrill.bank import Bank
    from essaydrill.history import History
    from essaydrill.practice.exam import Exam, ExamDesk


class ExamRoom(Room):
    """An exam from where it stands to its result sheet."""

    def __init__(self, bank: "Bank", desk: "ExamDesk", history: "History", exam: "Exam") -> None:
        """Raises EssaydrillError where a prompt of the paper or a draft cannot be read."""
        super().__init__(bank)
        self._desk = desk
        self._history = history
        self._exam = exam
        self._sittings = [self._sitting(prompt) for prompt in exam.paper.prompts]
        self._screens: dict[int, Writing] = {}
        self._number = 0
        self._markings: list[Marking] = []
        self._collected = False

    def _sitting(self, id: str) -> Sitting:
        draft, prompt = self._desk.drafts.load(id), self.bank.shown(id)
        return Sitting.resume(prompt, self._desk.drafts, draft) if draft else Sitting(prompt, self._desk.drafts)

    def on_mount(self) -> None:
        if self._exam.is_over(self._desk.now()):
            self._collect()
        else:
            self._turn_to(0)

    def put_away(self) -> None:
        for sitting in self._sittings:
            sitting.watch.stop()
            if not sitting.handed_in and sitting.text.strip():
                self.leave_sitting(sitting)
        if not self._collected:
            rest = "时间还在走，" if self._exam.deadline else ""
            self.farewell = f"没有交卷，{rest}接着考用 essaydrill exam。"

    # --- writing -----------------------------------------------------------------------------------------------------

    def _turn_to(self, number: int) -> None:
        self._sittings[self._number].watch.stop()
        self._number = number
        if number not in self._screens:
            sitting, count = self._sittings[number], len(self._sittings)
            self._screens[number] = Writing(sitting, self.marker, self._clock(), f"第 {number + 1}/{count} 题")
            self.install_screen(self._screens[number], f"question-{number}")
        self.show(f"question-{number}")

    def _clock(self) -> Clock:
        begun, end = self._exam.started_at, self._exam.deadline
        if end is None:
            return Clock(lambda: sum(sitting.watch.seconds for sitting in self._sittings), None)
        return Clock(lambda: (self._desk.now() - begun).total_seconds(), (end - begun).total_seconds(), strict=True)

    @on(Writing.Question)
    def _other_question(self, event: Writing.Question) -> None:
        self._turn_to((self._number + event.step) % len(self._sittings))

    def leave(self) -> None:
        if isinstance(self.screen, Writing):
            self.screen.action_leave()
        else:
            self.exit(0)

    @on(Writing.Leave)
    def _ask_to_leave(self) -> None:
        rest = "时间不会停，" if self._exam.deadline else ""
        question = f"现在离开，{rest}写下的都会留着，回来用 essaydrill exam 接着考。"

        def answered(answer: int | None) -> None:
            if answer == 1:
                self.exit(0)

        self.push_screen(Choice(question, ("接着考", "离开考场"), escape=0), answered)

    @on(Writing.HandIn)
    def _ask_to_hand_in(self) -> None:
        self._take_over()
        blank = [str(n) for n, sitting in enumerate(self._sittings, 1) if not sitting.text.strip()]
        warning = f"\n第 {'、'.join(blank)} 题还没有写，空着记 0 分。" if blank else ""

        def answered(answer: int | None) -> None:
            if answer == 0:
                self._collect()

        question = f"全卷一起交卷？\n{facts_of(self._sittings)}{warning}"
        self.push_screen(Choice(question, ("交卷", "再看看"), escape=1), answered)

    @on(Writing.TimeUp)
    def _time_up(self) -> None:
        if not self._collected:
            self._collect()

    def _take_over(self) -> None:
        for number, screen in self._screens.items():
            screen.keep()
            self._sittings[number].text = screen.sheet.text

    # --- marking -----------------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        self._collected = True
        self._take_over()
        for sitting in self._sittings:
            sitting.watch.stop()
            sitting.handed_in = True
        self._exam = self._exam.model_copy(update={"handed_in": True})
        try:
            self._desk.keep(self._exam)
            texts = [self._text(sitting) for sitting in self._sittings]
        except StoreError as error:
            self._failed(str(error))
            return
        self.push_screen(Busy("正在阅卷……"))
        self._mark(texts)

    def _text(self, sitting: Sitting) -> str:
        """The answer to be marked; that of an interrupted marking may be in the history already."""
        number = self._exam.attempts.get(sitting.prompt.id)
        attempt = self._history.attempt(number) if number else None
        return attempt.answer if attempt else sitting.text

    @work(thread=True)
    def _mark(self, texts: Sequence[str]) -> None:
        try:
            markings = [
                self.marker.mark(sitting.prompt.id, text) for sitting, text in zip(self._sittings, texts, strict=True)
            ]
        except EssaydrillError as error:
            self.call_from_thread(self._failed, str(error))
            return
        self.call_from_thread(self._marked, markings)

    def _failed(self, problem: str) -> None:
        self.farewell = f"没能评完这张卷：{problem}。作答都还在，改好后用 essaydrill exam 再评。"
        self.exit(1)

    def _marked(self, markings: list[Marking]) -> None:
        self._markings = markings
        problems = self._keep(markings)
        self.farewell = self._total_line()
        if not problems:
            try:
                self._desk.end(self._exam)
            except StoreError as error:
                problems.append(str(error))
        for problem in problems:
            self.notify(problem, severity="error", timeout=10)
        self.pop_screen()
        self.show(self._results())

    def _keep(self, markings: Sequence[Marking]) -> list[str]:
        """Record the answers one by one, so that an interruption records none of them twice; returns what went wrong.

        A question left blank is an attempt that earned nothing. A paper without a word is none.
        """
        problems: list[str] = []
        if self._is_blank:
            return problems
        for sitting, marking in zip(self._sittings, markings, strict=True):
            if sitting.prompt.id in self._exam.attempts:
                continue
            kept = sitting.keep(marking.own.result, self._history, "exam")
            if kept.problem:
                problems.append(kept.problem)
            if kept.attempt:
                attempts = {**self._exam.attempts, sitting.prompt.id: kept.attempt.id}
                self._exam = self._exam.model_copy(update={"attempts": attempts})
                try:
                    self._desk.keep(self._exam)
                except StoreError as error:
                    problems.append(str(error))
        return problems

    def _results(self) -> Results:
        rows = [
            Row(sitting.prompt, marking.own.result, sitting.watch.seconds, blank=not marking.own.text.strip())
            for sitting, marking in zip(self._sittings, self._markings, strict=True)
        ]
        return Results(self._exam.name, rows)

    @property
    def _is_blank(self) -> bool:
        return not any(marking.own.text.strip() for marking in self._markings)

    def _total_line(self) -> str:
        if self._is_blank:
            return f"{self._exam.name}：一个字也没有写，没有记入历史。"
        earned = sum(marking.own.result.score for marking in self._markings)
        full = sum(sitting.prompt.max_score for sitting in self._sittings)
        spent = minutes(sum(sitting.watch.seconds for sitting in self._sittings))
        return f"{self._exam.name}：{earned:g}/{full:g} 分，写了 {spent}。以后再看用 essaydrill history。"

    @on(Results.Chosen)
    def _look_at(self, event: Results.Chosen) -> None:
        marking, sitting = self._markings[event.number], self._sittings[event.number]
        notes = self.bank.notes().get(sitting.prompt.topic)
        spent = f"用时 {minutes(sitting.watch.seconds)}。"
        self.push_screen(LookBack(marking, notes=notes, helped=sitting.notes.help, kept=spent, in_exam=True))

    @on(LookBack.Go)
    def _go_back(self) -> None:
        self.pop_screen()
