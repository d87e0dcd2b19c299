"""Kinds that a plugin has to bring: the rules are valid, and wait."""

import logging

import pytest
from tests.core.rules.house import RuleHome

from inglenook.home import Home
from inglenook.rules import BUNDLED, TriggerKind, Vocabulary
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm


@pytest.mark.parametrize(
    "trigger",
    [
        "{trigger: mqtt, topic: 'home/+/door', payload: 'open'}",
        "{trigger: calendar, entity_id: calendar.a, event: end, offset: '-00:15:00'}",
        "{trigger: conversation, command: ['turn it (on|off)', hello]}",
        "{trigger: calendar.event_started, target: {entity_id: calendar.a}, options: {offset: 60}}",
        "{trigger: todo.item_added, target: {entity_id: todo.a}}",
        "{trigger: homeassistant.restart_required}",
        "{trigger: zwave_js.value_updated, whatever: it is}",
    ],
)
async def test_a_rule_with_it_is_on_and_says_once_what_is_missing(
    house: RuleHome, trigger: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "inglenook.rules.absent"):
        house.watch(trigger)

    assert house.state() == "on"
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "will not fire without" in caplog.text


@pytest.mark.parametrize(
    ("trigger", "error"),
    [
        ("{trigger: mqtt}", "topic: this key is required"),
        ("{trigger: mqtt, topic: a, qos: 3}", "expected 0, 1, 2"),
        ("{trigger: conversation, command: 'are you there?'}", "no punctuation"),
    ],
)
def test_it_is_validated_all_the_same(house: RuleHome, trigger: str, error: str) -> None:
    assert error in house.errors(f"triggers: {trigger}\nactions: []")[0]


async def test_a_condition_has_no_answer(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    house.ask("not: [{condition: homeassistant.restart_required}]")

    assert not await house.holds()
    assert "it takes a plugin" in caplog.text


async def test_the_kind_of_a_plugin_takes_its_place(home: Home) -> None:
    def arm(arming: Arming) -> Disarm:
        arming.home.clock.call_soon(lambda: arming.fire(lambda: {"topic": arming.config["topic"]}))
        return lambda: None

    mine = TriggerKind(lambda _: lambda value: dict(value), arm)
    house = RuleHome(home, BUNDLED.with_more(Vocabulary({"mqtt": mine}, {}, {})))

    house.watch("{trigger: mqtt, topic: a}", "{topic: '{{ trigger.topic }}'}")
    await house.settle()

    assert house.heard == [{"topic": "a"}]
