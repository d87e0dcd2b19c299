"""The classes for plugin authors: plain fields in, state and attributes out."""

from typing import Any

import pytest

from inglenook.entities import (
    BinarySensor,
    Button,
    Climate,
    Cover,
    CoverFeature,
    EventEntity,
    Fan,
    Lock,
    Number,
    Select,
    Sensor,
    Siren,
    Text,
    Valve,
    register_domains,
)
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError
from inglenook.home import Home


def shown(home: Home, entity: Entity, **fields: Any) -> tuple[str, dict[str, Any]]:
    entity.name = "it"
    for name, value in fields.items():
        setattr(entity, name, value)
    home.entities.add(entity, "test")
    state = home.states.get(f"{entity.domain}.it")
    assert state is not None
    return state.state, {name: value for name, value in state.attributes.items() if name != "friendly_name"}


@pytest.mark.parametrize(
    ("entity", "fields", "state", "attributes"),
    [
        (BinarySensor, {"is_on": True, "device_class": "motion"}, "on", {"device_class": "motion"}),
        (BinarySensor, {}, "unknown", {}),
        (
            Sensor,
            {"state": 20.5, "unit_of_measurement": "°C", "state_class": "measurement"},
            "20.5",
            {"unit_of_measurement": "°C", "state_class": "measurement"},
        ),
        (Button, {}, "unknown", {}),
        (Cover, {}, "unknown", {"is_closed": None}),
        (Cover, {"current_position": 0}, "closed", {"is_closed": True, "current_position": 0}),
        (
            Cover,
            {"current_position": 3, "current_tilt_position": 50},
            "open",
            {"is_closed": False, "current_position": 3, "current_tilt_position": 50},
        ),
        (Cover, {"is_closed": True, "travel": "opening"}, "opening", {"is_closed": True}),
        (Valve, {"is_closed": False}, "open", {"is_closed": False}),
        (Lock, {"is_locked": True, "changed_by": "Ann"}, "locked", {"changed_by": "Ann"}),
        (Lock, {"is_locked": False}, "unlocked", {}),
        (Lock, {"is_locked": False, "transition": "jammed"}, "jammed", {}),
        (Lock, {}, "unknown", {}),
        (Fan, {"percentage": 0}, "off", {"percentage": 0, "percentage_step": 1.0}),
        (Fan, {"is_on": True}, "on", {"percentage_step": 1.0}),
        (
            Fan,
            {"percentage": 50, "preset_mode": "eco", "preset_modes": ["eco"]},
            "on",
            {"percentage": 50, "percentage_step": 1.0, "preset_mode": "eco", "preset_modes": ["eco"]},
        ),
        (
            Climate,
            {"hvac_mode": "heat", "temperature": 20, "current_temperature": 18.5},
            "heat",
            {
                "hvac_modes": ["off", "heat"],
                "min_temp": 7.0,
                "max_temp": 35.0,
                "temperature": 20,
                "current_temperature": 18.5,
            },
        ),
        (Number, {"state": 5}, "5", {"min": 0.0, "max": 100.0, "step": 1.0, "mode": "auto"}),
        (Select, {"state": "a", "options": ["a", "b"]}, "a", {"options": ["a", "b"]}),
        (Select, {"state": "c", "options": ["a", "b"]}, "unknown", {"options": ["a", "b"]}),
        (Text, {"state": ""}, "", {"min": 0, "max": 255, "mode": "text"}),
        (Siren, {"is_on": False, "extra_attributes": {"battery": 9}}, "off", {"battery": 9}),
    ],
)
def test_fields_become_state_and_attributes(
    home: Home, entity: type[Entity], fields: dict[str, Any], state: str, attributes: dict[str, Any]
) -> None:
    assert shown(home, entity(), **fields) == (state, attributes)


def test_what_a_class_can_do_is_what_it_has_methods_for(home: Home) -> None:
    class Blind(Cover):
        def open_cover(self) -> None: ...

        def set_cover_position(self, position: int) -> None: ...

    class Odd(Blind):
        supported_features = CoverFeature.STOP

    _, attributes = shown(home, Blind())
    odd = Odd()
    odd.describe()

    assert attributes == {"is_closed": None, "supported_features": CoverFeature.OPEN | CoverFeature.SET_POSITION}
    assert odd.supported_features == CoverFeature.STOP


def test_an_unavailable_entity_still_shows_what_it_can_do(home: Home) -> None:
    state, attributes = shown(home, Select(), state="a", options=("a", "b"), is_available=False)

    assert (state, attributes) == ("unavailable", {"options": ["a", "b"]})


async def test_a_pressed_button_shows_the_moment(home: Home) -> None:
    class Bell(Button):
        presses = 0

        def press(self) -> None:
            self.presses += 1

    bell = Bell()
    bell.name = "it"
    home.entities.add(bell, "test")
    register_domains(home)

    await home.clock.sleep(2)
    await home.services.call("button", "press", {"entity_id": "button.it"})

    state = home.states.get("button.it")
    assert state is not None
    assert (bell.presses, state.state) == (1, "2026-03-10T11:00:02+00:00")


async def test_an_event_shows_its_moment_its_type_and_its_data(home: Home) -> None:
    remote = EventEntity()
    remote.event_types = ("single", "double")
    shown(home, remote)

    await home.clock.sleep(1.5)
    remote.happened("double", battery=90)

    state = home.states.get("event.it")
    assert state is not None
    assert state.state == "2026-03-10T11:00:01.500+00:00"
    assert (state.attributes["event_type"], state.attributes["battery"]) == ("double", 90)
    with pytest.raises(ServiceValidationError, match=r"event\.it: event type 'long' is none of single, double"):
        remote.happened("long")


async def test_a_cover_is_told_how_fast_only_if_it_wants_to_know(home: Home) -> None:
    heard: list[object] = []

    class Plain(Cover):
        name = "plain"

        def open_cover(self) -> None:
            heard.append("open")

    class Fast(Cover):
        name = "fast"

        def open_cover(self, speed: str | None = None) -> None:
            heard.append(speed)

    register_domains(home)
    for entity in (Plain(), Fast()):
        home.entities.add(entity, "test")

    await home.services.call("cover", "open_cover", {"entity_id": ["cover.plain", "cover.fast"], "speed": "slow"})

    assert heard == ["open", "slow"]
