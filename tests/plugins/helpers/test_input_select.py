"""input_select: its options, and the way through them."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors, InvalidServiceData, ServiceError, ServiceValidationError

ONE = "input_select: {mode: {options: [day, night, away]}}"
SELECT = "input_select.mode"


@pytest.mark.parametrize(
    ("service", "data", "option"),
    [
        ("select_next", {}, "night"),
        ("select_previous", {}, "away"),
        ("select_previous", {"cycle": False}, "day"),
        ("select_last", {}, "away"),
        ("select_first", {}, "day"),
        ("select_option", {"option": "away"}, "away"),
    ],
)
async def test_every_service_selects(house: House, service: str, data: dict[str, object], option: str) -> None:
    await house.declare(ONE)

    await house.call(f"input_select.{service}", SELECT, **data)

    assert house.state(SELECT) == option


async def test_the_end_stays_the_end_without_cycle(house: House) -> None:
    await house.declare(ONE)
    await house.call("input_select.select_last", SELECT)

    await house.call("input_select.select_next", SELECT, cycle=False)

    assert house.state(SELECT) == "away"


async def test_what_is_no_option_is_refused(house: House) -> None:
    await house.declare(ONE)

    with pytest.raises(ServiceValidationError, match="option 'noon' is none of its options day, night, away"):
        await house.call("input_select.select_option", SELECT, option="noon")


async def test_other_options_take_the_place_of_the_old_ones(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await house.declare(ONE)

    await house.call("input_select.set_options", SELECT, options=["dusk", "dawn"])

    assert house.state(SELECT) == "dusk"
    assert house.attribute(SELECT, "options") == ["dusk", "dawn"]
    assert "'day' is none of its options dusk, dawn any more" in caplog.text


async def test_options_must_be_some_and_differ(house: House) -> None:
    await house.declare(ONE)

    with pytest.raises(InvalidServiceData, match="expected at least one option"):
        await house.call("input_select.set_options", SELECT, options=[])
    with pytest.raises(ServiceError, match="expected options that differ"):
        await house.call("input_select.set_options", SELECT, options=["a", "a"])

    assert house.attribute(SELECT, "options") == ["day", "night", "away"]


@pytest.mark.parametrize(("last", "now"), [("night", "night"), ("noon", "day")])
async def test_its_last_state_comes_back_if_it_is_still_an_option(house: House, last: str, now: str) -> None:
    house.remember(SELECT, last)

    await house.declare(ONE)

    assert house.state(SELECT) == now


async def test_an_unquoted_on_is_the_text_true(house: House) -> None:
    await house.declare("input_select: {mode: {options: [on, 5]}}")

    assert house.attribute(SELECT, "options") == ["True", "5"]


async def test_an_initial_option_must_be_one(house: House) -> None:
    with pytest.raises(ConfigErrors, match=r"input_select\.mode\.initial: expected one of a, b; got 'c'"):
        await house.declare("input_select: {mode: {options: [a, b], initial: c}}")


async def test_an_option_that_stands_there_twice_counts_once_and_is_told_with_its_place(house: House) -> None:
    await house.declare("input_select:\n  mode: {options: [a, b, a]}\n")

    assert house.attribute("input_select.mode", "options") == ["a", "b"]
    assert [str(warning) for warning in house.plugins.warnings] == [
        "configuration.yaml:2:26: input_select.mode.options[2]: the option 'a' stands there twice, and counts once"
    ]
