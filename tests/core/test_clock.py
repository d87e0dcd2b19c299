"""Time has one door, and under the virtual clock it costs nothing."""

import asyncio
import threading
import time

import pytest

from inglenook.clock import VirtualClock
from inglenook.home import Home


@pytest.fixture
def clock(home: Home) -> VirtualClock:
    assert isinstance(home.clock, VirtualClock)
    return home.clock


async def test_timers_run_in_the_order_of_their_deadlines(clock: VirtualClock) -> None:
    heard: list[tuple[str, float]] = []
    start = clock.monotonic()
    for name, delay in (("c", 30.0), ("a", 10.0), ("b", 10.0)):
        clock.call_later(delay, lambda name=name: heard.append((name, clock.monotonic() - start)))  # type: ignore[misc]

    await clock.advance(60)

    assert heard == [("a", 10.0), ("b", 10.0), ("c", 30.0)]


async def test_a_restarted_timer_waits_from_now(clock: VirtualClock) -> None:
    heard: list[float] = []
    start = clock.monotonic()
    timer = clock.call_later(10, lambda: heard.append(clock.monotonic() - start))

    await clock.advance(6)
    timer.restart(10)
    await clock.advance(60)

    assert heard == [16.0]
    assert not timer.is_pending


async def test_a_timer_restarted_to_an_earlier_time_runs_once(clock: VirtualClock) -> None:
    heard: list[float] = []
    start = clock.monotonic()
    timer = clock.call_later(100, lambda: heard.append(clock.monotonic() - start))

    timer.restart(5)
    await clock.advance(200)

    assert heard == [5.0]


async def test_a_cancelled_timer_never_runs(clock: VirtualClock) -> None:
    heard: list[int] = []
    timer = clock.call_later(1, lambda: heard.append(1))

    timer.cancel()
    await clock.advance(10)

    assert heard == []


async def test_a_failing_timer_does_not_stop_the_next(clock: VirtualClock, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[int] = []
    clock.call_later(1, lambda: [][0])
    clock.call_later(1, lambda: heard.append(1))

    await clock.advance(2)

    assert heard == [1]
    assert "IndexError" in caplog.text


async def test_a_wall_timer_follows_the_clock_when_it_is_set_forward(clock: VirtualClock) -> None:
    heard: list[float] = []
    due = clock.now() + 3600
    clock.call_at(due, lambda: heard.append(clock.now()))

    await clock.advance(10)
    clock.jump(3600)
    await clock.advance(60)

    assert heard
    assert 0 <= heard[0] - due <= 40


async def test_a_wall_timer_waits_longer_when_the_clock_is_set_back(clock: VirtualClock) -> None:
    heard: list[float] = []
    clock.call_at(clock.now() + 100, lambda: heard.append(clock.monotonic()))
    start = clock.monotonic()

    await clock.advance(50)
    clock.jump(-1000)
    await clock.advance(2000)

    assert [round(at - start, 3) for at in heard] == [1100.0]


async def test_a_day_passes_at_once(clock: VirtualClock) -> None:
    before = clock.utc()

    await clock.advance(86_400)

    assert (clock.utc() - before).total_seconds() == pytest.approx(86_400)


async def test_a_timer_that_sets_itself_again_does_not_delay_one_that_waits(clock: VirtualClock) -> None:
    heard: list[float] = []
    start = clock.monotonic()

    def again() -> None:
        clock.call_later(1, again)

    clock.call_later(1, again)
    clock.call_later(1.5, lambda: heard.append(clock.monotonic() - start))
    await clock.advance(5)

    assert heard == [pytest.approx(1.5)]


async def test_no_time_passes_while_a_thread_works(clock: VirtualClock) -> None:
    start = clock.monotonic()
    timer = clock.call_later(5, lambda: None)

    await asyncio.to_thread(time.sleep, 0.02)

    assert clock.monotonic() == start
    assert timer.is_pending


async def test_a_thread_that_is_stuck_stops_time_only_for_a_while(
    clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inglenook.clock.STUCK_AFTER_S", 0.01)
    go_on = threading.Event()
    stuck = asyncio.ensure_future(asyncio.to_thread(go_on.wait, 10))

    await clock.advance(60)
    go_on.set()

    assert await stuck
