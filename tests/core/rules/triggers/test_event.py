"""The trigger on an event of the bus."""

from typing import Any

import pytest
from tests.core.rules.house import RuleHome

from inglenook.model import Context


async def fires(house: RuleHome, trigger: str, data: dict[str, Any], context: Context | None = None) -> bool:
    house.watch(trigger)
    house.home.bus.fire("button", data, context)
    await house.settle()
    return bool(house.heard)


@pytest.mark.parametrize(
    ("wanted", "data", "expected"),
    [
        ("{}", {"a": 1}, True),
        ("{k: 1}", {"k": True, "more": 2}, True),
        ("{k: '1'}", {"k": 1}, False),
        ("{k: [1, 2]}", {"k": [1, 2]}, True),
        ("{k: [1, 2]}", {"k": [2]}, False),
        ("{k: 1}", {"k": [1]}, False),
        ("{k: 1, l: 2}", {"k": 1}, False),
        ("{k: 1, l: 2}", {"k": 1, "l": 2}, True),
        ("{d: {l: [1, 2]}}", {"d": {"l": [2], "more": 3}}, True),
        ("{d: {l: [1, 2]}}", {"d": {"l": [3]}}, False),
        ("{k: '{{ 1 + 1 }}'}", {"k": 2}, True),
    ],
)
async def test_event_data_is_compared_by_value(
    house: RuleHome, wanted: str, data: dict[str, Any], expected: bool
) -> None:
    trigger = f"- {{trigger: event, event_type: button, event_data: {wanted}}}"

    assert await fires(house, trigger, data) is expected


async def test_the_context_may_be_one_of_several(house: RuleHome) -> None:
    trigger = "- {trigger: event, event_type: button, context: {user_id: [ann, bob]}}"

    assert not await fires(house, trigger, {}, Context("1", None, "eve"))

    house.home.bus.fire("button", {}, Context("2", None, "bob"))

    assert house.heard == [{}]


async def test_what_no_context_has_never_matches(house: RuleHome) -> None:
    assert not await fires(house, "- {trigger: event, event_type: button, context: {colour: red, 1: x}}", {})


async def test_several_types_and_a_template_from_trigger_variables(house: RuleHome) -> None:
    house.watch(
        "- {trigger: event, event_type: [one, '{{ name }}']}",
        "{t: '{{ trigger.event.event_type }}'}",
        trigger_variables="{name: two}",
    )

    for name in ("one", "two", "three"):
        house.home.bus.fire(name)

    assert house.heard == [{"t": "one"}, {"t": "two"}]


async def test_rules_of_one_event_run_in_the_order_they_came(house: RuleHome) -> None:
    rules = "\n".join(
        f"- {{alias: R{n}, triggers: {{trigger: event, event_type: e, event_data: {data}}}, "
        f"actions: {{event: hit, event_data: {{n: {n}}}}}}}"
        for n, data in enumerate(["{k: 1}", "{}", "{l: 2}", "{k: 1}"])
    )
    house.load(rules)

    house.home.bus.fire("e", {"k": 1, "l": 2})

    assert [hit["n"] for hit in house.heard] == [0, 1, 2, 3]


def test_every_report_of_every_entity_is_refused(house: RuleHome) -> None:
    errors = house.errors("{actions: [], triggers: {trigger: event, event_type: state_reported}}")

    assert "no rule can wait for it" in errors[0]
