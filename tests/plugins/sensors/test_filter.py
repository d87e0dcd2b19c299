"""platform: filter: chains, and each link."""

from collections.abc import Sequence

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors


async def filtered(house: House, filters: str, numbers: Sequence[str], every_s: float = 10) -> list[str | None]:
    await house.declare(f"sensor: [{{platform: filter, name: Calm, entity_id: sensor.n, filters: [{filters}]}}]")
    seen = []
    for number in numbers:
        house.home.states.set("sensor.n", number, {"unit_of_measurement": "°C", "state_class": "measurement"})
        seen.append(house.state("sensor.calm"))
        await house.clock.advance(every_s)
    return seen


@pytest.mark.parametrize(
    ("filters", "numbers", "seen"),
    [
        ("{filter: lowpass, time_constant: 4}", ("10", "20", "20.0"), ["10.0", "12.5", "14.38"]),
        ("{filter: outlier, window_size: 3, radius: 2}", ("1", "3", "9", "2.5"), ["1.0", "3.0", "9.0", "2.5"]),
        ("{filter: outlier, window_size: 2, radius: 3}", ("1", "3", "9", "9.0"), ["1.0", "3.0", "2.0", "9.0"]),
        ("{filter: range, lower_bound: 5, upper_bound: 6}", ("4", "5.5", "7"), ["5.0", "5.5", "6.0"]),
        ("{filter: throttle, window_size: 2}", ("1", "2", "3", "4"), ["1.0", "1.0", "3.0", "3.0"]),
        ("{filter: time_throttle, window_size: 20}", ("1", "2", "3", "4"), ["1.0", "1.0", "3.0", "3.0"]),
        (
            '{filter: time_simple_moving_average, window_size: "00:00:20", precision: 1}',
            ("10", "20", "40", "80"),
            ["10.0", "10.0", "15.0", "30.0"],
        ),
        (
            "{filter: range, upper_bound: 6, precision: 0}, {filter: throttle, window_size: 2}",
            ("9", "1", "5.6"),
            ["6.0", "6.0", "6.0"],
        ),
    ],
)  # fmt: skip
async def test_what_a_chain_lets_through(house: House, filters: str, numbers: Sequence[str], seen: list[str]) -> None:
    assert await filtered(house, filters, numbers) == seen


async def test_unit_and_class_are_those_of_the_sensor_and_so_is_its_absence(house: House) -> None:
    seen = await filtered(house, "{filter: throttle}", ("1", "unknown", "unavailable", "2"))

    assert seen == ["1.0", "unknown", "unavailable", "2.0"]
    assert house.attribute("sensor.calm", "unit_of_measurement") == "°C"
    assert house.attribute("sensor.calm", "entity_id") == "sensor.n"


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        ("{filter: lowpas}", r"sensor.filters\[0\].filter: expected .*did you mean 'lowpass'"),
        ("{filter: throttle, radius: 3}", r"sensor.filters\[0\].radius: unknown key"),
        ("{filter: time_throttle}", r"window_size: this key is required"),
        ("", "expected at least one filter"),
    ],
)
async def test_a_wrong_link_is_told_with_its_place(house: House, filters: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        await filtered(house, filters, ())
