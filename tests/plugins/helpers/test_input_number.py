"""input_number: its bounds, its steps, and what comes back."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors, InvalidServiceData

ONE = """
input_number:
  target:
    min: 0
    max: 10
    step: 2.5
    initial: 9
    unit_of_measurement: "°C"
"""
NUMBER = "input_number.target"


async def test_steps_end_at_the_bounds(house: House) -> None:
    await house.declare(ONE)

    await house.call("input_number.increment", NUMBER)
    highest = house.state(NUMBER)
    for _ in range(5):
        await house.call("input_number.decrement", NUMBER)

    assert (highest, house.state(NUMBER)) == ("10.0", "0.0")


async def test_a_value_need_be_no_multiple_of_the_step_but_within_the_bounds(house: House) -> None:
    await house.declare(ONE)

    await house.call("input_number.set_value", NUMBER, value="3.3")
    with pytest.raises(InvalidServiceData, match=r"input_number.target: value 11 is outside 0 to 10"):
        await house.call("input_number.set_value", NUMBER, value=11)

    assert house.state(NUMBER) == "3.3"
    assert house.attribute(NUMBER, "unit_of_measurement") == "°C"


@pytest.mark.parametrize(("last", "now"), [("7.5", "7.5"), ("11.0", "5.0"), ("unknown", "5.0"), ("nan", "5.0")])
async def test_its_last_state_comes_back_if_it_still_fits(house: House, last: str, now: str) -> None:
    house.remember(NUMBER, last)

    await house.declare("input_number: {target: {min: 5, max: 10}}")

    assert house.state(NUMBER) == now


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{min: 5, max: 5}", "input_number.n: expected max above min, got min 5 and max 5"),
        ("{min: 5, max: 6, initial: 7}", "input_number.n.initial: expected 5 to 6, got 7"),
        ("{min: 5, max: 6, step: 0}", "input_number.n.step: expected 1e-09 or more, got 0"),
        ("{min: 5}", "input_number.n.max: this key is required"),
        ("{min: 5, max: 6, mode: slide}", "expected slider or box; got 'slide'; did you mean 'slider'?"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(house: House, settings: str, message: str) -> None:
    with pytest.raises(ConfigErrors) as raised:
        await house.declare(f"input_number:\n  n: {settings}\n")

    assert message in str(raised.value)


async def test_a_reload_with_closer_bounds_moves_it_within_them(house: House) -> None:
    await house.declare(ONE)

    await house.reload("input_number", "input_number: {target: {min: 0, max: 6, initial: 1}}")

    assert house.state(NUMBER) == "6.0"
    assert house.attribute(NUMBER, "max") == 6.0
