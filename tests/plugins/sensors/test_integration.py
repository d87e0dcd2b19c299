"""platform: integration: sums over time."""

import pytest
from tests.plugins.helpers.house import House

POWER = {"unit_of_measurement": "W", "device_class": "power"}


async def follow(house: House, more: str, *numbers: str, hours: float = 1) -> None:
    """Let the source be each number for ``hours``; the last has just come."""
    await house.declare(f"sensor: [{{platform: integration, source: sensor.power, name: Energy{more}}}]")
    for index, number in enumerate(numbers):
        if index:
            await house.clock.advance(hours * 3600)
        house.home.states.set("sensor.power", number, POWER)


@pytest.mark.parametrize(("method", "total"), [("trapezoidal", "150.0"), ("left", "100.0"), ("right", "200.0")])
async def test_a_strip_is_as_high_as_the_method_says(house: House, method: str, total: str) -> None:
    await follow(house, f", method: {method}", "100", "200")

    assert house.state("sensor.energy") == total
    assert house.attribute("sensor.energy", "unit_of_measurement") == "Wh"
    assert house.attribute("sensor.energy", "device_class") == "energy"
    assert house.attribute("sensor.energy", "source") == "sensor.power"


async def test_prefix_time_and_rounding(house: House) -> None:
    await follow(house, ", unit_prefix: k, unit_time: min, round: 1", "1234", "1234.0")

    assert house.state("sensor.energy") == "74.0"
    assert house.attribute("sensor.energy", "unit_of_measurement") == "kWmin"


async def test_where_a_number_is_missing_nothing_is_added(house: House) -> None:
    await follow(house, "", "100", "unknown", "100", "200")

    assert house.state("sensor.energy") == "150.0"
    house.home.states.set("sensor.power", "unavailable")
    assert house.state("sensor.energy") == "unavailable"


async def test_without_a_change_a_strip_is_closed_after_the_interval(house: House) -> None:
    await follow(house, ", method: left, max_sub_interval: 60", "60")

    await house.clock.advance(180)
    assert house.state("sensor.energy") == "3.0"
    await house.clock.advance(30)
    house.home.states.set("sensor.power", "0", POWER)

    assert house.state("sensor.energy") == "3.5"  # no part of the time is counted twice


async def test_the_sum_comes_back_and_the_time_between_does_not_count(house: House) -> None:
    house.remember("sensor.energy", "42.5", unit_of_measurement="Wh")
    house.remember("sensor.power", "1000", **POWER)
    await house.clock.advance(7200)

    await follow(house, "", "100", "100.5")

    assert house.state("sensor.energy") == "142.75"


async def test_what_a_sensor_was_before_the_start_is_not_summed_up(house: House) -> None:
    house.remember("sensor.power", "1000", **POWER)

    await house.declare("sensor: [{platform: integration, source: sensor.power, name: Energy, max_sub_interval: 60}]")
    await house.clock.advance(600)

    assert house.state("sensor.energy") == "unknown"
