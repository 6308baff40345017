"""Reviewing in a terminal: one sentence per card, one key to go on."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from essaydrill.cli.review import nothing_due
from essaydrill.errors import EssaydrillError
from essaydrill.practice.cards import AGAIN, EASY, GOOD, HARD, RATINGS
from essaydrill.practice.recall import Question

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank import Bank, Item
    from essaydrill.history import Card, CardKey
    from essaydrill.practice.deck import Deck
    from essaydrill.practice.recall import Passage
    from essaydrill.scoring import Scorer

_INTERRUPTED = 130
_RATING_NAMES = {AGAIN: "没想起", HARD: "想起一半", GOOD: "想起来了", EASY: "很容易"}
# What may be typed in the place of a sentence; the Chinese words spare a change of the input method.
_UNDO, _SKIP, _QUIT = ("u", "撤销"), ("s", "跳过"), ("q", "退出")

Ask = Callable[[str], str]


def review_in_terminal(deck: "Deck", bank: "Bank", limit: int) -> int:
    """Review until nothing is due, the limit is reached or the user leaves; returns the exit code."""
    from essaydrill.cli.common import console

    with _Questions(bank) as questions:
        return ReviewDialogue(deck, questions.get, console(), _prompt(), limit, questions.load_ahead).run()


class ReviewDialogue:
    """A learner and today's cards. Whenever it ends, what was answered is kept."""

    def __init__(
        self,
        deck: "Deck",
        question: Callable[["Card"], Question],
        console: "Console",
        ask: Ask,
        limit: int,
        load_ahead: Callable[["Card"], None] = lambda _: None,
    ) -> None:
        """`ask` shows a prompt and returns the line typed; `question` raises EssaydrillError for a card whose point is
        gone; `load_ahead` is told which card comes next."""
        self._deck = deck
        self._question = question
        self._console = console
        self._ask = ask
        self._limit = limit
        self._load_ahead = load_ahead
        self._skipped: list[CardKey] = []
        self._gone: set[CardKey] = set()
        self._again: Card | None = None

    def run(self) -> int:
        """Returns the exit code."""
        try:
            total = len(self._waiting())
            if not total:
                self._say(nothing_due(self._deck))
                return 0
            today = f"今天有 {total} 个要点要复习" + (f"，先来 {self._limit} 个" if total > self._limit else "")
            self._say(f"{today}。回车表示想不起来，u 撤销上一张，s 跳过，q 退出。")
            while card := self._next():
                if not self._review(card):
                    break
        except EOFError:
            self._say()
        except KeyboardInterrupt:
            self._say()
            self._summary()
            return _INTERRUPTED
        self._summary()
        return 0

    def _waiting(self) -> list["Card"]:
        return [card for card in self._deck.due() if card.key not in self._gone]

    def _next(self) -> "Card | None":
        """The next card to ask; None at the end, when the last one may still be taken back."""
        if self._again is not None:
            card, self._again = self._again, None
            return card
        waiting = self._waiting() if self._deck.reviewed < self._limit else []
        if not waiting and self._deck.reviewed:
            typed = self._ask("做完了。回车结束，u 撤销上一张：")
            return self._deck.take_back() if typed.strip().lower() in _UNDO else None
        unskipped = [card for card in waiting if card.key not in self._skipped]
        if not unskipped and waiting:
            self._skipped.clear()
        return next(iter(unskipped or waiting), None)

    def _review(self, card: "Card") -> bool:
        """Ask one card; whether to go on."""
        from essaydrill.reports.review import render_point, render_situation

        try:
            question = self._question(card)
        except EssaydrillError:
            self._gone.add(card.key)
            return True
        self._say()
        passages = [(each.label, _shown(each)) for each in question.passages()]
        render_situation(question.item.prompt, self._note(card, question), passages, self._console)
        began = time.monotonic()
        self._announce_next(card)
        typed = self._ask("一句话写出要点：").strip()
        if typed.lower() in _QUIT:
            return False
        if typed.lower() in _SKIP:
            self._skipped.append(card.key)
            return True
        if typed.lower() in _UNDO:
            self._again = self._deck.take_back()
            self._say("上一张撤销了，重新来。" if self._again else "这一次还没有可撤销的。")
            self._again = self._again or card
            return True
        seconds = time.monotonic() - began
        judged = question.judge(typed)
        render_point(judged, [(f"答案{each.label}", each.text) for each in question.wordings()], self._console)
        rating = self._rating(RATINGS[judged.status])
        if rating is None:
            return False
        after = self._deck.answer(card, typed, judged.status, rating, seconds)
        self._say(f"记下了：{_RATING_NAMES[rating]}，{after.due:%m-%d} 再问。", "dim")
        return True

    def _rating(self, judged: int) -> int | None:
        """The rating that the learner confirms or gives; None to leave without one."""
        keys = "，".join(f"{rating} {name}" for rating, name in _RATING_NAMES.items())
        while True:
            typed = self._ask(f"回车按“{_RATING_NAMES[judged]}”算，判得不对就改：{keys}：").strip().lower()
            if not typed:
                return judged
            if typed in _QUIT:
                return None
            if typed.isdecimal() and int(typed) in _RATING_NAMES:
                return int(typed)
            self._say("请输入 1 到 4 的数字，或直接回车。")

    def _note(self, card: "Card", question: Question) -> str:
        place = f"第 {question.number} 点，共 {question.count} 点 · " if question.number else ""
        return f"{place}上次{_RATING_NAMES[card.rating]}"

    def _announce_next(self, card: "Card") -> None:
        following = (each for each in self._waiting() if each.key != card.key)
        if coming := next(following, None):
            self._load_ahead(coming)

    def _summary(self) -> None:
        left = len(self._waiting())
        if self._deck.reviewed:
            self._say()
            rest = f"今天还剩 {left} 张" if left else "今天的都完成了"
            self._say(f"这一次复习了 {self._deck.reviewed} 张，{rest}。")
        if self._gone:
            self._say(f"有 {len(self._gone)} 张卡片的题目或采分点已不在题库里，没有问。")

    def _say(self, text: str = "", style: str = "") -> None:
        self._console.print(text, style=style or None, soft_wrap=True)


class _Questions:
    """The questions of cards. Compiling a scheme takes a moment, so the next one is made while the user reads."""

    def __init__(self, bank: "Bank") -> None:
        self._bank = bank
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._made: dict[str, Future[tuple[Item, Scorer]]] = {}

    def __enter__(self) -> "_Questions":
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def get(self, card: "Card") -> Question:
        item, scorer = self._future(card.prompt).result()
        return Question.of(item, scorer, card.point)

    def load_ahead(self, card: "Card") -> None:
        self._future(card.prompt)

    def _future(self, prompt: str) -> "Future[tuple[Item, Scorer]]":
        if prompt not in self._made:
            self._made[prompt] = self._worker.submit(self._make, prompt)
        return self._made[prompt]

    def _make(self, prompt: str) -> "tuple[Item, Scorer]":
        from essaydrill.scoring import Scorer

        item = self._bank[prompt]
        return item, Scorer(item)


def _prompt() -> Ask:
    """A line editor that knows how wide Han characters are."""
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    session.app.renderer.cpr_not_supported_callback = None  # its warning is English, and nothing here needs the reply
    return session.prompt


def _shown(passage: "Passage") -> str:
    return f"{'……' if passage.cut_before else ''}{passage.text}{'……' if passage.cut_behind else ''}"
