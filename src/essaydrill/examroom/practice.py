"""Practising: one prompt after the other, as many as one likes."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work

from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.examroom.clock import Clock, minutes
from essaydrill.examroom.dialogs import Busy, Choice
from essaydrill.examroom.room import Room
from essaydrill.examroom.wording import facts_of
from essaydrill.examroom.writing import Writing
from essaydrill.practice.session import Sitting

if TYPE_CHECKING:
    from essaydrill.bank import Bank, Entry
    from essaydrill.bank.shown import AnyPrompt
    from essaydrill.examroom.lookback import LookBack
    from essaydrill.examroom.marker import Marking
    from essaydrill.history import History
    from essaydrill.practice.drafts import Draft, Drafts
    from essaydrill.practice.gain import Gain
    from essaydrill.practice.session import Kept


@dataclass(frozen=True)
class Place:
    """What a candidate brings: bank, drafts, history (None: nothing is recorded), `pick`, which draws the id of a
    prompt that is not among those given, and `fits`, whether a prompt is among those to be shown."""

    bank: "Bank"
    drafts: "Drafts"
    history: "History | None"
    pick: Callable[[Set[str]], str]
    fits: "Callable[[Entry], bool]"


class PracticeRoom(Room):
    """From the menu, or from `prompt` where one is wished for, until the candidate leaves."""

    def __init__(self, place: Place, prompt: str | None = None) -> None:
        super().__init__(place.bank)
        self._at = place
        self._wish = prompt
        self._sitting: Sitting | None = None

    def on_mount(self) -> None:
        if self._wish is None:
            self._menu()
        else:
            self._begin(self._wish)

    def put_away(self) -> None:
        sitting, self._sitting = self._sitting, None
        if sitting is not None and not sitting.handed_in:
            self.leave_sitting(sitting)

    # --- choosing ----------------------------------------------------------------------------------------------------

    def _menu(self) -> None:
        from essaydrill.examroom.menu import Menu, Unfinished

        bank = self._at.bank
        entries = {entry.id: entry for entry in bank.entries()}
        unfinished = [
            Unfinished(draft.prompt, f"{entries[draft.prompt].title}（{_when(draft)}）")
            for draft in self._at.drafts.list()
            if draft.prompt in entries
        ]
        fitting = [entry for entry in entries.values() if self._at.fits(entry)]
        names = {topic.slug: topic.name for topic in bank.topics()}

        def chosen(prompt: str | None) -> None:
            if prompt is not None:
                self._begin(prompt or self._at.pick({draft.prompt for draft in self._at.drafts.list()}))

        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(Menu(unfinished, fitting, names), chosen)

    def _begin(self, id: str) -> None:
        """Go on with the draft of a prompt if the candidate says so, else begin anew."""
        try:
            prompt = self._at.bank.shown(id)
            draft = self._at.drafts.load(id)
        except EssaydrillError as error:
            self._failed(str(error))
            return
        if draft is None or not draft.text.strip():
            self._write(Sitting(prompt, self._at.drafts))
            return

        def answered(answer: int | None) -> None:
            if answer == 0:
                self._write(Sitting.resume(prompt, self._at.drafts, draft))
            elif answer == 1:
                self._start_over(prompt)
            else:
                self._menu()

        question = f"《{prompt.title or prompt.task[:20]}》有一份没写完的草稿，\n{_when(draft)}。"
        self.push_screen(Choice(question, ("接着写", "重新写（旧稿另存）", "换一题"), escape=2), answered)

    def _start_over(self, prompt: "AnyPrompt") -> None:
        try:
            self._at.drafts.set_aside(prompt.id)
        except StoreError as error:
            self._failed(str(error))
            return
        self._write(Sitting(prompt, self._at.drafts))

    def _failed(self, problem: str) -> None:
        self.notify(problem, severity="error", timeout=10)
        if len(self.screen_stack) == 1:
            self._menu()

    def _write(self, sitting: Sitting) -> None:
        self._sitting = sitting
        wanted = sitting.prompt.minutes
        sitting.watch.start()
        clock = Clock(lambda: sitting.watch.seconds, wanted * 60.0 if wanted else None)
        self.show(Writing(sitting, self.marker, clock))

    # --- writing -----------------------------------------------------------------------------------------------------

    def leave(self) -> None:
        if isinstance(self.screen, Writing):
            self.screen.action_leave()
        else:
            self.exit(0)

    @on(Writing.Leave)
    def _leave_writing(self) -> None:
        def answered(answer: int | None) -> None:
            if answer == 1:
                self.put_away()
                self._menu()
            elif answer == 2:
                self.exit(0)

        question = "还没有交卷，草稿会留着，用时也停在这里。"
        self.push_screen(Choice(question, ("接着写", "换一题", "离开考场"), escape=0), answered)

    @on(Writing.HandIn)
    def _ask_to_hand_in(self) -> None:
        desk = self.screen
        if not isinstance(desk, Writing):
            return
        if not desk.sheet.text.strip():
            self.notify("还没有写字，先写几句再交卷。", timeout=3)
            return
        desk.sitting.text = desk.sheet.text

        def answered(answer: int | None) -> None:
            if answer == 0:
                self.push_screen(Busy("正在阅卷……"))
                self._mark(desk.sitting)

        self.push_screen(Choice(f"交卷？\n{facts_of([desk.sitting])}", ("交卷", "再看看"), escape=1), answered)

    @work(thread=True)
    def _mark(self, sitting: Sitting) -> None:
        try:
            marking = self.marker.mark(sitting.prompt.id, sitting.text)
        except EssaydrillError as error:
            self.call_from_thread(self._not_marked, str(error))
            return
        self.call_from_thread(self._marked, sitting, marking)

    def _not_marked(self, problem: str) -> None:
        self.pop_screen()
        self.notify(f"没能评分：{problem}", severity="error", timeout=10)

    def _marked(self, sitting: Sitting, marking: "Marking") -> None:
        from essaydrill.examroom.lookback import LookBack

        gained = self._gain(sitting.prompt.id, marking)
        kept = sitting.keep(marking.own.result, self._at.history)
        screen = LookBack(
            marking,
            notes=self._at.bank.notes().get(sitting.prompt.topic),
            gained=gained,
            helped=sitting.notes.help,
            kept=f"用时 {minutes(sitting.watch.seconds)}。{_kept(kept)}",
        )
        if kept.problem:
            self.notify(kept.problem, severity="error", timeout=10)
        self.pop_screen()
        self.show(screen)

    def _gain(self, prompt: str, marking: "Marking") -> "Gain | None":
        from essaydrill.practice.gain import gain

        try:
            before = self._at.history.attempts(prompt=prompt, limit=1) if self._at.history else []
            return gain(before[0].result(), marking.own.result) if before else None
        except StoreError:
            return None  # there is something to compare with, but nobody can read it

    # --- going on ----------------------------------------------------------------------------------------------------

    def on_look_back_go(self, event: "LookBack.Go") -> None:
        sitting = self._sitting
        if sitting is None or event.where == "leave":
            self.exit(0)
        elif event.where == "next":
            self._sitting = None
            self._menu()
        else:
            text = sitting.text if event.where == "revise" else ""
            self._write(Sitting(sitting.prompt, self._at.drafts, text=text))


def _when(draft: "Draft") -> str:
    return f"{draft.saved_at.astimezone():%m-%d %H:%M} 存，用时 {minutes(draft.seconds)}"


def _kept(kept: "Kept") -> str:
    if kept.attempt:
        return f"已记入历史，第 {kept.attempt.id} 号；以后再看用 essaydrill history --show {kept.attempt.id}"
    return f"没有记入历史，作答存在 {kept.path}" if kept.path else "这一次不记入历史。"
