"""Kinds that a plugin has to bring: the rules are valid, and wait."""

import logging

import pytest
from tests.core.rules.house import RuleHome

from inglenook.home import Home
from inglenook.rules import BUNDLED, ConditionKind, TriggerKind, Vocabulary
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm
from inglenook.rules.shape import anything


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
        ("{trigger: device, type: press}", "device_id: this key is required"),
    ],
)
def test_it_is_validated_all_the_same(house: RuleHome, trigger: str, error: str) -> None:
    assert error in house.errors(f"triggers: {trigger}\nactions: []")[0]


async def test_a_condition_has_no_answer(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    house.ask("not: [{condition: homeassistant.restart_required}]")

    assert not await house.holds()
    assert "it takes a plugin" in caplog.text


async def test_a_rule_for_a_device_that_is_not_there_is_unavailable(house: RuleHome) -> None:
    house.watch("{trigger: device, device_id: abc, domain: light, type: turned_on}")

    assert house.state() == "unavailable"


async def test_a_device_that_is_there_waits_for_its_plugin(house: RuleHome) -> None:
    device = house.home.registry.ensure_device("test", "lamp", name="Lamp")

    house.watch(f"{{trigger: device, device_id: {device.id}, domain: light, type: turned_on}}")

    assert house.state() == "on"


async def test_the_kind_of_a_plugin_takes_its_place(home: Home) -> None:
    def arm(arming: Arming) -> Disarm:
        arming.home.clock.call_soon(lambda: arming.fire(lambda: {"topic": arming.config["topic"]}))
        return lambda: None

    mine = TriggerKind(lambda _: lambda value: dict(value), arm)
    answer = ConditionKind(lambda _: anything, lambda *_: lambda _: True)
    house = RuleHome(home, BUNDLED.with_more(Vocabulary({"mqtt": mine}, {"device": answer}, {})))

    house.watch("{trigger: mqtt, topic: a}", "{topic: '{{ trigger.topic }}'}")
    await house.settle()

    assert house.heard == [{"topic": "a"}]
