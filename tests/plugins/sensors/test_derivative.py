"""platform: derivative: slopes."""

from tests.plugins.helpers.house import House


async def follow(house: House, more: str, *numbers: str, every_s: float = 60, **attributes: str) -> list[str | None]:
    """Let the source be each number, and return what the slope was after each."""
    await house.declare(f"sensor: [{{platform: derivative, source: sensor.n, name: Slope{more}}}]")
    seen = []
    for index, number in enumerate(numbers):
        if index:
            await house.clock.advance(every_s)
        house.home.states.set("sensor.n", number, {"unit_of_measurement": "kWh", **attributes})
        seen.append(house.state("sensor.slope"))
    return seen


async def test_the_slope_is_that_of_the_last_two(house: House) -> None:
    assert await follow(house, "", "1", "2", "1.5") == ["unknown", "60.0", "-30.0"]
    assert house.attribute("sensor.slope", "unit_of_measurement") == "kWh/h"
    assert house.attribute("sensor.slope", "source") == "sensor.n"


async def test_prefix_time_round_and_unit(house: House) -> None:
    seen = await follow(house, ", unit_prefix: k, unit_time: min, round: 4, unit: kX", "0", "1234.56")

    assert seen[-1] == "1.2346"
    assert house.attribute("sensor.slope", "unit_of_measurement") == "kX"


async def test_in_a_window_slopes_count_by_how_long_they_lasted(house: House) -> None:
    seen = await follow(house, ", unit_time: min, time_window: 120", "0", "10", "10.0", "40")

    assert seen == ["unknown", "5.0", "5.0", "15.0"]


async def test_without_a_change_it_sinks_to_nothing(house: House) -> None:
    await follow(house, ", unit_time: min, time_window: 120, max_sub_interval: 90", "0", "10")

    await house.clock.advance(90)
    assert house.state("sensor.slope") == "2.5"
    await house.clock.advance(90)

    assert house.state("sensor.slope") == "0.0"


async def test_a_counter_that_begins_anew_has_no_slope_down(house: House) -> None:
    seen = await follow(house, "", "5", "6", "0", "1", state_class="total_increasing")

    assert seen == ["unknown", "60.0", "60.0", "60.0"]


async def test_what_it_was_comes_back_and_what_nobody_knows_is_unknown(house: House) -> None:
    house.remember("sensor.slope", "7.5", unit_of_measurement="kWh/h")

    seen = await follow(house, "", "5", "unknown", "unavailable")

    assert seen == ["7.5", "unknown", "unavailable"]
