"""The memory of what happened: what is kept, how much, and what it answers."""

import pytest

from inglenook.clock import VirtualClock
from inglenook.config.settings import HistoryLimits
from inglenook.history import Change, MemoryHistory, Row
from inglenook.history.memory import SWEEP_S
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules import RuleEngine
from inglenook.templates import Templates
from inglenook.testing import START, make_virtual_home

pytestmark = pytest.mark.virtual


def recorded(limits: HistoryLimits | None = None) -> tuple[Home, VirtualClock, MemoryHistory]:
    home = make_virtual_home()
    history = MemoryHistory(home, limits)
    history.start()
    assert isinstance(home.clock, VirtualClock)
    return home, home.clock, history


def seen(states: list[State]) -> list[tuple[str, float]]:
    return [(state.state, state.updated_at - START) for state in states]


async def test_a_period_begins_with_the_state_that_held_then() -> None:
    home, clock, history = recorded()
    for text in ("a", "b", "c", "d"):
        home.states.set("sensor.x", text)
        await clock.advance(10)

    found = await history.states(["sensor.x", "sensor.none"], START + 15, START + 25)
    bare = await history.states(["sensor.x"], START + 15, START + 25, with_start=False)

    assert {entity_id: seen(states) for entity_id, states in found.items()} == {"sensor.x": [("b", 15), ("c", 20)]}
    assert seen(bare["sensor.x"]) == [("c", 20)]


async def test_an_entity_that_did_not_change_is_as_it_was() -> None:
    home, clock, history = recorded()
    home.states.set("sensor.x", "a")
    await clock.advance(3600)

    assert seen((await history.states(["sensor.x"], START + 60, START + 120))["sensor.x"]) == [("a", 60)]
    assert await history.states(["sensor.x"], START - 60, START - 30) == {}


async def test_a_state_that_came_back_the_same_is_known_from_then_on() -> None:
    home, clock, history = recorded()
    home.states.restore(State("sensor.x", "a", {}, home.states.set("sensor.y", "0").context, START, START, START))
    await clock.advance(60)
    home.states.set("sensor.x", "a")
    await clock.advance(60)
    home.states.set("sensor.x", "b")

    assert seen((await history.states(["sensor.x"], START - 1, START + 300))["sensor.x"]) == [("a", 60), ("b", 120)]


async def test_the_oldest_go_when_there_are_too_many_and_what_held_before_is_still_known() -> None:
    home, clock, history = recorded(HistoryLimits(max=3))
    for text in ("a", "b", "c", "d", "e"):
        home.states.set("sensor.x", text)
        await clock.advance(10)

    found = await history.states(["sensor.x"], START + 15, START + 60)

    assert seen(found["sensor.x"]) == [("b", 15), ("c", 20), ("d", 30), ("e", 40)]
    assert history.statistics()["changes"] == 3


async def test_what_is_too_old_goes() -> None:
    home, clock, history = recorded(HistoryLimits(keep=60))
    home.states.set("sensor.x", "a")
    await clock.advance(50)
    home.states.set("sensor.x", "b")
    await clock.advance(60)

    home.states.set("sensor.y", "a")
    await clock.advance(SWEEP_S)

    assert history.statistics()["changes"] == 1


async def test_what_takes_too_much_room_goes() -> None:
    home, clock, history = recorded(HistoryLimits(max_mb=0.1))
    for number in range(100):
        home.states.set("sensor.x", str(number), {"text": str(number) * 5_000})

    before = history.statistics()["bytes"]
    await clock.advance(SWEEP_S)
    after = history.statistics()["bytes"]

    assert before > 500_000
    assert 0 < after <= 110_000


async def test_rows_come_in_order_and_of_whom_is_asked() -> None:
    home, clock, history = recorded()
    home.states.set("sensor.x", "a")
    await clock.advance(1)
    home.bus.fire("logbook_entry", {"name": "N", "message": "m", "entity_id": "sensor.x"})
    home.states.set("sensor.y", "a")
    await clock.advance(1)
    home.states.set("sensor.x", "b")

    every = await history.rows(START, START + 9)
    one = await history.rows(START + 1, START + 9, ["sensor.x"])

    assert [row.entity_id for row in every] == ["sensor.x", "sensor.x", "sensor.y", "sensor.x"]
    assert [type(row).__name__ for row in one] == ["Happening", "Change"]


async def test_who_subscribes_hears_until_it_ends_and_one_that_fails_keeps_nobody_from_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    home, _, history = recorded()
    heard: list[Row] = []

    def fail(_: Row) -> None:
        raise ValueError("broken")

    history.subscribe(fail)
    end = history.subscribe(heard.append)
    home.states.set("sensor.x", "a")
    end()
    home.states.set("sensor.x", "b")

    assert [row.state.state for row in heard if isinstance(row, Change)] == ["a"]
    assert "failed on a row of the history" in caplog.text


async def test_runs_of_rules_are_kept_and_their_states_are_not_written_for_that() -> None:
    home, clock, history = recorded()
    engine = RuleEngine(home, Templates(home))
    history.follow(engine)
    raw = {
        "id": "1",
        "alias": "Hall",
        "triggers": [{"trigger": "state", "entity_id": "sensor.x"}],
        "actions": [{"event": "x"}],
    }
    engine.swap("test", [engine.check(raw)])
    engine.start()
    before = history.statistics()["changes"]
    home.states.set("sensor.x", "a")
    await clock.advance(5)

    rows = await history.rows(START, START + 9, ["automation.hall"])
    (run,) = [row for row in rows if not isinstance(row, Change)]

    assert (run.entity_id, getattr(run, "source", None)) == ("automation.hall", "state of sensor.x")
    assert history.statistics()["changes"] == before + 1
    await engine.stop()


async def test_after_the_stop_nothing_is_kept_and_nobody_waits_for_states_any_more() -> None:
    home, _, history = recorded()
    home.states.set("sensor.x", "a")
    history.stop()
    history.stop()
    home.states.set("sensor.x", "b")

    assert history.statistics()["changes"] == 1
    assert home.states.bystanders == 0
    assert home.bus.listeners("state_changed") == 0
    assert not history.is_recording
