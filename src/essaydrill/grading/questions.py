"""The questions of a run as workers take them, each loaded when the first script on it comes."""

from essaydrill.bank import Bank
from essaydrill.errors import EssaydrillError
from essaydrill.grading.gradebook import Point, Sheet
from essaydrill.grading.worker import Question, scorer_of


class Questions:
    """What is needed to mark answers to the prompts of a bank, `seconds` at most for each."""

    def __init__(self, bank: Bank, seconds: float) -> None:
        self.seconds = seconds
        self._bank = bank
        self._loaded: dict[str, Question | str] = {}
        self._sheets: dict[str, Sheet] = {}

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

    def sheet(self, prompt: str) -> Sheet:
        """What a gradebook needs to know of a prompt."""
        self._load(prompt)
        return self._sheets.get(prompt, Sheet(prompt))

    def _load(self, prompt: str) -> Question | str:
        if prompt not in self._loaded:
            try:
                item = self._bank[prompt]
                self._loaded[prompt] = Question.of(item, self.seconds)
                points = tuple(Point(point.id, point.text, point.marks) for point in item.reference.points)
                self._sheets[prompt] = Sheet(item.prompt.title or prompt, points)
            except EssaydrillError as error:
                self._loaded[prompt] = f"题目 {prompt} 用不了：{error}"
        return self._loaded[prompt]
