"""The condition on a number."""

import pytest
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    ("state", "expected"), [("20", False), ("20.1", True), ("29.9", True), ("30", False), ("unknown", False)]
)
async def test_both_bounds_are_strict(house: RuleHome, state: str, expected: bool) -> None:
    await house.set("sensor.t", state)
    await house.set("sensor.limit", "30")
    house.ask("- {condition: numeric_state, entity_id: sensor.t, above: 20, below: sensor.limit}")

    assert await house.holds() is expected


async def test_text_that_is_no_number_has_no_answer(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    await house.set("sensor.t", "warm")
    house.ask("- not: [{condition: numeric_state, entity_id: sensor.t, above: 20}]")

    assert not await house.holds()
    assert "sensor.t is 'warm', which is no number" in caplog.text


async def test_attribute_and_template_give_the_number(house: RuleHome) -> None:
    await house.set("sensor.t", "x", a="21", b=1)
    house.ask(
        "- {condition: numeric_state, entity_id: sensor.t, attribute: a, above: 20}\n"
        "- {condition: numeric_state, entity_id: sensor.t, value_template: '{{ state.attributes.b }}', below: 2}"
    )

    assert await house.holds()


async def test_every_entity_has_to_be_inside(house: RuleHome) -> None:
    await house.set("sensor.a", "21")
    await house.set("sensor.b", "19")
    house.ask("- {condition: numeric_state, entity_id: [sensor.a, sensor.b], above: 20}")

    assert not await house.holds()
