"""The trigger on a number that comes into a range."""

import pytest
from tests.core.rules.house import RuleHome

ABOVE_20 = "- {trigger: numeric_state, entity_id: sensor.t, above: 20}"
VALUE = "{value: '{{ trigger.to_state.state }}', above: '{{ trigger.above }}', for: '{{ trigger.for }}'}"


async def report(house: RuleHome, *states: str) -> list[object]:
    """Report the states one after the other and return the values at which it fired."""
    for state in states:
        await house.set("sensor.t", state)
    return [hit["value"] for hit in house.heard]


async def test_it_fires_on_coming_in_and_not_on_staying(house: RuleHome) -> None:
    await house.set("sensor.t", "10")
    house.watch(ABOVE_20, VALUE)

    assert await report(house, "20", "20.0001", "25", "20", "21") == [20.0001, 21]
    assert house.heard[0]["above"] == 20.0


async def test_what_is_inside_when_it_is_armed_has_to_leave_first(house: RuleHome) -> None:
    await house.set("sensor.t", "30")
    house.watch(ABOVE_20, VALUE)

    assert await report(house, "31", "10", "32") == [32]


@pytest.mark.parametrize("outside", ["unavailable", "unknown", "hello", ""])
async def test_what_is_no_number_is_outside(house: RuleHome, outside: str) -> None:
    await house.set("sensor.t", "25")
    house.watch(ABOVE_20, VALUE)

    assert await report(house, outside, "26") == [26]


async def test_an_entity_that_is_not_there_is_not_outside(house: RuleHome) -> None:
    house.watch(ABOVE_20, VALUE)
    first = await report(house, "25")
    house.home.states.remove("sensor.t")

    assert first == []
    assert await report(house, "26") == []


async def test_both_bounds_are_strict_and_one_may_be_an_entity(house: RuleHome) -> None:
    await house.set("sensor.limit", "30")
    await house.set("sensor.t", "10")
    house.watch("- {trigger: numeric_state, entity_id: sensor.t, above: 10, below: sensor.limit}", VALUE)

    assert await report(house, "30", "29.9") == [29.9]


async def test_a_template_makes_the_number_from_the_state(house: RuleHome) -> None:
    await house.set("sensor.t", "x", a=1)
    house.watch(
        "- {trigger: numeric_state, entity_id: sensor.t, above: 20, value_template: '{{ state.attributes.a * 2 }}'}",
        VALUE,
    )

    await house.set("sensor.t", "x", a=11)

    assert len(house.heard) == 1


async def test_for_ends_when_the_number_leaves(house: RuleHome) -> None:
    await house.set("sensor.t", "10")
    house.watch("- {trigger: numeric_state, entity_id: sensor.t, above: 20, for: 5}", VALUE)

    await report(house, "21")
    await house.advance(4)
    await report(house, "unavailable", "22")
    await house.advance(4)
    before = list(house.heard)
    await house.advance(1)

    assert before == []
    assert house.heard == [{"value": 22, "above": 20.0, "for": "0:00:05"}]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("above: abc", "above: expected a number, or an entity of input_number, number, sensor or zone; got 'abc'"),
        ("for: 5", "expected at least one of above, below"),
        ("above: 30, below: 10", "above: nothing is above 30 and below 10"),
    ],
)
def test_bounds_that_can_never_hold_are_refused(house: RuleHome, keys: str, message: str) -> None:
    errors = house.errors(
        f"{{alias: A, actions: [], triggers: {{trigger: numeric_state, entity_id: sensor.t, {keys}}}}}"
    )

    assert len(errors) == 1
    assert errors[0].endswith(message)
