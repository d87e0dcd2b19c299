"""The last state of each entity; a write that changes nothing fires nothing."""

from typing import Any

import pytest

from inglenook.clock import VirtualClock
from inglenook.home import Home
from inglenook.model import Context, Event, State
from inglenook.states import is_entity_id


@pytest.fixture
def changes(home: Home) -> list[Event]:
    heard: list[Event] = []
    home.bus.listen("state_changed", heard.append)
    return heard


def test_the_first_state_is_announced_without_an_old_one(home: Home, changes: list[Event]) -> None:
    state = home.states.set("light.hall", "on", {"brightness": 128})

    assert [dict(event.data) for event in changes] == [
        {"entity_id": "light.hall", "old_state": None, "new_state": state}
    ]


async def test_an_unchanged_write_moves_only_the_time_of_report(home: Home, changes: list[Event]) -> None:
    first = home.states.set("light.hall", "on", {"brightness": 128})
    await home.clock.sleep(5)

    again = home.states.set("light.hall", "on", {"brightness": 128})

    assert again is first
    assert again.reported_at - again.updated_at == pytest.approx(5)
    assert len(changes) == 1


async def test_a_changed_attribute_keeps_last_changed(home: Home, changes: list[Event]) -> None:
    first = home.states.set("light.hall", "on", {"brightness": 1})
    await home.clock.sleep(5)

    second = home.states.set("light.hall", "on", {"brightness": 2})

    assert second.changed_at == first.changed_at
    assert second.updated_at == pytest.approx(first.updated_at + 5)
    assert len(changes) == 2


async def test_force_update_counts_as_a_change(home: Home, changes: list[Event]) -> None:
    first = home.states.set("sensor.button", "pressed")
    await home.clock.sleep(5)

    second = home.states.set("sensor.button", "pressed", force_update=True)

    assert second.changed_at == pytest.approx(first.changed_at + 5)
    assert len(changes) == 2


def test_a_text_that_is_too_long_becomes_unknown(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    state = home.states.set("sensor.novel", "x" * 256)

    assert state.state == "unknown"
    assert "state of sensor.novel is 256 characters, at most 255 fit" in caplog.text


def test_removing_announces_no_new_state(home: Home, changes: list[Event]) -> None:
    old = home.states.set("light.hall", "on")

    assert home.states.remove("light.hall")

    assert dict(changes[-1].data) == {"entity_id": "light.hall", "old_state": old, "new_state": None}
    assert "light.hall" not in home.states
    assert home.states.domain("light") == []
    assert not home.states.remove("light.hall")


def test_what_is_restored_fires_nothing_and_the_same_report_neither(home: Home, changes: list[Event]) -> None:
    home.states.restore(State("light.hall", "on", {}, Context("old"), 1.0, 1.0, 1.0))
    restored = home.states.get("light.hall")
    assert restored is not None
    assert restored.is_restored

    reported = home.states.set("light.hall", "on")

    assert not reported.is_restored
    assert reported.changed_at == 1.0
    assert changes == []


def test_a_report_that_differs_from_what_was_restored_is_a_change(home: Home, changes: list[Event]) -> None:
    home.states.restore(State("light.hall", "on", {}, Context("old"), 1.0, 1.0, 1.0))

    home.states.set("light.hall", "off")

    assert [event.data["new_state"].state for event in changes] == ["off"]
    assert changes[0].data["old_state"].is_restored


def test_watchers_hear_of_their_entity_only(home: Home) -> None:
    heard: list[Any] = []
    stop = home.states.watch(
        "light.hall", lambda _id, old, new, _context: heard.append((old and old.state, new and new.state))
    )

    home.states.set("light.hall", "on")
    home.states.set("light.attic", "on")
    home.states.remove("light.hall")
    stop()
    home.states.set("light.hall", "off")

    assert heard == [(None, "on"), ("on", None)]


def test_states_are_listed_in_the_order_they_appeared(home: Home) -> None:
    for entity_id in ("sensor.b", "light.a", "sensor.a"):
        home.states.set(entity_id, "1")

    assert [state.entity_id for state in home.states] == ["sensor.b", "light.a", "sensor.a"]
    assert [state.entity_id for state in home.states.domain("sensor")] == ["sensor.b", "sensor.a"]
    assert home.states.domains() == ["sensor", "light"]


def test_a_late_state_is_written_once_somebody_reads_it(home: Home) -> None:
    for entity_id in ("sensor.a", "sensor.b", "sensor.c"):
        home.states.set(entity_id, "old")
        home.states.write_late(entity_id, lambda entity_id=entity_id: home.states.set(entity_id, "new"))  # type: ignore[misc]
    home.states.remove("sensor.c")

    one = home.states.get("sensor.a")
    home.states.set("sensor.a", "newer")

    assert one is not None
    assert one.state == "new"
    assert [(state.entity_id, state.state) for state in home.states] == [("sensor.a", "newer"), ("sensor.b", "new")]


async def test_the_time_of_a_state_is_that_of_the_clock_also_when_it_jumps(home: Home) -> None:
    clock = home.clock
    assert isinstance(clock, VirtualClock)
    first = home.states.set("light.hall", "on")

    clock.jump(-3600)
    second = home.states.set("light.hall", "off")

    assert second.changed_at == pytest.approx(first.changed_at - 3600)


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("light.hall", True),
        ("light.hall_2", True),
        ("sensor.0", True),
        ("light", False),
        ("Light.hall", False),
        ("light.", False),
        (".hall", False),
        ("light._hall", False),
        ("light.hall_", False),
        ("light.ha__ll", False),
        ("light.hall.x", False),
        ("light.hall lamp", False),
        ("light." + "x" * 300, False),
    ],
)
def test_entity_ids(text: str, is_valid: bool) -> None:
    assert is_entity_id(text) is is_valid


def test_a_state_shows_itself_as_clients_read_it(home: Home) -> None:
    state = home.states.set("light.hall", "on", {"friendly_name": "Hall"}, Context("01", "02", "me"))

    shown = state.as_dict()

    assert shown["context"] == {"id": "01", "parent_id": "02", "user_id": "me"}
    assert shown["last_changed"] == "2026-03-10T11:00:00+00:00"
    assert state.name == "Hall"
