"""The questions of a run as workers take them, each loaded when the first script on it comes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from essaydrill.bank import Bank, Item
from essaydrill.errors import EssaydrillError
from essaydrill.grading.gradebook import Point, Sheet
from essaydrill.grading.worker import Question, scorer_of

if TYPE_CHECKING:
    from essaydrill.scoring.calibration import Calibration


class Questions:
    """What is needed to mark answers to the prompts of a bank, `seconds` at most for each.

    `calibrations` adjust the marks of their prompts, and may bring prompts that the bank has not.
    """

    def __init__(self, bank: Bank, seconds: float, calibrations: Sequence["Calibration"] = ()) -> None:
        self.seconds = seconds
        self._bank = bank
        self._calibrations = {calibration.prompt: calibration for calibration in calibrations}
        self._loaded: dict[str, Question | str] = {}
        self._sheets: dict[str, Sheet] = {}

    def check(self, prompt: str) -> None:
        """Raise UsageError or BankError where answers to this prompt cannot be marked."""
        item = self._item(prompt)
        if calibration := self._calibrations.get(prompt):
            scorer_of(Question.of(item, calibration, self.seconds))

    def __getitem__(self, prompt: str) -> Question:
        """Of a prompt that has no `fault`."""
        question = self._load(prompt)
        assert isinstance(question, Question)
        return question

    def fault(self, prompt: str) -> str:
        """Why answers to this prompt cannot be marked (its files in the bank are broken); empty where they can."""
        question = self._load(prompt)
        return question if isinstance(question, str) else ""

    def signature(self, prompt: str) -> str | None:
        """The signature that results for this prompt have today; None where its files are broken or gone."""
        question = self._load(prompt)
        return None if isinstance(question, str) else scorer_of(question).signature

    def item(self, prompt: str) -> Item:
        """The prompt and the reference that answers are marked by; of a prompt that has no `fault`."""
        return self._item(prompt)

    def sheet(self, prompt: str) -> Sheet:
        """What a gradebook needs to know of a prompt."""
        self._load(prompt)
        return self._sheets.get(prompt, Sheet(prompt))

    def _load(self, prompt: str) -> Question | str:
        if prompt not in self._loaded:
            try:
                item = self._item(prompt)
                self._loaded[prompt] = Question.of(item, self._calibrations.get(prompt), self.seconds)
                points = tuple(Point(point.id, point.text, point.marks) for point in item.reference.points)
                self._sheets[prompt] = Sheet(item.prompt.title or prompt, points)
            except EssaydrillError as error:
                self._loaded[prompt] = f"题目 {prompt} 用不了：{error}"
        return self._loaded[prompt]

    def _item(self, prompt: str) -> Item:
        calibration = self._calibrations.get(prompt)
        return (calibration.item() if calibration else None) or self._bank[prompt]
