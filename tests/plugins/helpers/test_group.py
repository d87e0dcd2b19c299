"""group: the words of its members, any or all of them, and the services that make one."""

from collections.abc import Mapping

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import InvalidServiceData

GROUP = "group.g"


async def state_of(house: House, states: Mapping[str, str], more: str = "") -> str | None:
    """Return the state of a group of ``states`` in a home that has started."""
    for entity_id, state in states.items():
        house.home.states.set(entity_id, state)
    await house.declare(f"group: {{g: {{entities: [{', '.join(states)}]{more}}}}}")
    house.home.bus.fire("homeassistant_start")
    return house.state(GROUP)


@pytest.mark.parametrize(
    ("states", "joint"),
    [
        ({"light.a": "off", "light.b": "on"}, "on"),
        ({"light.a": "off", "switch.b": "off"}, "off"),
        ({"person.a": "not_home", "person.b": "home"}, "home"),
        ({"person.a": "not_home", "device_tracker.b": "Work"}, "not_home"),
        ({"cover.a": "open", "cover.b": "closed"}, "open"),
        ({"cover.a": "closing"}, "closed"),
        ({"lock.a": "locked", "lock.b": "unlocking"}, "unlocked"),
        ({"climate.a": "heat", "climate.b": "off"}, "on"),
        ({"media_player.a": "standby"}, "off"),
        ({"person.a": "home", "light.b": "off"}, "on"),
        ({"person.a": "not_home", "light.b": "off"}, "off"),
        ({"sensor.a": "on"}, "unknown"),
        ({"input_number.a": "5.0"}, "unknown"),
        ({"light.a": "unavailable"}, "unknown"),
        ({"light.a": "unavailable", "light.b": "on"}, "on"),
    ],
)
async def test_a_group_speaks_as_its_members_do(house: House, states: Mapping[str, str], joint: str) -> None:
    assert await state_of(house, states) == joint


async def test_with_all_every_member_has_to_be_on(house: House) -> None:
    first = await state_of(house, {"light.a": "on", "light.b": "off"}, ", all: true")

    house.home.states.set("light.b", "on")

    assert (first, house.state(GROUP)) == ("off", "on")


async def test_a_group_follows_its_members_with_the_context_of_their_change(house: House) -> None:
    await state_of(house, {"light.a": "off"})

    cause = house.home.states.set("light.a", "on").context

    group = house.home.states.get(GROUP)
    assert group is not None
    assert (group.state, group.context) == ("on", cause)


async def test_a_group_among_the_members_lends_its_words(house: House) -> None:
    house.home.states.set("person.a", "home")
    await house.declare("group: {all: [group.family], family: person.a}")

    house.home.bus.fire("homeassistant_start")

    assert [house.state("group.family"), house.state("group.all")] == ["home", "home"]


async def test_a_group_of_itself_stands_still(house: House) -> None:
    await house.declare("group: {g: [group.g, group.h], h: [group.g]}")

    house.home.bus.fire("homeassistant_start")

    assert house.state(GROUP) == "unknown"


async def test_before_the_home_has_started_a_group_is_unknown(house: House) -> None:
    house.home.states.set("light.a", "on")

    await house.declare("group: {g: [light.a]}")

    assert house.state(GROUP) == "unknown"
    assert house.attribute(GROUP, "entity_id") == ["light.a"]


async def test_services_make_change_and_remove_a_group(house: House) -> None:
    await state_of(house, {"light.a": "off"})
    house.home.states.set("light.b", "on")
    members = []

    for data in (
        {"entities": ["light.b"], "name": "New"},
        {"add_entities": "light.a"},
        {"remove_entities": ["light.b"]},
    ):
        await house.call("group.set", object_id="made", **data)
        members.append((house.state("group.made"), house.attribute("group.made", "entity_id")))
    name = house.attribute("group.made", "friendly_name")
    await house.call("group.remove", object_id="made")

    assert members == [("on", ["light.b"]), ("on", ["light.b", "light.a"]), ("off", ["light.a"])]
    assert (name, house.state("group.made")) == ("New", None)


async def test_a_reload_keeps_what_a_service_made_and_puts_right_what_one_changed(house: House) -> None:
    await state_of(house, {"light.a": "off"})
    await house.call("group.set", object_id="made", entities=["light.a"])
    await house.call("group.set", object_id="g", entities=["light.b"])

    await house.reload("group", "group: {g: {entities: [light.a]}, new: light.a}")

    members = [house.attribute(f"group.{name}", "entity_id") for name in ("g", "new", "made")]
    assert members == [["light.a"], ["light.a"], ["light.a"]]


async def test_what_the_configuration_declares_takes_the_place_of_what_a_service_made(house: House) -> None:
    await state_of(house, {"light.a": "off"})
    await house.call("group.set", object_id="made", entities=["light.a"])

    await house.reload("group", "group: {made: light.b}")
    await house.reload("group", "group:")

    assert house.state("group.made") is None


async def test_removing_a_group_that_is_not_there_is_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await house.declare("group: ")

    await house.call("group.remove", object_id="nope")

    assert "there is no group.nope" in caplog.text


async def test_members_are_given_in_one_way_at_a_time(house: House) -> None:
    await house.declare("group: ")

    with pytest.raises(InvalidServiceData, match="give only one of entities, add_entities and remove_entities"):
        await house.call("group.set", object_id="g", entities=["light.a"], add_entities=["light.b"])


async def test_a_target_that_names_a_group_reaches_its_members(house: House) -> None:
    await house.declare("input_boolean: {a: , b: }\ngroup: {g: [input_boolean.a, input_boolean.b]}")

    await house.call("homeassistant.turn_on", GROUP)

    assert (house.state("input_boolean.a"), house.state("input_boolean.b")) == ("on", "on")


async def test_any_text_may_stand_as_the_key_and_is_the_name(house: House) -> None:
    await house.declare("group: {Living Room: light.a}")

    assert house.attribute("group.living_room", "friendly_name") == "Living Room"
