"""Polling: at an interval, never twice at once, and one word in the log for a failure that lasts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from inglenook.clock import VirtualClock
from inglenook.home import Home
from inglenook.plugins import PluginScope
from inglenook.plugins.supervisor import Supervisor
from inglenook_outside.answers import NoAnswer
from inglenook_outside.polling import Poll


class Outside:
    """Somebody who is asked: notes when, and answers after a while or not at all."""

    def __init__(self, home: Home) -> None:
        assert isinstance(home.clock, VirtualClock)
        self.clock = home.clock
        self.times: list[float] = []
        self.takes_s = 0.0
        self.is_there = True
        self.answers = 0
        self.losses = 0
        self._scope = PluginScope("some", home, Supervisor("some", home.clock, lambda _: None), lambda: None)
        self._home = home

    def poll(self, interval_s: float, ask: Callable[[], Awaitable[None]] | None = None) -> Poll:
        return Poll(self._home, self._scope, "the garden", interval_s, ask or self.ask, self.lose)

    async def ask(self) -> None:
        self.times.append(self.clock.monotonic())
        await self.clock.sleep(self.takes_s)
        if not self.is_there:
            raise NoAnswer("nobody is there")
        self.answers += 1

    def lose(self) -> None:
        self.losses += 1


@pytest.fixture
def outside(home: Home) -> Outside:
    return Outside(home)


async def test_it_asks_at_once_and_then_at_the_interval(outside: Outside) -> None:
    outside.poll(30).start()

    await outside.clock.advance(65)

    assert outside.times == [0, 30, 60]


async def test_a_turn_that_takes_longer_leaves_out_others(outside: Outside) -> None:
    outside.takes_s = 45
    outside.poll(30).start()

    await outside.clock.advance(125)

    assert outside.times == [0, 60, 120]


async def test_who_wants_to_know_gets_the_answer_that_is_under_way(outside: Outside) -> None:
    outside.takes_s = 10
    poll = outside.poll(60)
    poll.start()
    await outside.clock.advance(5)

    await poll.refresh()

    assert outside.times == [0]
    assert outside.clock.monotonic() == pytest.approx(10)


async def test_after_something_was_done_an_older_question_will_not_do(outside: Outside) -> None:
    outside.takes_s = 10
    poll = outside.poll(60)
    poll.start()
    await outside.clock.advance(5)

    await poll.refresh(anew=True)

    assert outside.times == pytest.approx([0, 10])


async def test_a_failure_that_lasts_is_told_once_and_its_end_once(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    outside.is_there = False
    outside.poll(10).start()
    await outside.clock.advance(35)
    outside.is_there = True

    await outside.clock.advance(20)

    assert (outside.losses, outside.answers) == (4, 2)
    assert [record.getMessage() for record in caplog.records] == [
        "the garden: nobody is there; unavailable until it answers",
        "the garden answers again",
    ]


async def test_what_is_stopped_asks_no_more(outside: Outside) -> None:
    outside.takes_s = 10
    poll = outside.poll(60)
    poll.start()
    await outside.clock.advance(5)

    poll.stop()
    await outside.clock.advance(600)

    assert (outside.times, outside.answers) == ([0], 0)


async def test_a_fault_of_ours_does_not_end_the_polling(outside: Outside, caplog: pytest.LogCaptureFixture) -> None:
    async def ask() -> None:
        await outside.ask()
        if len(outside.times) == 1:
            raise RuntimeError("a fault")

    outside.poll(10, ask).start()

    await outside.clock.advance(25)

    assert len(outside.times) >= 3
    assert "a fault" in caplog.text


async def test_the_first_answer_can_be_waited_for(outside: Outside) -> None:
    outside.takes_s = 3
    poll = outside.poll(10)
    poll.start()

    async with asyncio.timeout(4):
        await poll.was_asked.wait()

    assert outside.answers == 1
