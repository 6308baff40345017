"""What happens at the desk of one candidate: a prompt is laid out, an answer is marked, its report is shown."""

from collections.abc import Set
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Self

from essaydrill.errors import StoreError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank import Bank, Entry
    from essaydrill.bank.models import Specimen
    from essaydrill.bank.shown import AnyPrompt
    from essaydrill.history import History
    from essaydrill.practice.drafts import Drafts
    from essaydrill.practice.session import Kept, Sitting

# The specimen shown to a newcomer is the one nearest to this share of the full mark: it has hits as well as misses.
_TELLING_SHARE = 0.6


class Desk:
    """One candidate's bank, history and drafts, and what can be done with them on one console.

    History and drafts are loaded when first needed: a prompt is on screen before.
    """

    def __init__(
        self,
        bank: "Bank",
        folder: Path,
        console: "Console",
        rng: Random,
        *,
        topic: str | None = None,
        kind: str | None = None,
        difficulty: int | None = None,
        save: bool = True,
        bank_folder: Path | None = None,
    ) -> None:
        """`folder` has what the candidate did. `topic` (slug), `kind` and `difficulty` limit what `pick` picks; without
        `save` nothing is recorded."""
        self.bank = bank
        self.console = console
        self._folder = folder
        self._opened = ExitStack()
        self._rng = rng
        self._topic = topic
        self._kind = kind
        self._difficulty = difficulty
        self._save = save
        self._bank_folder = bank_folder

    @classmethod
    def open(
        cls,
        bank_folder: Path | None,
        *,
        topic: str | None,
        kind: str | None,
        difficulty: int | None,
        seed: int | None,
        save: bool,
    ) -> Self:
        """The desk of the user whose folders `paths` knows; names of topics and kinds in any form."""
        from essaydrill.bank import Bank, resolve_kind, resolve_topic
        from essaydrill.cli.common import console
        from essaydrill.paths import profile_data

        bank = Bank.open(bank_folder)
        return cls(
            bank,
            profile_data(),
            console(),
            Random(seed),
            topic=topic and resolve_topic(topic, bank).slug,
            kind=kind and resolve_kind(kind),
            difficulty=difficulty,
            save=save,
            bank_folder=bank_folder,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @cached_property
    def history(self) -> "History":
        from essaydrill.history import History

        return self._opened.enter_context(History(self._folder / "history.db"))

    @cached_property
    def drafts(self) -> "Drafts":
        from essaydrill.practice.drafts import Drafts

        return Drafts.open()

    def say(self, text: str = "", style: str = "") -> None:
        """Print a paragraph. The terminal itself breaks it: a path or a command can still be copied whole."""
        from rich.text import Text

        from essaydrill.reports.safe_text import sanitise

        self.console.print(Text(sanitise(text), style), soft_wrap=True)

    def pick(self, avoid: Set[str] = frozenset()) -> str:
        """The id of the next prompt to practise, as `choose` chooses; UsageError if none is as wanted."""
        from essaydrill.practice.session import choose

        try:
            done = self.history.done_prompts()
        except StoreError as error:
            self.say(f"读不出做过哪些题，这次从全部题目里抽：{error}", "yellow")
            done = {}
        picked = choose(
            self.bank.entries(),
            done,
            self._rng,
            topic=self._topic,
            kind=self._kind,
            difficulty=self._difficulty,
            avoid=avoid,
        )
        if picked is None:
            raise UsageError("题库里没有符合这些条件的题，请放宽专题、题型或难度；用 essaydrill list 看全部题目")
        return picked

    @property
    def kept_in(self) -> "History | None":
        """The history that answers are recorded in, if they are."""
        return self.history if self._save else None

    def fits(self, entry: "Entry") -> bool:
        """Whether a prompt is as wanted."""
        return (
            self._topic in (None, entry.topic)
            and self._kind in (None, entry.kind)
            and self._difficulty in (None, entry.difficulty)
        )

    def show(self, prompt: "AnyPrompt") -> None:
        """Lay out the prompt: task, requirements, materials."""
        from essaydrill.reports import render_prompt

        render_prompt(prompt, self.console)
        self.say()

    def show_notes(self, topic: str) -> None:
        """Show the study notes of a topic, or say that there are none."""
        from essaydrill.cli.study import study

        try:
            study(topic, framework=None, bank=self._bank_folder)
        except UsageError as error:
            self.say(f"{error}。")

    def hand_in(self, sitting: "Sitting") -> None:
        """Mark the answer, keep it, show the report; then say where it was kept."""
        from essaydrill.reports import render_result
        from essaydrill.scoring import Scorer

        item = self.bank[sitting.prompt.id]
        result = Scorer(item).score(sitting.text)
        kept = sitting.keep(result, self.kept_in)
        render_result(result, item, sitting.text, self.console)
        self.say()
        self.say(f"得 {result.score:g}/{result.max_score:g} 分，{result.band}。", "bold")
        self._tell(kept, sitting.text)

    def _tell(self, kept: "Kept", answer: str) -> None:
        if kept.attempt:
            number = kept.attempt.id
            self.say(f"已记入历史，第 {number} 号；以后再看用 essaydrill history --show {number}", "dim")
        if kept.problem:
            self.say(kept.problem if kept.attempt else f"这一次没能记入历史：{kept.problem}。", "red")
        if kept.path:
            self.say(f"作答存在 {kept.path}", "bold")
        elif kept.problem and not kept.attempt:
            self.say("作答也没能存盘，全文在下面，请复制保存：", "red")
            self.say(answer)

    def mark_specimen(self, prompt: "AnyPrompt") -> None:
        """Mark one specimen as if it were handed in; beside the report stands what the examiner gave."""
        from essaydrill.reports import render_result
        from essaydrill.scoring import Scorer

        item = self.bank[prompt.id]
        if not item.reference.specimens:
            self.say("这道题还没有标杆卷，换一题看看：essaydrill practice --specimen")
            return
        specimen = min(item.reference.specimens, key=lambda each: _distance(each, prompt))
        render_result(Scorer(item).score(specimen.answer), item, specimen.answer, self.console)
        self.say()
        self.say(f"以上是标杆卷“{specimen.label}”的评分报告，阅卷人给 {specimen.total:g} 分。{specimen.comment}")
        self.say("标杆卷不记入你的历史。", "dim")


def _distance(specimen: "Specimen", prompt: "AnyPrompt") -> float:
    return abs(specimen.total / prompt.max_score - _TELLING_SHARE)
