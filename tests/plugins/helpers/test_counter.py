"""counter: steps, bounds, and what comes back."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import InvalidServiceData

ONE = "counter: {rings: {initial: 2, step: 3, minimum: 0, maximum: 8}}"
COUNTER = "counter.rings"


async def test_it_counts_within_its_bounds_and_begins_again(house: House) -> None:
    await house.declare(ONE)
    states = []

    for service in ("increment", "increment", "increment", "reset", "decrement", "decrement"):
        await house.call(f"counter.{service}", COUNTER)
        states.append(house.state(COUNTER))

    assert states == ["5", "8", "8", "2", "0", "0"]


async def test_the_initial_count_may_be_out_of_bounds_and_no_other(house: House) -> None:
    await house.declare("counter: {rings: {initial: 20, maximum: 8}}")
    first = house.state(COUNTER)

    await house.call("counter.increment", COUNTER)

    assert (first, house.state(COUNTER)) == ("20", "8")


@pytest.mark.parametrize(("value", "message"), [(7, "is no multiple of the step 3"), (9, "is out of bounds")])
async def test_a_count_that_cannot_be_is_an_error(house: House, value: int, message: str) -> None:
    await house.declare(ONE)

    with pytest.raises(ValueError, match=message):
        await house.call("counter.set_value", COUNTER, value=value)

    assert house.state(COUNTER) == "2"


async def test_a_count_is_a_whole_number_from_zero(house: House) -> None:
    await house.declare(ONE)

    await house.call("counter.set_value", COUNTER, value="6")
    with pytest.raises(InvalidServiceData, match="expected 0 or more, got -3"):
        await house.call("counter.set_value", COUNTER, value=-3)

    assert house.state(COUNTER) == "6"


@pytest.mark.parametrize(
    ("settings", "last", "now"),
    [
        ("{}", "-4", "-4"),
        ("{maximum: 5}", "7", "5"),
        ("{restore: false, initial: 1}", "7", "1"),
        ("{}", "unknown", "0"),
    ],
)
async def test_its_last_count_comes_back_unless_restore_is_off(
    house: House, settings: str, last: str, now: str
) -> None:
    house.remember(COUNTER, last)

    await house.declare(f"counter: {{rings: {settings}}}")

    assert house.state(COUNTER) == now
