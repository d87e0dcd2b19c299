"""platform: group: what the members make, and what they are told."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors


async def state_of(house: House, domain: str, states: Mapping[str, Any], more: str = "") -> str | None:
    """Return the state of a group of ``states``, each a text or a text with attributes."""
    for name, state in states.items():
        text, attributes = (state, {}) if isinstance(state, str) else state
        house.home.states.set(f"{domain}.{name}", text, attributes)
    members = ", ".join(f"{domain}.{name}" for name in states)
    await house.declare(f"{domain}: [{{platform: group, name: All, entities: [{members}]{more}}}]")
    return house.state(f"{domain}.all")


@pytest.mark.parametrize(
    ("domain", "states", "joint"),
    [
        ("switch", {"a": "off", "b": "on"}, "on"),
        ("switch", {"a": "off", "b": "unavailable"}, "off"),
        ("switch", {"a": "unknown", "b": "unavailable"}, "unknown"),
        ("switch", {"a": "unavailable"}, "unavailable"),
        ("cover", {"a": "closed", "b": "open"}, "open"),
        ("cover", {"a": "closed", "b": "closing"}, "closing"),
        ("cover", {"a": "closed", "b": "unknown"}, "closed"),
        ("lock", {"a": "locked", "b": "locked"}, "locked"),
        ("lock", {"a": "locked", "b": "unlocked"}, "unlocked"),
        ("lock", {"a": "jammed", "b": "unlocked"}, "jammed"),
        ("lock", {"a": "locked", "b": "unknown"}, "unknown"),
        ("button", {"a": "2026-01-01T00:00:00+00:00", "b": "2026-02-01T00:00:00+00:00"}, "2026-02-01T00:00:00+00:00"),
    ],
)
async def test_the_members_make_the_state(house: House, domain: str, states: Mapping[str, str], joint: str) -> None:
    assert await state_of(house, domain, states) == joint


@pytest.mark.parametrize(
    ("states", "joint"),
    [({"a": "on", "b": "off"}, "off"), ({"a": "on", "b": "on"}, "on"), ({"a": "on", "b": "unknown"}, "unknown")],
)
async def test_with_all_every_member_has_to_be_on_and_known(
    house: House, states: Mapping[str, str], joint: str
) -> None:
    assert await state_of(house, "binary_sensor", states, ", all: true, device_class: motion") == joint
    assert house.attribute("binary_sensor.all", "device_class") == "motion"


async def test_a_light_is_as_bright_as_those_that_are_on(house: House) -> None:
    warm = {"color_mode": "color_temp", "brightness": 100, "color_temp_kelvin": 2700}
    can = {"supported_color_modes": ["color_temp"], "min_color_temp_kelvin": 2000, "supported_features": 32}
    dim = {"color_mode": "brightness", "brightness": 201, "supported_color_modes": ["brightness"]}
    states = {"a": ("on", {**warm, **can}), "b": ("on", dim), "c": ("off", {"min_color_temp_kelvin": 1800})}

    await state_of(house, "light", states)

    shown = {
        name: house.attribute("light.all", name)
        for name in ("brightness", "color_mode", "color_temp_kelvin", "supported_color_modes", "min_color_temp_kelvin")
    }
    assert shown == {
        "brightness": 150,
        "color_mode": "color_temp",
        "color_temp_kelvin": 2700,
        "supported_color_modes": ["color_temp", "brightness"],
        "min_color_temp_kelvin": 1800,
    }
    assert house.attribute("light.all", "supported_features") == 32


async def test_the_mean_of_positions_and_speeds_is_shown(house: House) -> None:
    await state_of(house, "cover", {"a": ("open", {"current_position": 20}), "b": ("open", {"current_position": 60})})

    assert house.attribute("cover.all", "current_position") == 40


async def test_what_it_is_told_it_tells_the_members_in_one_call(house: House) -> None:
    dim = {"supported_color_modes": ["brightness"]}
    await state_of(house, "light", {"a": ("off", dim), "b": ("off", dim)})
    calls: list[tuple[str, Any]] = []
    house.home.bus.listen(
        "call_service", lambda event: calls.append((event.data["service"], event.data["service_data"]))
    )

    await house.call("light.toggle", "light.all", brightness_pct=100)

    assert calls[1] == ("turn_on", {"brightness": 255, "entity_id": ["light.a", "light.b"]})


async def test_it_follows_its_members_with_the_context_of_their_change(house: House) -> None:
    await state_of(house, "switch", {"a": "off"})

    cause = house.home.states.set("switch.a", "on").context

    group = house.home.states.get("switch.all")
    assert group is not None
    assert (group.state, group.context) == ("on", cause)


async def test_one_with_a_unique_id_is_in_the_registry(house: House) -> None:
    await state_of(house, "switch", {"a": "off"}, ", unique_id: abc")

    entry = house.home.registry.entity_of("switch", "group", "abc")
    assert entry is not None
    assert entry.entity_id == "switch.all"


async def test_a_reload_keeps_what_stayed_and_changes_the_rest(house: House) -> None:
    same = "{platform: group, name: Same, entities: switch.a}"
    await house.declare(f"switch: [{same}, {{platform: group, name: Old, entities: switch.a}}]")
    before = house.home.entities.get("switch.same")

    await house.reload("group", f"switch: [{same}, {{platform: group, name: New, entities: switch.a}}]")

    assert house.home.entities.get("switch.same") is before
    assert (house.state("switch.old"), house.state("switch.new")) == (None, "unavailable")


async def test_members_are_of_the_same_kind(house: House) -> None:
    with pytest.raises(ConfigErrors, match=r"switch\.entities: expected an entity of switch, got 'light.a'"):
        await house.declare("switch: [{platform: group, entities: [light.a]}]")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("min", "1.0"), ("max", "6.0"), ("mean", "3.0"), ("median", "2.0"), ("sum", "9.0"), ("product", "12.0"),
        ("range", "5.0"), ("stdev", "2.64575131106459"), ("first_available", "2.0"), ("last", "1.0"),
    ],
)  # fmt: skip
async def test_sensors_are_one_number(house: House, kind: str, state: str) -> None:
    for name, number in (("a", "2"), ("b", "6"), ("c", "1")):
        await house.clock.advance(1)
        house.home.states.set(f"sensor.{name}", number, {"unit_of_measurement": "W"})

    await house.declare(
        f"sensor: {{platform: group, name: All, type: {kind}, entities: [sensor.a, sensor.b, sensor.c]}}"
    )

    assert house.state("sensor.all") == state
    assert house.attribute("sensor.all", "unit_of_measurement") == "W"


@pytest.mark.parametrize(("ignores", "state"), [("false", "unknown"), ("true", "2.0")])
async def test_a_sensor_without_a_number_counts_or_is_ignored(house: House, ignores: str, state: str) -> None:
    more = f", type: sum, ignore_non_numeric: {ignores}"

    assert await state_of(house, "sensor", {"a": "2", "b": "unavailable"}, more) == state


async def test_a_group_of_itself_stands_for_the_others(house: House) -> None:
    house.home.states.set("switch.a", "on")
    await house.declare("switch: {platform: group, name: All, entities: [switch.all, switch.a]}")

    await house.call("switch.turn_on", "switch.all")

    assert house.attribute("switch.all", "entity_id") == ["switch.a"]


@pytest.mark.parametrize(
    ("states", "joint"),
    [
        ({"a": "playing", "b": "playing"}, "playing"),
        ({"a": "playing", "b": "off"}, "on"),
        ({"a": "off", "b": "unavailable"}, "off"),
        ({"a": "unknown", "b": "unavailable"}, "unknown"),
        ({"a": "unavailable"}, "unavailable"),
    ],
)
async def test_players_make_the_state_of_one(house: House, states: Mapping[str, str], joint: str) -> None:
    assert await state_of(house, "media_player", states) == joint


async def test_players_are_told_what_they_can_do(house: House) -> None:
    loud, quiet = {"supported_features": 4 | 16384, "volume_level": 0.2}, {"supported_features": 16384}
    await state_of(house, "media_player", {"a": ("playing", loud), "b": ("playing", quiet)})
    told: list[Any] = []
    house.home.bus.listen("call_service", lambda event: told.append(event.data["service_data"]["entity_id"]))

    for service in ("volume_up", "media_play"):
        await house.call(f"media_player.{service}", "media_player.all")

    assert house.attribute("media_player.all", "supported_features") == 4 | 1024 | 16384
    assert told[1::2] == [["media_player.a"], ["media_player.a", "media_player.b"]]


async def test_an_event_of_any_is_one_of_all(house: House) -> None:
    first = ("2026-01-01T00:00:00.000+00:00", {"event_type": "single", "event_types": ["single"], "button": 1})
    await state_of(house, "event", {"a": first, "b": ("unknown", {"event_types": ["double"]})})
    second = "2026-01-02T00:00:00.000+00:00"
    house.home.states.set("event.b", second, {"event_type": "double", "event_types": ["double"], "friendly_name": "B"})
    house.home.states.set("event.b", "unavailable")  # what has been reported stays

    group = house.home.states.get("event.all")
    assert group is not None
    assert group.state == second
    assert (group.attributes["event_type"], group.attributes["friendly_name"]) == ("double", "All")
    assert "button" not in group.attributes
    assert group.attributes["event_types"] == ["single"]


async def test_a_message_to_entities_reaches_each(house: House) -> None:
    await state_of(house, "notify", {"a": "unknown", "b": "unknown"})
    told: list[Any] = []
    house.home.bus.listen("call_service", lambda event: told.append(event.data["service_data"]))

    await house.call("notify.send_message", "notify.all", message="Hello")

    assert told[1] == {"message": "Hello", "entity_id": ["notify.a", "notify.b"]}
