"""Entity objects: their ids, their states, and what services ask of them."""

from typing import Any

import pytest

from inglenook.entity import Entity, state_text
from inglenook.errors import ServiceValidationError
from inglenook.home import Home
from inglenook.model import State, new_context


class Lamp(Entity):
    domain = "light"

    def __init__(self, name: str, unique_id: str | None = None) -> None:
        self.name = name
        self.unique_id = unique_id
        self.state = False

    def turn_on(self, brightness: int = 255) -> str:
        self.state, self.attributes = True, {"brightness": brightness}
        self.write()
        return "done"


def test_adding_writes_the_first_state_under_an_id_made_of_the_name(home: Home) -> None:
    lamp = home.entities.add(Lamp("Hall lamp"), "test")

    state = home.states.get("light.hall_lamp")
    assert lamp.entity_id == "light.hall_lamp"
    assert state is not None
    assert (state.state, dict(state.attributes)) == ("off", {"friendly_name": "Hall lamp"})


def test_a_service_is_the_method_of_its_name(home: Home) -> None:
    lamp = home.entities.add(Lamp("Hall"), "test")

    answer = lamp.perform("turn_on", {"brightness": 9}, new_context(0))

    state = home.states.get("light.hall")
    assert answer == "done"
    assert state is not None
    assert state.attributes["brightness"] == 9


@pytest.mark.parametrize("service", ["fly", "_register", "__init__"])
def test_what_an_entity_cannot_do_is_refused(home: Home, service: str) -> None:
    lamp = home.entities.add(Lamp("Hall"), "test")

    with pytest.raises(ServiceValidationError, match=r"light\.hall does not support light\."):
        lamp.perform(service, {}, new_context(0))


def test_with_force_update_every_state_that_is_written_is_a_change(home: Home) -> None:
    lamp = Lamp("Hall")
    lamp.force_update = True
    home.entities.add(lamp, "test")
    changes: list[str] = []
    home.bus.listen("state_changed", lambda event: changes.append(event.data["new_state"].state))

    lamp.write()

    assert changes == ["off"]


def test_an_unavailable_entity_keeps_only_what_is_fixed(home: Home) -> None:
    lamp = Lamp("Hall")
    lamp.capabilities = {"effect_list": ["a"]}
    home.entities.add(lamp, "test")
    lamp.turn_on()

    lamp.is_available = False
    lamp.write()

    state = home.states.get("light.hall")
    assert state is not None
    assert state.state == "unavailable"
    assert dict(state.attributes) == {"effect_list": ["a"], "friendly_name": "Hall"}


def test_a_persons_name_comes_before_the_platforms(home: Home) -> None:
    lamp = home.entities.add(Lamp("Hall", "u1"), "test")

    home.registry.entities.update(lamp.entity_id, name="Corridor", icon="mdi:lamp")
    home.entities.refresh(lamp.entity_id)

    state = home.states.get("light.hall")
    assert state is not None
    assert state.attributes["friendly_name"] == "Corridor"
    assert state.attributes["icon"] == "mdi:lamp"


def test_what_a_person_chose_is_still_there_when_the_entity_comes_again(home: Home) -> None:
    home.entities.add(Lamp("Hall", "u1"), "test")
    home.registry.entities.update("light.hall", name="Corridor", unit_of_measurement="lm")
    home.entities.remove("light.hall")

    home.entities.add(Lamp("Hall", "u1"), "test")

    state = home.states.get("light.hall")
    assert state is not None
    assert state.attributes["friendly_name"] == "Corridor"
    assert state.attributes["unit_of_measurement"] == "lm"


def test_the_same_unique_id_twice_is_refused(home: Home) -> None:
    home.entities.add(Lamp("Hall", "u1"), "test")

    with pytest.raises(ServiceValidationError, match="is there already"):
        home.entities.add(Lamp("Other", "u1"), "test")


def test_a_name_that_an_unregistered_entity_bears_already_gets_a_number(home: Home) -> None:
    ids = [home.entities.add(Lamp("Hall", unique_id), "test").entity_id for unique_id in (None, "1", None, "2")]

    assert ids == ["light.hall", "light.hall_2", "light.hall_3", "light.hall_4"]


def test_a_disabled_entity_is_not_shown(home: Home) -> None:
    home.entities.add(Lamp("Hall", "u1"), "test")
    home.entities.remove("light.hall")
    home.registry.entities.update("light.hall", disabled_by="user")

    home.entities.add(Lamp("Hall", "u1"), "test")

    assert "light.hall" not in home.states
    assert "light.hall" not in home.entities


def test_a_renamed_entity_takes_its_state_along(home: Home) -> None:
    lamp = home.entities.add(Lamp("Hall", "u1"), "test")

    home.registry.entities.update("light.hall", entity_id="light.corridor")

    assert lamp.entity_id == "light.corridor"
    assert "light.hall" not in home.states
    assert "light.corridor" in home.states


def test_a_name_or_icon_that_a_person_gives_is_shown_at_once(home: Home) -> None:
    home.entities.add(Lamp("Hall", "u1"), "test")

    home.registry.entities.update("light.hall", name="Corridor", icon="mdi:lamp")

    shown = home.states.get("light.hall")
    assert shown is not None
    assert (shown.attributes["friendly_name"], shown.attributes["icon"]) == ("Corridor", "mdi:lamp")


def test_an_entity_that_a_person_disables_goes_and_comes_back_when_it_is_enabled(home: Home) -> None:
    lamp = home.entities.add(Lamp("Hall", "u1"), "test")

    home.registry.entities.update("light.hall", disabled_by="user")
    lamp.write()

    assert not lamp.is_there
    assert "light.hall" not in home.states

    home.registry.entities.update("light.hall", disabled_by=None, entity_id="light.corridor")

    assert lamp.is_there
    assert "light.corridor" in home.states


def test_an_entity_that_came_disabled_begins_when_it_is_enabled(home: Home) -> None:
    home.entities.add(Lamp("Hall", "u1"), "test")
    home.entities.remove("light.hall")
    home.registry.entities.update("light.hall", disabled_by="user")
    lamp = home.entities.add(Lamp("Hall", "u1"), "test")

    home.registry.entities.update("light.hall", disabled_by=None)

    assert home.entities.get("light.hall") is lamp


def test_an_entity_that_fails_when_it_is_enabled_does_not_keep_others_from_knowing(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Lamp):
        def enabled(self) -> None:
            raise RuntimeError("no")

    heard: list[Any] = []
    home.bus.listen("entity_registry_updated", lambda event: heard.append(event.data["changes"]))
    home.entities.add(Broken("Hall", "u1"), "test")
    home.registry.entities.update("light.hall", disabled_by="user")

    home.registry.entities.update("light.hall", disabled_by=None)

    assert heard[-1] == {"disabled_by": "user"}
    assert "no" in caplog.text


def test_an_entity_goes_with_its_entry(home: Home) -> None:
    home.entities.add(Lamp("Hall", "u1"), "test")

    home.registry.entities.remove("light.hall")

    assert "light.hall" not in home.entities
    assert "light.hall" not in home.states


def test_writing_before_it_was_added_or_after_it_left_does_nothing(home: Home) -> None:
    lamp = Lamp("Hall")
    lamp.write()
    home.entities.add(lamp, "test")
    home.entities.remove("light.hall")

    lamp.write()

    assert len(home.states) == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "on"),
        (False, "off"),
        (None, "unknown"),
        ("heat", "heat"),
        (21, "21"),
        (21.5, "21.5"),
        (21.0, "21.0"),
        (0.1 + 0.2, "0.3"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
    ],
)
def test_the_text_of_a_state(value: Any, text: str) -> None:
    assert state_text(value) == text


async def test_what_an_entity_writes_soon_after_a_call_bears_the_context_of_the_call(home: Home) -> None:
    lamp = home.entities.add(Lamp("Hall"), "test")
    call = new_context(0)
    lamp.perform("turn_on", {"brightness": 9}, call)

    await home.clock.sleep(4)
    lamp.state = False
    lamp.write()
    soon = home.states.get("light.hall")
    await home.clock.sleep(2)
    lamp.state = True
    lamp.write()
    later = home.states.get("light.hall")

    assert soon is not None
    assert later is not None
    assert soon.context is call
    assert later.context is not call


def test_an_entity_describes_itself_before_it_is_registered(home: Home) -> None:
    class Choice(Lamp):
        def describe(self) -> None:
            self.capabilities = {"effect_list": ["rain"]}

    home.entities.add(Choice("Hall", "42"), "test")

    entry = home.registry.entities.get("light.hall")
    assert entry is not None
    assert entry.capabilities == {"effect_list": ["rain"]}


def test_what_a_person_customized_is_shown_over_what_the_entity_says(home: Home) -> None:
    home.entities.customize = lambda entity_id: {"brightness": 1, "note": "old"} if entity_id == "light.hall" else {}
    lamp = home.entities.add(Lamp("Hall", "1"), "test")
    first = home.states.get("light.hall")
    lamp.perform("turn_on", {}, new_context(0))
    second = home.states.get("light.hall")
    lamp.is_available = False
    lamp.write()
    third = home.states.get("light.hall")

    home.registry.entities.update("light.hall", entity_id="light.attic")

    customized = {"friendly_name": "Hall", "brightness": 1, "note": "old"}
    assert [dict(state.attributes) for state in (first, second, third) if state] == [customized] * 3
    assert "note" not in home.states.get("light.attic").attributes  # type: ignore[union-attr]


def test_the_last_state_of_a_former_run_is_there_until_the_entity_writes(home: Home) -> None:
    seen: list[str | None] = []

    class Remembering(Lamp):
        def added(self) -> None:
            seen.append(self.last_state.state if self.last_state else None)

    context = new_context(0)
    home.states.restore(State("light.hall", "on", {}, context, 1.0, 1.0, 1.0))

    lamp = home.entities.add(Remembering("Hall"), "test")
    home.entities.add(Remembering("Attic"), "test")

    assert seen == ["on", None]
    assert lamp.last_state is None
