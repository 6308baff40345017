"""Driving the exam room in tests by Textual's pilot."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Static

from essaydrill.examroom.room import Room
from essaydrill.examroom.writing import Writing

ANSWER = "一是基层财政困难，投入不足。"
_TURNS = 20


def drive(room: Room, script: Callable[[Pilot[int], Any], Awaitable[None]], size: tuple[int, int] = (80, 24)) -> None:
    """Run `script` in the room, then leave as the program does."""

    async def run() -> None:
        async with room.run_test(size=size) as pilot:
            await pilot.pause()
            await script(pilot, room)
        room.put_away()

    with patch("textual.app.wait_for_idle", _take_turns), patch("textual.pilot.wait_for_idle", _take_turns):
        asyncio.run(run())


async def _take_turns(*_: float) -> None:
    """Let messages reach the widgets. Textual's own wait is for an idle processor, which the marking that is loaded in
    the background does not leave it for a second per key; what takes longer is waited for by `until`."""
    for _turn in range(_TURNS):
        await asyncio.sleep(0)


async def until(pilot: Pilot[int], there: Callable[[], object], seconds: float = 5) -> None:
    for _ in range(int(seconds / 0.005)):
        if there():
            await pilot.pause()  # a screen that has come is composed
            return
        await pilot.pause(0.005)
    raise AssertionError("it never came")


def desk(room: Room) -> Writing:
    assert isinstance(room.screen, Writing)
    return room.screen


def words(room: Room, selector: str) -> str:
    return str(room.screen.query_one(selector, Static).render())
