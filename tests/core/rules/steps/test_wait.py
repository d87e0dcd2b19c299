"""The steps that wait for something."""

import pytest
from tests.core.rules.house import RuleHome

RESULT = "- {event: hit, event_data: {c: '{{ wait.completed }}', r: '{{ wait.remaining }}'}}"
LIGHT_ON = "\"{{ is_state('light.hall', 'on') }}\""


async def test_what_is_true_already_is_not_waited_for(house: RuleHome) -> None:
    await house.set("light.hall", "on")
    house.act(f"- {{wait_template: {LIGHT_ON}, timeout: 0}}\n{RESULT}")

    house.home.bus.fire("go")

    assert house.heard == [{"c": True, "r": 0.0}]


async def test_it_goes_on_when_the_template_turns_true(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.act(f"- {{wait_template: {LIGHT_ON}, timeout: 10}}\n{RESULT}")

    await house.go()
    await house.advance(4)
    await house.set("light.hall", "on")
    await house.set("light.hall", "off")

    assert house.heard == [{"c": True, "r": 6.0}]


async def test_a_change_right_after_the_step_is_not_missed(house: RuleHome) -> None:
    house.home.states.set("light.hall", "off")
    house.act(f"- wait_template: {LIGHT_ON}\n{RESULT}")

    house.home.bus.fire("go")
    house.home.states.set("light.hall", "on")
    await house.settle()

    assert house.heard == [{"c": True, "r": None}]


async def test_the_first_look_wants_the_word_true_and_later_ones_take_any_truth(house: RuleHome) -> None:
    await house.set("sensor.s", "yes")
    house.act(f"- wait_template: \"{{{{ states('sensor.s') }}}}\"\n{RESULT}")

    await house.go()
    await house.set("sensor.s", "no")
    before = list(house.heard)
    await house.set("sensor.s", "yes")

    assert (before, len(house.heard)) == ([], 1)


@pytest.mark.parametrize(("goes_on", "expected"), [("true", [{"c": False, "r": 0.0}]), ("false", [])])
async def test_when_the_time_is_over_the_run_goes_on_or_ends(
    house: RuleHome, goes_on: str, expected: list[object]
) -> None:
    house.act(f"- {{wait_template: {LIGHT_ON}, timeout: '00:00:10', continue_on_timeout: {goes_on}}}\n{RESULT}")

    await house.go()
    await house.advance(9.9)
    before = list(house.heard)
    await house.advance(0.1)

    assert (before, house.heard) == ([], expected)
    assert house.attributes()["current"] == 0


async def test_a_trigger_is_waited_for_with_the_variables_of_the_run(house: RuleHome) -> None:
    house.act(
        """
        - variables: {limit: 5}
        - wait_for_trigger:
            - {trigger: event, event_type: never, enabled: false}
            - {trigger: template, value_template: "{{ states('sensor.n') | int(0) > limit }}", id: big}
          timeout: 60
        - event: hit
          event_data: {id: "{{ wait.trigger.id }}", r: "{{ wait.remaining }}", t: "{{ trigger.event.data.q }}"}
        """
    )

    await house.go(q=1)
    await house.set("sensor.n", "5")
    await house.advance(20)
    await house.set("sensor.n", "6")

    assert house.heard == [{"id": "big", "r": 40.0, "t": 1}]


async def test_after_the_wait_its_triggers_are_gone(house: RuleHome) -> None:
    house.act("- {wait_for_trigger: {trigger: event, event_type: answer}, timeout: 5}\n- event: hit")

    await house.go()
    await house.advance(5)
    house.home.bus.fire("answer")
    await house.settle()

    assert house.heard == [{}]
    assert "answer" not in house.home.bus.by_type()


async def test_a_run_that_is_stopped_before_its_first_turn_leaves_nothing_behind(house: RuleHome) -> None:
    house.act("- wait_for_trigger: {trigger: event, event_type: answer}\n- event: hit")

    house.home.bus.fire("go")
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.settle()
    house.home.bus.fire("answer")
    await house.settle()

    assert house.heard == []
    assert house.engine.statistics()["waiting"] == 0
    assert "answer" not in house.home.bus.by_type()


async def test_a_trigger_that_cannot_be_armed_is_told_with_its_place(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- wait_for_trigger: [{trigger: event, event_type: x, enabled: '{{ 1 / 0 }}'}]\n  timeout: 1")

    await house.go()

    where = "action/0/wait_for_trigger/0 (rules.yaml:4:26)"
    assert f"rule Rule, {where}: trigger event cannot be armed: template" in caplog.text
