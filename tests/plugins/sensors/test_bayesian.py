"""platform: bayesian: what observations make of the probability."""

from typing import Any

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors

ASLEEP = "binary_sensor.asleep"
DARK = "{platform: state, entity_id: light.hall, to_state: 'off', prob_given_true: 0.9, prob_given_false: 0.3}"


async def declare(house: House, *observations: str, more: str = "") -> None:
    observed = ",".join(observations)
    await house.declare(
        f"binary_sensor: [{{platform: bayesian, name: Asleep, prior: 0.2{more}, observations: [{observed}]}}]"
    )


def probability(house: House) -> Any:
    return house.attribute(ASLEEP, "probability")


async def test_an_observation_changes_the_probability_and_its_absence_does_too(house: House) -> None:
    await declare(house, DARK)
    assert probability(house) == 0.2  # of what is unknown nothing follows

    house.home.states.set("light.hall", "off")
    assert probability(house) == 0.43  # 0.18 / (0.18 + 0.24)
    assert house.attribute(ASLEEP, "occurred_observation_entities") == ["light.hall"]
    house.home.states.set("light.hall", "on")

    assert probability(house) == 0.03


async def test_it_is_on_from_the_threshold(house: House) -> None:
    house.home.states.set("light.hall", "off")
    await declare(house, DARK, more=", probability_threshold: 0.4")

    assert house.state(ASLEEP) == "on"
    house.home.states.set("light.hall", "on")
    assert house.state(ASLEEP) == "off"


@pytest.mark.parametrize(("number", "expected"), [("5", 0.43), ("10", 0.03), ("0", 0.03), ("x", 0.2)])
async def test_a_number_between_bounds_is_observed(house: House, number: str, expected: float) -> None:
    await declare(
        house,
        "{platform: numeric_state, entity_id: sensor.n, above: 0, below: 10,"
        " prob_given_true: 0.9, prob_given_false: 0.3}",
    )

    house.home.states.set("sensor.n", number)

    assert probability(house) == expected


async def test_a_template_is_followed(house: House) -> None:
    await declare(
        house,
        "{platform: template, value_template: \"{{ states('sensor.n') == '5' and now().hour == 11 }}\","
        " prob_given_true: 0.9, prob_given_false: 0.3}",
    )
    assert probability(house) == 0.03

    house.home.states.set("sensor.n", "5")
    assert probability(house) == 0.43
    await house.clock.advance(3600)

    assert probability(house) == 0.03


async def test_what_cannot_be_observed_is_told_and_left_out(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await declare(
        house,
        "{platform: state, entity_id: light.hall, to_state: 'off', prob_given_true: 0.9}",
        '{platform: template, value_template: "{{ 1 + }}", prob_given_true: 0.9, prob_given_false: 0.3}',
    )

    assert probability(house) == 0.2
    assert [record.getMessage()[:20] for record in caplog.records] == ["Asleep: an observati"] * 2


@pytest.mark.parametrize(
    ("observation", "problem"),
    [
        ("{platform: stat}", r"observations\[0\].platform: expected .*did you mean 'state'"),
        (DARK.replace("0.9", "1.9"), r"observations\[0\].prob_given_true: expected 0 to 1, got 1.9"),
        ("{platform: numeric_state, entity_id: sensor.n, prob_given_true: 1}", "expected above, below or both"),
    ],
)
async def test_a_wrong_observation_is_refused(house: House, observation: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        await declare(house, observation)


async def test_a_template_finds_the_macros_of_the_home(house: House) -> None:
    house.home.macros.files = {"m.jinja": "{% macro yes() %}true{% endmacro %}"}

    await declare(
        house,
        "{platform: template, value_template: \"{% from 'm.jinja' import yes %}{{ yes() }}\","
        " prob_given_true: 0.9, prob_given_false: 0.3}",
    )

    assert probability(house) == 0.43
