"""The section ``template:``: what is refused, what a reload keeps."""

import re

import pytest
from tests.core.template_entities.conftest import TemplateHome


@pytest.mark.parametrize(
    ("block", "error"),
    [
        ("{sensor: {name: X}}", "sensor.state: this key is required"),
        ("{sensor: [{name: X, state: '{{ 1', }]}", "sensor[0].state"),
        ("{sensor: {state: a, foo: 1}}", "sensor.foo: unknown key"),
        ("{sensr: {state: a}}", "did you mean 'sensor'?"),
        ("{unique_id: x}", "expected at least one of alarm_control_panel"),
        ("{humidifier: {name: X}}", "humidifier: unknown key"),
        ("{actions: [], sensor: {state: a}}", "actions: this needs triggers"),
        ("{triggers: [], button: {press: []}}", "button: a button cannot stand"),
        ("{binary_sensor: {state: a, delay_on: {seconds: '{{ 5 }}'}}}", "delay_on.seconds: expected a number"),
        ("{switch: {turn_on: {action: 5}}}", "switch.turn_on.action"),
        ("{triggers: {trigger: sate}, sensor: {state: a}}", "did you mean 'state'?"),
        ("hello", "expected a block of template entities"),
    ],
)
def test_what_is_wrong_is_told_and_the_others_load(house: TemplateHome, block: str, error: str) -> None:
    (found,) = house.load(f"[{block}, {{sensor: {{name: Good, state: '1'}}}}]")

    assert error in found
    assert house.state("sensor.good") == "1"


async def test_a_block_that_says_the_same_stays_as_it_is(house: TemplateHome) -> None:
    house.load("[{triggers: {trigger: event, event_type: ping}, sensor: {name: X, state: '5'}}]")
    await house.fire("ping")

    same = "{triggers: {trigger: event, event_type: ping}, sensor: {name: X, state: '5'}}"
    house.load(f"[{{sensor: {{name: Y, state: '1'}}}}, {same}]")

    assert (house.state("sensor.x"), house.state("sensor.y")) == ("5", "1")


async def test_a_block_that_changed_is_made_anew(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: '1'}}]")

    house.load("[{sensor: {name: X, state: '{{ 2 }}'}}]")

    assert house.state("sensor.x") == "2"


async def test_two_entities_with_one_unique_id_are_a_problem_of_the_second(house: TemplateHome) -> None:
    blocks = "[{sensor: {unique_id: a, state: '1'}}, {sensor: [{unique_id: a, state: '2'}, {name: B, state: '3'}]}]"

    (problem,) = house.load(blocks)
    house.load(blocks.replace("{unique_id: a, state: '2'}", "{unique_id: c, name: C, state: '2'}"))

    assert re.match(r"\S+:1:62: sensor\.template_sensor is there already; unique_id 'a' twice\?$", problem)
    assert [house.state(f"sensor.{name}") for name in ("template_sensor", "b", "c")] == ["1", "3", "2"]


async def test_after_the_stop_nothing_is_followed(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: \"{{ states('sensor.a') }}\"}}]")

    house.entities.stop()
    await house.set("sensor.a", "5")

    assert house.state("sensor.x") == "unknown"
