"""What holds for template entities of every platform."""

from typing import Any

import pytest
from tests.core.template_entities.conftest import TemplateHome

from inglenook.model import Context, State
from inglenook.template_entities.platforms import PLATFORMS

VALUE = "{{ trigger.event.data.value }}"

# For each platform the keys of an entity whose state follows a trigger, a value, and the state that it makes.
FOLLOWING: dict[str, tuple[str, Any, str | None]] = {
    "alarm_control_panel": (f'state: "{VALUE}"', "armed_home", "armed_home"),
    "binary_sensor": (f'state: "{VALUE}"', "yes", "on"),
    "climate": (f"hvac_modes: \"{{{{ ['off', 'heat'] }}}}\", hvac_mode: \"{VALUE}\"", "heat", "heat"),
    "cover": (f'position: "{VALUE}", open_cover: [], close_cover: []', 30, "open"),
    "device_tracker": (f'latitude: "{VALUE}", longitude: 5', 52, "not_home"),
    "event": (f'event_type: "{VALUE}", event_types: "{{{{ [\'ring\'] }}}}"', "ring", None),
    "fan": (f'state: "{VALUE}", turn_on: [], turn_off: []', "on", "on"),
    "image": (f'url: "http://example.com/{VALUE}"', "a.png", None),
    "light": (f'state: "{VALUE}", turn_on: [], turn_off: []', "on", "on"),
    "lock": (f'state: "{VALUE}", lock: [], unlock: []', "jammed", "jammed"),
    "media_player": (f'state: "{VALUE}"', "paused", "paused"),
    "number": (f'state: "{VALUE}", set_value: []', 5, "5.0"),
    "select": (f"state: \"{VALUE}\", options: \"{{{{ ['a', 'b'] }}}}\"", "b", "b"),
    "sensor": (f'state: "{VALUE}"', "hi", "hi"),
    "switch": (f'state: "{VALUE}"', "on", "on"),
    "update": (f'installed_version: "1", latest_version: "{VALUE}"', "1.1", "on"),
    "vacuum": (f'state: "{VALUE}", start: []', "docked", "docked"),
    "water_heater": (f'operation_mode: "{VALUE}"', "eco", "eco"),
    "weather": (f'condition: "{VALUE}", temperature: 5, humidity: 40', "fog", "fog"),
}


def test_every_platform_that_may_have_triggers_is_here() -> None:
    assert set(FOLLOWING) == {name for name, platform in PLATFORMS.items() if platform.may_be_triggered}


@pytest.mark.parametrize("platform", FOLLOWING)
async def test_an_entity_follows_a_trigger(house: TemplateHome, platform: str) -> None:
    keys, value, expected = FOLLOWING[platform]
    house.load(f"[{{triggers: {{trigger: event, event_type: go}}, {platform}: {{name: X, {keys}}}}}]")
    before = house.state(f"{platform}.x")

    await house.fire("go", value=value)

    state = house.state(f"{platform}.x")
    assert before == "unknown"
    assert state.startswith("2026-") if expected is None else state == expected


@pytest.mark.parametrize("platform", FOLLOWING)
async def test_an_entity_is_unavailable_while_its_template_says_so(house: TemplateHome, platform: str) -> None:
    keys, _, _ = FOLLOWING[platform]
    keys = keys.replace(VALUE, "{{ states('sensor.value') }}")
    await house.set("sensor.there", "off")
    house.load(f"[{{{platform}: {{name: X, availability: \"{{{{ states('sensor.there') }}}}\", {keys}}}}}]")
    before = house.state(f"{platform}.x")

    await house.set("sensor.there", "on")

    assert before == "unavailable"
    assert house.state(f"{platform}.x") != "unavailable"


# What the state before a restart was, and shows again until a trigger fires.
LAST: dict[str, tuple[str, dict[str, Any]]] = {
    "alarm_control_panel": ("armed_away", {}),
    "climate": ("cool", {"hvac_modes": ["off", "cool"], "temperature": 21, "fan_mode": "low"}),
    "cover": ("open", {"current_position": 40}),
    "device_tracker": ("Town", {"latitude": 52, "in_zones": ["zone.town"]}),
    "fan": ("on", {"percentage": 30}),
    "image": ("2026-01-01T00:00:00+00:00", {"entity_picture": "http://example.com/a.png"}),
    "light": ("on", {"brightness": 7}),
    "lock": ("jammed", {}),
    "media_player": ("playing", {"media_title": "Song", "volume_level": 0.5}),
    "number": ("5.0", {}),
    "select": ("b", {}),
    "sensor": ("hi", {}),
    "switch": ("on", {}),
    "update": ("on", {"installed_version": "1", "latest_version": "2"}),
    "vacuum": ("docked", {"battery_level": 9}),
    "water_heater": ("eco", {"temperature": 50}),
    "weather": ("fog", {"temperature": 5, "wind_bearing": "NW"}),
}


@pytest.mark.parametrize("platform", LAST)
async def test_an_entity_with_triggers_comes_back_as_it_was(house: TemplateHome, platform: str) -> None:
    state, attributes = LAST[platform]
    keys, _, _ = FOLLOWING[platform]
    house.home.states.restore(State(f"{platform}.x", state, attributes, Context("x"), 1.0, 1.0, 1.0))

    house.load(f"[{{triggers: {{trigger: event, event_type: go}}, {platform}: {{name: X, {keys}}}}}]")

    shown = house.attributes(f"{platform}.x")
    found = {name: list(value) if isinstance(value := shown.get(name), tuple) else value for name in attributes}
    assert (house.state(f"{platform}.x"), found) == (state, attributes)
