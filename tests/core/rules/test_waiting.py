"""What in a rule waits for a plugin."""

import pytest
from tests.core.rules.house import RuleHome

SERVED = "- {action: light.turn_on}"


@pytest.mark.parametrize(
    ("trigger", "action", "told"),
    [
        ("{trigger: event, event_type: go}", SERVED, []),
        ("{trigger: mqtt, topic: a}", SERVED, ["trigger mqtt waits for the mqtt plugin"]),
        ("{platform: mqtt, topic: a}", SERVED, ["trigger mqtt waits for the mqtt plugin"]),
        (
            "{trigger: event, event_type: go}",
            "- if: '{{ true }}'\n  then: [{service: hue.activate_scene}]",
            ["hue.activate_scene waits for a plugin that offers services of hue"],
        ),
        ("{trigger: event, event_type: go}", "- {action: '{{ which }}.turn_on'}", []),
        ("{trigger: event, event_type: go}", "- {action: light.nothing_like_it}", []),
    ],
)
def test_kinds_and_services_that_a_plugin_brings_are_told_with_their_rule(
    house: RuleHome, trigger: str, action: str, told: list[str]
) -> None:
    indented = action.replace("\n", "\n    ")
    house.load(f"- alias: Rule\n  triggers: {trigger}\n  actions:\n    {indented}\n")

    waiting = house.engine.waiting()

    assert [part.message for part in waiting.get("automation.rule", [])] == told
    assert set(waiting) == ({"automation.rule"} if told else set())
