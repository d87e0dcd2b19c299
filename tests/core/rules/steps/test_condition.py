"""The step that asks, and what keeps a step from being done."""

import pytest
from tests.core.rules.house import RuleHome

FALSE = {
    "template": "condition: '{{ false }}'",
    "state": "condition: state, entity_id: light.hall, state: 'on'",
    "unknown entity": "condition: state, entity_id: light.none, state: 'on'",
    "or": "or: ['{{ false }}']",
    "not": "not: '{{ true }}'",
}


@pytest.mark.parametrize("kind", FALSE)
async def test_a_false_condition_ends_the_list_it_stands_in(house: RuleHome, kind: str) -> None:
    await house.set("light.hall", "off")
    house.act(f"- event: hit\n- {{{FALSE[kind]}}}\n- event: hit")

    await house.go()

    assert house.heard == [{}]


@pytest.mark.parametrize("kind", FALSE)
async def test_outside_of_that_list_the_run_goes_on(house: RuleHome, kind: str) -> None:
    await house.set("light.hall", "off")
    house.act(f"- sequence: [{{{FALSE[kind]}}}, {{event: hit, event_data: {{w: in}}}}]\n- event: hit")

    await house.go()

    assert house.heard == [{}]


async def test_a_condition_is_asked_when_its_turn_comes(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.act("- delay: 5\n- {condition: state, entity_id: light.hall, state: 'on'}\n- event: hit")

    await house.go()
    await house.set("light.hall", "on")
    await house.advance(5)

    assert house.heard == [{}]


@pytest.mark.parametrize(
    ("enabled", "is_done"),
    [("false", False), ("'{{ trigger.event.data.x == 2 }}'", False), ("'{{ trigger.event.data.x == 1 }}'", True),
     ("\"{{ is_state('light.hall', 'on') }}\"", False), ("maybe", True)],
)  # fmt: skip
async def test_enabled_may_look_at_everything(house: RuleHome, enabled: str, is_done: bool) -> None:
    await house.set("light.hall", "off")
    house.act(f"- {{event: hit, enabled: {enabled}}}\n- {{condition: '{{{{ false }}}}', enabled: false}}\n- event: hit")

    await house.go(x=1)

    assert len(house.heard) == 1 + is_done


def test_what_is_no_action_is_refused(house: RuleHome) -> None:
    (found,) = house.errors("{triggers: [], actions: [{then: []}]}")

    assert "actions[0]: this is no action: expected one of the keys delay, wait_template" in found
    assert house.errors("{triggers: [], actions: [null]}")
    assert house.errors("{triggers: [], actions: [{delay: 5, event: x}]}")
