"""The index: whom an event concerns."""

import pytest

from inglenook.home import Home
from inglenook.model import Context, State
from inglenook.rules.index import EventIndex, StateIndex


class Notes:
    """Callbacks that write their name down."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def on_change(self, name: str):  # type: ignore[no-untyped-def]
        def note(entity_id: str, old: State | None, new: State | None, context: Context) -> None:
            self.names.append(name)

        return note

    def taken(self) -> list[str]:
        names, self.names = self.names, []
        return names


@pytest.fixture
def notes() -> Notes:
    return Notes()


def test_a_change_concerns_who_waits_for_that_state_and_who_waits_for_any_in_their_order(
    home: Home, notes: Notes
) -> None:
    index = StateIndex(home.bus)
    index.watch("light.a", notes.on_change("on"), to=["on"])
    index.watch("light.a", notes.on_change("any"))
    index.watch("light.a", notes.on_change("off or gone"), to=["off", None])
    index.watch("light.b", notes.on_change("other"))

    home.states.set("light.a", "on")
    on = notes.taken()
    home.states.set("light.a", "dim")
    dim = notes.taken()
    home.states.remove("light.a")
    gone = notes.taken()

    assert (on, dim, gone) == (["on", "any"], ["any"], ["any", "off or gone"])


def test_who_comes_later_with_an_earlier_number_is_told_earlier(home: Home, notes: Notes) -> None:
    index = StateIndex(home.bus)
    early = index.next_order()
    index.watch("light.a", notes.on_change("late"))
    index.watch("light.a", notes.on_change("early"), order=early)

    home.states.set("light.a", "on")

    assert notes.names == ["early", "late"]


def test_who_has_unsubscribed_is_told_nothing_and_leaves_nothing(home: Home, notes: Notes) -> None:
    index = StateIndex(home.bus)
    unsubscribe = index.watch("light.a", notes.on_change("a"), to=["on"])
    home.states.set("light.a", "on")
    notes.taken()

    unsubscribe()
    unsubscribe()
    home.states.set("light.a", "off")
    home.states.set("light.a", "on")

    assert notes.names == []
    assert not index.is_watched("light.a")


def test_a_domain_and_everything_come_after_the_entity(home: Home, notes: Notes) -> None:
    index = StateIndex(home.bus)
    index.watch_all(notes.on_change("all"))
    index.watch_domain("light", notes.on_change("domain"))
    index.watch("light.a", notes.on_change("entity"))

    home.states.set("light.a", "on")
    light = notes.taken()
    home.states.set("fan.a", "on")

    assert (light, notes.names) == (["entity", "domain", "all"], ["all"])


def test_a_callback_that_fails_is_logged_and_the_next_is_told(
    home: Home, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("boom")

    index = StateIndex(home.bus)
    index.watch("light.a", fail)
    index.watch("light.a", notes.on_change("next"))

    home.states.set("light.a", "on")

    assert notes.names == ["next"]
    assert "ValueError: boom" in caplog.text


def test_events_are_found_by_one_value_of_their_data(home: Home) -> None:
    index = EventIndex(home.bus)
    heard: list[str] = []
    index.listen("e", lambda _: heard.append("x=1"), key="x", value=1)
    index.listen("e", lambda _: heard.append("any"))
    index.listen("e", lambda _: heard.append("y=a"), key="y", value="a")

    home.bus.fire("e", {"x": 1.0, "y": "a"})
    home.bus.fire("e", {"x": [1], "y": {}})

    assert heard == ["x=1", "any", "y=a", "any"]


def test_the_last_to_leave_an_event_leaves_the_bus_too(home: Home) -> None:
    index = EventIndex(home.bus)
    unsubscribe = [index.listen("e", lambda _: None, key="x", value=1), index.listen("e", lambda _: None)]

    for one in unsubscribe:
        one()

    assert not home.bus.has_listeners("e")
