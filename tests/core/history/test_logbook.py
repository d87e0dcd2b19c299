"""The logbook: what it tells, in which words, and what it says was the cause."""

from functools import partial
from typing import Any

import pytest

from inglenook.clock import VirtualClock
from inglenook.history import MemoryHistory
from inglenook.history.logbook import Logbook
from inglenook.history.services import register_logbook
from inglenook.home import Home
from inglenook.model import Context, ServiceCall
from inglenook.rules import RuleEngine
from inglenook.templates import Templates
from inglenook.testing import START, make_virtual_home

pytestmark = pytest.mark.virtual


def turn_on(home: Home, call: ServiceCall) -> None:
    home.states.set("light.hall", "on", context=call.context)


class Book:
    """A home with a logbook."""

    def __init__(self) -> None:
        self.home: Home = make_virtual_home()
        assert isinstance(self.home.clock, VirtualClock)
        self.clock: VirtualClock = self.home.clock
        self.history = MemoryHistory(self.home)
        self.history.start()
        self.engine = RuleEngine(self.home, Templates(self.home))
        self.history.follow(self.engine)
        register_logbook(self.home)

    async def read(self, *, with_names: bool = True, **options: Any) -> list[dict[str, Any]]:
        """Return all entries."""
        book = Logbook(self.home, self.history, lambda at: at - START, with_names=with_names)
        return await book.between(START, START + 3600, **options)


async def test_a_state_that_changed_is_told_and_no_first_state_and_no_attribute() -> None:
    book = Book()
    states = book.home.states
    states.set("light.hall", "off")
    states.set("light.hall", "off", {"friendly_name": "Hall", "icon": "mdi:lamp"})
    await book.clock.advance(5)
    states.set("light.hall", "on", {"friendly_name": "Hall", "icon": "mdi:lamp"})
    states.remove("light.hall")
    states.set("light.hall", "on", {"friendly_name": "Hall"})

    assert await book.read() == [
        {"when": 5, "state": "on", "entity_id": "light.hall", "name": "Hall", "icon": "mdi:lamp"}
    ]
    assert "name" not in (await book.read(with_names=False))[0]


async def test_what_measures_is_left_out() -> None:
    book = Book()
    shown: dict[str, dict[str, Any]] = {
        "sensor.plain": {},
        "sensor.day": {"device_class": "date"},
        "sensor.watts": {"unit_of_measurement": "W"},
        "sensor.counted": {"state_class": "total"},
        "sensor.humid": {"device_class": "humidity"},
        "sensor.odd": {"device_class": ["date"]},
        "counter.steps": {},
    }
    for text in ("1", "2"):
        for entity_id, attributes in shown.items():
            book.home.states.set(entity_id, text, attributes)

    assert [entry["entity_id"] for entry in await book.read()] == ["sensor.plain", "sensor.day"]


async def test_what_a_rule_did_is_told_with_the_rule_and_the_rule_with_what_set_it_off() -> None:
    book = Book()
    states, services = book.home.states, book.home.services
    states.set("light.hall", "off")
    states.set("binary_sensor.door", "off", {"friendly_name": "Door"})
    services.register("test", "light_on", partial(turn_on, book.home))
    raw = {
        "alias": "Light",
        "triggers": [{"trigger": "state", "entity_id": "binary_sensor.door", "to": "on"}],
        "actions": [{"action": "test.light_on"}],
    }
    book.engine.swap("test", [book.engine.check(raw)])
    book.engine.start()
    await book.clock.advance(1)
    states.set("binary_sensor.door", "on", {"friendly_name": "Door"})
    await book.clock.advance(1)

    entries = {entry["entity_id"]: entry for entry in await book.read()}

    rule, light = entries["automation.light"], entries["light.hall"]
    assert rule["name"] == "Light"
    assert rule["message"] == "triggered by state of binary_sensor.door"
    assert rule["source"] == "state of binary_sensor.door"
    assert rule["domain"] == "automation"
    assert rule["context_entity_id"] == "binary_sensor.door"
    assert rule["context_entity_id_name"] == "Door"
    assert rule["context_state"] == "on"
    assert {key: value for key, value in light.items() if key.startswith("context_")} == {
        "context_event_type": "automation_triggered",
        "context_domain": "automation",
        "context_name": "Light",
        "context_message": "triggered by state of binary_sensor.door",
        "context_source": "state of binary_sensor.door",
        "context_entity_id": "automation.light",
        "context_entity_id_name": "Light",
    }
    assert "context_event_type" not in entries["binary_sensor.door"]
    by_context = await book.read(context_id=rule["context_id"])
    assert {entry["entity_id"] for entry in by_context} == {"automation.light", "light.hall"}
    await book.engine.stop()


async def test_a_call_of_a_person_is_the_cause_of_what_it_did() -> None:
    book = Book()
    states, services = book.home.states, book.home.services
    states.set("light.hall", "off")
    services.register("test", "light_on", partial(turn_on, book.home))
    await services.call("test", "light_on", context=Context("01JPERSON", None, "anna"))

    (entry,) = await book.read()

    assert entry["context_user_id"] == "anna"
    assert entry["context_event_type"] == "call_service"
    assert (entry["context_domain"], entry["context_service"]) == ("test", "light_on")


async def test_what_is_written_into_it_is_told() -> None:
    book = Book()
    await book.home.services.call("logbook", "log", {"name": "Door", "message": "rang", "entity_id": "lock.door"})
    await book.home.services.call("logbook", "log", {"name": "Post", "message": "came"})
    book.home.bus.fire("homeassistant_start")

    door, post, start = await book.read()

    assert (door["name"], door["message"], door["entity_id"], door["domain"]) == ("Door", "rang", "lock.door", "lock")
    assert (post["name"], post["message"], post["domain"]) == ("Post", "came", "logbook")
    assert (start["message"], start["domain"]) == ("started; what was before is not kept", "homeassistant")
    assert [entry["name"] for entry in await book.read(entity_ids=frozenset({"lock.door"}))] == ["Door"]


async def test_a_script_is_told_when_it_starts() -> None:
    book = Book()
    raw = {"alias": "Evening", "sequence": [{"event": "x"}]}
    book.engine.scripts.swap("test", {"evening": book.engine.check_script(raw)})
    book.engine.start()
    await book.home.services.call("script", "evening")

    entry = next(entry for entry in await book.read() if "message" in entry)

    assert (entry["name"], entry["message"], entry["entity_id"]) == ("Evening", "started", "script.evening")
    assert entry["context_event_type"] == "call_service"
    await book.engine.stop()
