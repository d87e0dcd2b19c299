"""The condition on an entity's state or attribute."""

import pytest
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("state: dim", True),
        ("state: Dim", False),
        ("state: ['on', dim]", True),
        ("state: 'on'", False),
        ("attribute: n, state: 5", True),
        ("attribute: n, state: ['5', 6]", False),
        ("attribute: gone, state: 5", False),
        ("state: input_select.want", True),
        ("state: sensor.want", False),
    ],
)
async def test_state_and_attribute_are_compared_as_they_are(house: RuleHome, keys: str, expected: bool) -> None:
    await house.set("light.hall", "dim", n=5.0)
    await house.set("input_select.want", "dim")
    await house.set("sensor.want", "dim")
    house.ask(f"- {{condition: state, entity_id: light.hall, {keys}}}")

    assert await house.holds() is expected


async def test_for_counts_since_the_state_changed_and_not_its_attributes(house: RuleHome) -> None:
    await house.set("light.hall", "on")
    house.ask("- {condition: state, entity_id: light.hall, state: 'on', for: {minutes: 1}}")

    await house.advance(30)
    await house.set("light.hall", "on", brightness=3)
    await house.advance(30)

    assert not await house.holds()

    await house.advance(1)

    assert await house.holds()


@pytest.mark.parametrize(("match", "expected"), [("all", False), ("any", True)])
async def test_several_entities_have_to_match_all_or_any(house: RuleHome, match: str, expected: bool) -> None:
    await house.set("light.a", "on")
    await house.set("light.b", "off")
    house.ask(f"- {{condition: state, entity_id: [light.a, light.b], match: {match}, state: 'on'}}")

    assert await house.holds() is expected


async def test_an_unknown_entity_has_no_answer_even_for_any(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    await house.set("light.a", "on")
    house.ask("- {condition: state, entity_id: [light.a, light.none], match: any, state: 'on'}")

    assert not await house.holds()
    assert "rule Rule, condition/0 (rules.yaml:5:7): state: there is no entity light.none" in caplog.text


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ("state: on", 'state: expected text, got true; quote it: "on" or "off"'),
        ("state: ['on', 5]", 'state[1]: expected text, got 5; quote it: "5"'),
        (
            "attribute: n, state: 5, for: 5",
            "for: for counts how long a state has held; it cannot stand beside attribute",
        ),
        ("state: input_select.want, for: 5", "for: for cannot stand beside the state of another entity"),
        ("for: 5", "state: this key is required"),
    ],
)
def test_what_is_wrong_is_told(house: RuleHome, keys: str, error: str) -> None:
    text = f"{{triggers: [], actions: [], conditions: [{{condition: state, entity_id: light.a, {keys}}}]}}"

    (found,) = house.errors(text)

    assert found.endswith(f"conditions[0].{error}")
