"""Purpose-specific triggers: whom they watch, what is a beginning, how many it takes, for how long."""

import pytest
from tests.core.rules.house import RuleHome

from inglenook.registry import EntityEntry

TURNED_ON = "trigger: light.turned_on\ntarget: {entity_id: [light.a, light.b]}\noptions: {behavior: %s, for: %s}"
WHO = "{who: '{{ trigger.entity_id }}'}"


def _who(house: RuleHome) -> list[str]:
    return [one["who"] for one in house.heard]


async def _lights(house: RuleHome, **states: str) -> None:
    for name, state in states.items():
        await house.set(f"light.{name}", state)


async def test_each_entity_that_comes_to_match_fires(house: RuleHome) -> None:
    await _lights(house, a="off", b="off")
    house.watch("trigger: light.turned_on\ntarget: {entity_id: 'light.a, light.b'}", WHO)

    await _lights(house, a="on", b="on")

    assert _who(house) == ["light.a", "light.b"]


async def test_only_the_first_of_several_fires(house: RuleHome) -> None:
    await _lights(house, a="off", b="off")
    house.watch(TURNED_ON % ("first", 0), WHO)

    await _lights(house, a="on", b="on")
    await _lights(house, a="off", b="off")
    await _lights(house, b="on")

    assert _who(house) == ["light.a", "light.b"]


async def test_all_means_all_that_are_available(house: RuleHome) -> None:
    await _lights(house, a="off", b="unavailable")
    house.watch(TURNED_ON % ("all", 0), WHO)

    await _lights(house, a="on")

    assert _who(house) == ["light.a"]


@pytest.mark.parametrize("former", ["unknown", "unavailable"])
async def test_what_comes_back_is_no_beginning(house: RuleHome, former: str) -> None:
    await _lights(house, a=former)
    house.watch(TURNED_ON % ("each", 0), WHO)

    await _lights(house, a="on")
    await house.set("light.a", "on", brightness=3)

    assert _who(house) == []


async def test_a_stateless_entity_may_come_from_unknown_but_not_from_unavailable(house: RuleHome) -> None:
    await house.set("button.a", "unknown")
    house.watch("trigger: button.pressed\ntarget: {entity_id: button.a}", WHO)

    await house.set("button.a", "2026-03-10T12:00:00+00:00")
    await house.set("button.a", "unavailable")
    await house.set("button.a", "2026-03-10T12:00:05+00:00")

    assert len(house.heard) == 1


async def test_an_entity_that_comes_after_the_rule_is_watched(house: RuleHome) -> None:
    house.watch("trigger: motion.detected\ntarget: {entity_id: [binary_sensor.m, binary_sensor.door]}", WHO)

    await house.set("binary_sensor.m", "off", device_class="motion")
    await house.set("binary_sensor.m", "on", device_class="motion")
    await house.set("binary_sensor.door", "off", device_class="door")
    await house.set("binary_sensor.door", "on", device_class="door")

    assert _who(house) == ["binary_sensor.m"]


# -- for ------------------------------------------------------------------------------------------------------------


async def test_each_entity_has_to_hold_for_itself(house: RuleHome) -> None:
    await _lights(house, a="off", b="off")
    house.watch(TURNED_ON % ("each", 10), WHO)

    await _lights(house, a="on", b="on")
    await house.advance(5)
    await _lights(house, a="off")
    await house.advance(5)

    assert _who(house) == ["light.b"]


async def test_for_the_first_it_is_enough_that_one_still_matches(house: RuleHome) -> None:
    await _lights(house, a="off", b="off")
    house.watch(TURNED_ON % ("first", 10), WHO)

    await _lights(house, a="on", b="on", c="on")
    await house.advance(5)
    await _lights(house, a="off")
    await house.advance(5)

    assert _who(house) == ["light.a"]


async def test_all_have_to_hold_together(house: RuleHome) -> None:
    await _lights(house, a="off", b="off")
    house.watch(TURNED_ON % ("all", 10), WHO)

    await _lights(house, a="on", b="on")
    await house.advance(9)
    await _lights(house, b="unavailable")
    await house.advance(1)
    await _lights(house, a="off")
    await _lights(house, b="on", a="on")
    await house.advance(9)
    await _lights(house, b="off")
    await house.advance(9)

    assert _who(house) == ["light.b"]


async def test_a_rule_that_is_turned_off_forgets_what_held(house: RuleHome) -> None:
    await _lights(house, a="off")
    house.watch(TURNED_ON % ("each", 10), WHO)
    await _lights(house, a="on")

    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.advance(10)

    assert _who(house) == []


async def test_the_payload_tells_for_how_long(house: RuleHome) -> None:
    await _lights(house, a="off")
    data = (
        "{s: '{{ trigger.for.total_seconds() }}', was: '{{ trigger.from_state.state }}', p: '{{ trigger.platform }}'}"
    )
    house.watch(TURNED_ON % ("each", 10), data)

    await _lights(house, a="on")
    await house.advance(10)

    assert house.heard == [{"s": 10.0, "was": "off", "p": "light.turned_on"}]


# -- targets --------------------------------------------------------------------------------------------------------


def _register(house: RuleHome, entity_id: str, **fields: str) -> None:
    house.home.registry.entities.add(
        EntityEntry(entity_id, f"{len(house.home.registry.entities):032x}", entity_id, "test")
    )
    house.home.registry.entities.update(entity_id, **fields)


async def test_an_area_reaches_what_is_in_it_now(house: RuleHome) -> None:
    area = house.home.registry.ensure_area("Kitchen")
    await _lights(house, a="off", b="off", hidden="off", status="off")
    _register(house, "light.a", area_id=area.id)
    _register(house, "light.hidden", area_id=area.id, hidden_by="user")
    _register(house, "light.status", area_id=area.id, entity_category="diagnostic")
    _register(house, "light.b")
    house.watch("trigger: light.turned_on\ntarget: {area_id: kitchen}", WHO)

    await _lights(house, a="on", b="on", hidden="on", status="on")
    house.home.registry.entities.update("light.b", area_id=area.id)
    house.home.registry.entities.update("light.a", area_id=None)
    await _lights(house, a="off", b="off")
    await _lights(house, a="on", b="on")

    assert _who(house) == ["light.a", "light.b"]


async def test_batteries_are_reached_though_they_are_diagnostics(house: RuleHome) -> None:
    area = house.home.registry.ensure_area("Kitchen")
    await house.set("binary_sensor.low", "off", device_class="battery")
    _register(house, "binary_sensor.low", area_id=area.id, entity_category="diagnostic")
    house.watch("trigger: battery.became_low\ntarget: {area_id: kitchen}", WHO)

    await house.set("binary_sensor.low", "on", device_class="battery")

    assert _who(house) == ["binary_sensor.low"]


async def test_what_is_excluded_is_not_watched(house: RuleHome) -> None:
    area = house.home.registry.ensure_area("Kitchen")
    await _lights(house, a="off", b="off")
    for name in ("light.a", "light.b"):
        _register(house, name, area_id=area.id)
    house.watch("trigger: light.turned_on\ntarget: {area_id: kitchen, exclude: {entity_id: light.a}}", WHO)

    await _lights(house, a="on", b="on")

    assert _who(house) == ["light.b"]


async def test_an_entity_that_leaves_the_target_ends_its_hold(house: RuleHome) -> None:
    area = house.home.registry.ensure_area("Kitchen")
    await _lights(house, a="off")
    _register(house, "light.a", area_id=area.id)
    house.watch("trigger: light.turned_on\ntarget: {area_id: kitchen}\noptions: {for: 10}", WHO)

    await _lights(house, a="on")
    house.home.registry.entities.update("light.a", area_id=None)
    await house.advance(10)

    assert _who(house) == []


@pytest.mark.parametrize(
    ("trigger", "error"),
    [
        ("{trigger: light.turned_on}", "target: this key is required"),
        ("{trigger: light.turned_on, target: {exclude: {entity_id: light.a}}}", "there is none"),
        ("{trigger: light.turned_on, target: {entity_id: light.a}, options: {foo: 1}}", "options.foo: unknown key"),
        ("{trigger: light.turned_on, target: {entity_id: light.a}, options: {behavior: most}}", "got 'most'"),
        ("{trigger: counter.reset, target: {entity_id: counter.a}, options: {for: -5}}", "0 or more, got -5"),
        ("{trigger: temperature.changed, target: {entity_id: sensor.a}}", "options: this key is required"),
        (
            "{trigger: temperature.changed, target: {entity_id: sensor.a}, options: {threshold: {type: above}}}",
            "a threshold of type above needs value",
        ),
        (
            "{trigger: power.crossed_threshold, target: {entity_id: sensor.a}, options: {threshold: {type: any}}}",
            "expected above, below, between or outside; got 'any'",
        ),
        ("{trigger: zone.entered, target: {entity_id: person.a}, options: {zone: light.a}}", "entity of zone"),
    ],
)
def test_what_is_wrong_is_told(house: RuleHome, trigger: str, error: str) -> None:
    (found,) = house.errors(f"triggers: {trigger}\nactions: []")

    assert error in found
