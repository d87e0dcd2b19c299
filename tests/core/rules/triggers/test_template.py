"""The trigger on a template that becomes true."""

import pytest
from tests.core.rules.house import RuleHome

WHO = "{entity: '{{ trigger.entity_id }}', for: '{{ trigger.for }}'}"


def template(text: str, more: str = "") -> str:
    return f'- trigger: template\n  value_template: "{text}"\n  {more}'


async def test_it_fires_on_turning_true_and_not_on_staying_so(house: RuleHome) -> None:
    await house.set("sensor.t", "0")
    house.watch(template("{{ states('sensor.t') | int(0) > 5 }}"), WHO)

    for state in ("6", "7", "1", "8"):
        await house.set("sensor.t", state)

    assert house.heard == [{"entity": "sensor.t", "for": None}] * 2


@pytest.mark.parametrize(("word", "is_true"), [("yes", True), ("on", True), ("-1", True), ("maybe", False)])
async def test_its_truth_is_wider_than_that_of_a_condition(house: RuleHome, word: str, is_true: bool) -> None:
    await house.set("sensor.t", "off")
    house.watch(template("{{ states('sensor.t') }}"), WHO)

    await house.set("sensor.t", word)

    assert bool(house.heard) is is_true


async def test_what_is_true_at_the_start_does_not_fire(house: RuleHome) -> None:
    await house.set("light.hall", "on")
    house.watch(template("{{ is_state('light.hall', 'on') }}"), WHO)

    await house.set("light.hall", "on", brightness=3)
    await house.set("light.other", "on")

    assert house.heard == []


async def test_an_entity_that_appears_later_is_followed(house: RuleHome) -> None:
    house.watch(template("{{ is_state('light.new', 'on') }}"), WHO)

    await house.set("light.new", "on")

    assert [hit["entity"] for hit in house.heard] == ["light.new"]


async def test_the_time_is_looked_at_every_minute(house: RuleHome) -> None:
    house.watch(template("{{ now().minute >= 2 }}"), WHO)

    await house.advance(119)
    before = list(house.heard)
    await house.advance(1)

    assert before == []
    assert house.heard == [{"entity": None, "for": None}]


async def test_for_ends_when_it_turns_false(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.watch(template("{{ is_state('light.hall', 'on') }}", "for: 5"), WHO)

    await house.set("light.hall", "on")
    await house.advance(4)
    await house.set("light.hall", "off")
    await house.set("light.hall", "on")
    await house.advance(4)
    before = list(house.heard)
    await house.advance(1)

    assert before == []
    assert house.heard == [{"entity": "light.hall", "for": "0:00:05"}]


async def test_what_fails_at_the_start_is_logged_and_never_ready(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.watch(template("{{ states('sensor.t') | int > 5 }}"), WHO)

    await house.set("sensor.t", "6")

    assert house.heard == []
    assert "rule Rule, trigger/0 (rules.yaml:3:7): value_template:" in caplog.text
