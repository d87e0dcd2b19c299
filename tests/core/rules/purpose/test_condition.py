"""Purpose-specific conditions: whom they ask, any or all, and for how long."""

import gc

import pytest
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    ("behavior", "states", "expected"),
    [
        ("any", ("on", "off"), True),
        ("any", ("off", "off"), False),
        ("all", ("on", "off"), False),
        ("all", ("on", "on"), True),
        ("all", ("on", "unavailable"), True),
        ("all", ("unavailable", "unknown"), True),
        ("any", ("unavailable", "unknown"), False),
    ],
)
async def test_any_or_all_of_those_that_are_known(
    house: RuleHome, behavior: str, states: tuple[str, str], expected: bool
) -> None:
    for name, state in zip(("light.a", "light.b"), states, strict=True):
        await house.set(name, state)
    house.ask(f"condition: light.is_on\ntarget: {{entity_id: [light.a, light.b]}}\noptions: {{behavior: {behavior}}}")

    assert await house.holds() is expected


@pytest.mark.parametrize(
    ("kind", "entity_id", "state", "attributes"),
    [
        ("window.is_open", "binary_sensor.x", "on", {"device_class": "window"}),
        ("door.is_closed", "cover.x", "closed", {"device_class": "door"}),
        ("lock.is_jammed", "lock.x", "jammed", {}),
        ("alarm_control_panel.is_armed", "alarm_control_panel.x", "armed_night", {}),
        ("climate.is_on", "climate.x", "heat", {}),
        ("climate.is_heating", "climate.x", "heat", {"hvac_action": "heating"}),
        ("media_player.is_not_playing", "media_player.x", "paused", {}),
        ("media_player.is_muted", "media_player.x", "on", {"volume_level": 0}),
        ("battery.is_low", "binary_sensor.x", "on", {"device_class": "battery"}),
        ("update.is_not_available", "update.x", "off", {}),
        ("timer.is_paused", "timer.x", "paused", {}),
        ("todo.all_completed", "todo.x", "0", {}),
    ],
)
async def test_what_holds(house: RuleHome, kind: str, entity_id: str, state: str, attributes: dict[str, str]) -> None:
    await house.set(entity_id, state, **attributes)
    house.ask(f"condition: {kind}\ntarget: {{entity_id: {entity_id}}}")

    assert await house.holds()


@pytest.mark.parametrize(
    ("condition", "entity_id", "state", "attributes"),
    [
        ("climate.is_hvac_mode\noptions: {hvac_mode: [heat, cool]}", "climate.x", "cool", {}),
        ("select.is_option_selected\noptions: {option: red}", "input_select.x", "red", {}),
        ("text.is_equal_to\noptions: {value: hello}", "input_text.x", "hello", {}),
        ("zone.in_zone\noptions: {zone: zone.work}", "person.x", "Work", {"in_zones": ["zone.work"]}),
        ("zone.not_in_zone\noptions: {zone: zone.work}", "person.x", "home", {"in_zones": ["zone.home"]}),
    ],
)
async def test_options_say_what(
    house: RuleHome, condition: str, entity_id: str, state: str, attributes: dict[str, str]
) -> None:
    await house.set(entity_id, state, **attributes)
    house.ask(f"target: {{entity_id: {entity_id}}}\ncondition: {condition}")

    assert await house.holds()


async def test_a_group_of_another_class_is_not_asked(house: RuleHome) -> None:
    await house.set("binary_sensor.x", "on", device_class="door")
    house.ask("condition: motion.is_detected\ntarget: {entity_id: binary_sensor.x}")

    assert not await house.holds()


async def test_an_area_is_looked_up_each_time(house: RuleHome) -> None:
    registry = house.home.registry
    area = registry.ensure_area("Hall")
    entry = registry.ensure_entity("light", "test", "one", suggested_object_id="one")
    await house.set(entry.entity_id, "on")
    house.ask("condition: light.is_on\ntarget: {area_id: hall}")
    before = await house.holds()

    registry.entities.update(entry.entity_id, area_id=area.id)

    assert (before, await house.holds()) == (False, True)


# -- for ------------------------------------------------------------------------------------------------------------


async def test_a_state_counts_from_its_last_change(house: RuleHome) -> None:
    await house.set("light.a", "on")
    house.ask("condition: light.is_on\ntarget: {entity_id: light.a}\noptions: {for: 10}")
    await house.advance(9)
    early = await house.holds()

    await house.set("light.a", "on", brightness=3)
    await house.advance(1)

    assert (early, await house.holds()) == (False, True)


async def test_a_change_among_states_that_all_match_does_not_start_anew(house: RuleHome) -> None:
    await house.set("climate.a", "heat")
    house.ask("condition: climate.is_on\ntarget: {entity_id: climate.a}\noptions: {for: 10}")
    await house.advance(6)
    await house.set("climate.a", "cool")
    await house.advance(4)
    through = await house.holds()

    await house.set("climate.a", "off")
    await house.set("climate.a", "heat")

    assert (through, await house.holds()) == (True, False)


async def test_a_rule_that_is_gone_watches_nothing(house: RuleHome) -> None:
    await house.set("climate.a", "heat")
    house.ask("condition: climate.is_on\ntarget: {entity_id: climate.a}\noptions: {for: 10}")
    states = house.engine.workshop.states
    watched = states.is_watched("climate.a")

    house.load("[]")
    gc.collect()

    assert (watched, states.is_watched("climate.a")) == (True, False)
