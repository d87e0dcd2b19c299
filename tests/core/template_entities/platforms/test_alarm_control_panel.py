"""Template alarm control panels."""

import logging

import pytest
from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block, record

from inglenook.errors import ServiceValidationError

ACTIONS = f"arm_away: {record(do='away', code='{{ code }}')}, disarm: {record(do='disarm')}, trigger: []"


async def test_an_alarm_shows_its_template_and_runs_its_actions(house: TemplateHome) -> None:
    await house.set("input_select.mode", "armed_home")
    house.load(block("alarm_control_panel", f"state: \"{{{{ states('input_select.mode') }}}}\", {ACTIONS}"))

    await house.call("alarm_control_panel.alarm_arm_away", "alarm_control_panel.x", code="1234")

    assert house.state("alarm_control_panel.x") == "armed_home"
    assert house.calls == [{"do": "away", "code": 1234}]
    attributes = house.attributes("alarm_control_panel.x")
    assert (attributes["supported_features"], attributes["code_format"]) == (2 | 8, "number")


async def test_an_alarm_without_a_template_is_what_it_was_told(house: TemplateHome) -> None:
    house.load(block("alarm_control_panel", f"{ACTIONS}, code_format: no_code"))

    await house.call("alarm_control_panel.alarm_arm_away", "alarm_control_panel.x")
    armed = house.state("alarm_control_panel.x")
    await house.call("alarm_control_panel.alarm_trigger", "alarm_control_panel.x")
    triggered = house.state("alarm_control_panel.x")
    await house.call("alarm_control_panel.alarm_disarm", "alarm_control_panel.x")

    assert (armed, triggered, house.state("alarm_control_panel.x")) == ("armed_away", "triggered", "disarmed")


async def test_an_alarm_that_wants_a_code_is_not_armed_without(house: TemplateHome) -> None:
    house.load(block("alarm_control_panel", ACTIONS))

    with pytest.raises(ServiceValidationError, match="needs a code"):
        await house.call("alarm_control_panel.alarm_arm_away", "alarm_control_panel.x")


async def test_an_alarm_that_believes_its_actions_shows_them_at_once(house: TemplateHome) -> None:
    house.load(block("alarm_control_panel", f"state: disarmed, optimistic: true, {ACTIONS}"))

    await house.call("alarm_control_panel.alarm_arm_away", "alarm_control_panel.x", code="1")

    assert house.state("alarm_control_panel.x") == "armed_away"


async def test_what_is_no_state_of_an_alarm_is_told(house: TemplateHome, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        house.load(block("alarm_control_panel", f"state: asleep, {ACTIONS}"))

    assert house.state("alarm_control_panel.x") == "unknown"
    assert "alarm_control_panel.x, state (template.yaml:1:41): expected one of disarmed" in caplog.text
    assert "got 'asleep'" in caplog.text


async def test_an_alarm_that_follows_a_trigger(house: TemplateHome) -> None:
    house.load(
        """
        - triggers: {trigger: event, event_type: panel}
          alarm_control_panel: {name: X, state: "{{ trigger.event.data.mode }}", disarm: []}
        """
    )

    await house.fire("panel", mode="armed_night")

    assert house.state("alarm_control_panel.x") == "armed_night"
