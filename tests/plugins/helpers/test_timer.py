"""timer: a countdown, its events, and what a restart of the home does to it."""

from datetime import UTC, datetime

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ServiceValidationError

TIMER = "timer.tea"
ONE = "timer: {tea: {duration: '00:01:00'}}"
EVENTS = [f"timer.{what}" for what in ("started", "restarted", "paused", "cancelled", "changed", "finished")]


def shown(house: House) -> tuple[str | None, object, object]:
    return house.state(TIMER), house.attribute(TIMER, "duration"), house.attribute(TIMER, "remaining")


def at(house: House, seconds: float) -> str:
    return datetime.fromtimestamp(house.clock.now() + seconds, UTC).isoformat()


async def test_a_pause_keeps_what_is_left_and_a_start_goes_on_from_it(house: House) -> None:
    await house.declare(ONE)
    house.hear(*EVENTS)

    await house.call("timer.start", TIMER)
    await house.clock.advance(20)
    await house.call("timer.pause", TIMER)
    paused = shown(house)
    await house.clock.advance(1000)
    await house.call("timer.start", TIMER)
    await house.clock.advance(39)
    before = house.state(TIMER)
    await house.clock.advance(1)

    assert paused == ("paused", "0:01:00", "0:00:40")
    assert (before, house.state(TIMER)) == ("active", "idle")
    assert [name for name, _ in house.events] == ["timer.started", "timer.paused", "timer.restarted", "timer.finished"]


async def test_the_state_changes_before_the_event_tells_of_it(house: House) -> None:
    await house.declare(ONE)
    seen: list[str | None] = []
    house.home.bus.listen("timer.started", lambda _: seen.append(house.state(TIMER)))

    await house.call("timer.start", TIMER)

    assert seen == ["active"]


async def test_finishing_early_tells_when_it_would_have_ended(house: House) -> None:
    await house.declare(ONE)
    house.hear("timer.finished")
    await house.call("timer.start", TIMER)
    planned = at(house, 60)
    await house.clock.advance(10)

    await house.call("timer.finish", TIMER)
    await house.clock.advance(100)

    assert house.events == [("timer.finished", {"entity_id": TIMER, "finished_at": planned})]


async def test_another_duration_holds_until_it_ends(house: House) -> None:
    await house.declare(ONE)

    await house.call("timer.start", TIMER, duration={"minutes": 3})
    during = shown(house)
    await house.call("timer.cancel", TIMER)

    assert during == ("active", "0:03:00", "0:03:00")
    assert shown(house) == ("idle", "0:01:00", None)


async def test_a_change_moves_the_end_within_the_duration(house: House) -> None:
    await house.declare(ONE)
    await house.call("timer.start", TIMER)
    await house.clock.advance(30)

    await house.call("timer.change", TIMER, duration=20)
    with pytest.raises(ServiceValidationError, match="70 s would remain; expected 0 to 60 s"):
        await house.call("timer.change", TIMER, duration=20)
    with pytest.raises(ServiceValidationError, match="-10 s would remain"):
        await house.call("timer.change", TIMER, duration=-60)
    await house.clock.advance(49)
    before = house.state(TIMER)
    await house.clock.advance(1)

    assert (before, house.state(TIMER)) == ("active", "idle")


async def test_what_is_idle_cannot_be_changed_and_nothing_tells_of_ending_it(house: House) -> None:
    await house.declare(ONE)
    house.hear(*EVENTS)

    for service in ("pause", "cancel", "finish"):
        await house.call(f"timer.{service}", TIMER)
    with pytest.raises(ServiceValidationError, match="is idle; only an active timer can be changed"):
        await house.call("timer.change", TIMER, duration=1)

    assert house.events == []


async def test_a_countdown_goes_on_after_a_restart_of_the_home(house: House) -> None:
    house.remember(TIMER, "active", duration="0:01:00", remaining="0:01:00", finishes_at=at(house, 15))

    await house.declare("timer: {tea: {duration: 60, restore: true}}")
    restored = house.state(TIMER)
    await house.clock.advance(15)

    assert (restored, house.state(TIMER)) == ("active", "idle")


async def test_what_should_have_ended_meanwhile_ends_at_the_start(house: House) -> None:
    ended = at(house, -15)
    house.remember(TIMER, "active", duration="0:01:00", remaining="0:01:00", finishes_at=ended)
    house.hear("timer.finished")

    await house.declare("timer: {tea: {duration: 60, restore: true}}")

    assert house.events == [("timer.finished", {"entity_id": TIMER, "finished_at": ended})]
    assert house.state(TIMER) == "idle"


async def test_a_pause_outlives_a_restart(house: House) -> None:
    house.remember(TIMER, "paused", duration="0:02:00", remaining="0:00:40")

    await house.declare("timer: {tea: {duration: 60, restore: true}}")

    assert shown(house) == ("paused", "0:02:00", "0:00:40")


async def test_a_last_state_that_makes_no_sense_leaves_it_idle(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.remember(TIMER, "active", duration="0:02:00", remaining="0:00:40", finishes_at="soon")

    await house.declare("timer: {tea: {duration: 60, restore: true}}")

    assert shown(house) == ("idle", "0:01:00", None)
    assert "timer.tea: its last state cannot be taken up" in caplog.text


async def test_without_restore_it_begins_idle(house: House) -> None:
    house.remember(TIMER, "paused", duration="0:02:00", remaining="0:00:40")

    await house.declare(ONE)

    assert shown(house) == ("idle", "0:01:00", None)


async def test_a_reload_leaves_a_countdown_alone_and_one_that_removes_it_ends_it(house: House) -> None:
    await house.declare(ONE)
    house.hear("timer.finished")
    await house.call("timer.start", TIMER)

    await house.reload("timer", "timer: {tea: {duration: 5}, egg: }")
    during = shown(house)
    await house.reload("timer", "timer: {egg: }")
    await house.clock.advance(100)

    assert during == ("active", "0:01:00", "0:01:00")
    assert (house.state(TIMER), house.state("timer.egg"), house.events) == (None, "idle", [])
