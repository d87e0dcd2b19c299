"""What in a rule waits for a plugin."""

import pytest
from tests.core.rules.house import RuleHome

from inglenook.plugins import PluginManager
from inglenook.plugins.providers import Providers
from inglenook.rules import Names

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
            ["hue.activate_scene: it comes with the integration hue, for which no plugin is installed here"],
        ),
        ("{trigger: event, event_type: go}", "- {action: '{{ which }}.turn_on'}", []),
        ("{trigger: event, event_type: go}", "- {action: light.nothing_like_it}", []),
        (
            "{trigger: event, event_type: go}",
            "- {action: notify.phone, data: {data: {actions: [{action: URI.OPEN, title: Open}]}}}",
            [],
        ),
    ],
)
def test_kinds_and_services_that_a_plugin_brings_are_told_with_their_rule(
    house: RuleHome, trigger: str, action: str, told: list[str]
) -> None:
    indented = action.replace("\n", "\n    ")
    house.load(f"- alias: Rule\n  triggers: {trigger}\n  actions:\n    {indented}\n")

    house.home.services.provider_of = Providers(house.home, PluginManager(house.home, house.home.settings.config_dir))
    waiting = house.engine.waiting(Names(house.home))

    assert [part.message for part in waiting.get("automation.rule", [])] == told
    assert set(waiting) == ({"automation.rule"} if told else set())
