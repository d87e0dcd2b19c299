"""platform: threshold: bounds and hysteresis."""

from collections.abc import Sequence

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors


async def states_of(house: House, bounds: str, numbers: Sequence[str]) -> list[tuple[str | None, str]]:
    await house.declare(f"binary_sensor: [{{platform: threshold, entity_id: sensor.n, {bounds}}}]")
    seen = []
    for number in numbers:
        house.home.states.set("sensor.n", number)
        seen.append((house.state("binary_sensor.threshold"), house.attribute("binary_sensor.threshold", "position")))
    return seen


@pytest.mark.parametrize(
    ("bounds", "numbers", "seen"),
    [
        (
            "upper: 10, hysteresis: 1",
            ("10.5", "11.5", "9.5", "8.9", "unknown"),
            [("off", "below"), ("on", "above"), ("on", "above"), ("off", "below"), ("unknown", "unknown")],
        ),
        (
            "lower: 10, hysteresis: 1",
            ("9.5", "8.5", "10.5", "11.5"),
            [("off", "above"), ("on", "below"), ("on", "below"), ("off", "above")],
        ),
        (
            "lower: 10, upper: 20",
            ("10", "9", "10", "15", "21", "20", "19"),
            [
                ("on", "in_range"), ("off", "below"), ("off", "below"), ("on", "in_range"), ("off", "above"),
                ("off", "above"), ("on", "in_range"),
            ],
        ),
    ],
)  # fmt: skip
async def test_it_turns_where_a_bound_is_passed(
    house: House, bounds: str, numbers: Sequence[str], seen: list[tuple[str, str]]
) -> None:
    assert await states_of(house, bounds, numbers) == seen


async def test_it_shows_what_it_compares(house: House) -> None:
    await states_of(house, "lower: 10, device_class: cold", ["9"])

    assert house.attribute("binary_sensor.threshold", "sensor_value") == 9.0
    assert house.attribute("binary_sensor.threshold", "type") == "lower"
    assert house.attribute("binary_sensor.threshold", "device_class") == "cold"


async def test_without_a_bound_it_is_refused(house: House) -> None:
    with pytest.raises(ConfigErrors, match="expected lower, upper or both"):
        await house.declare("binary_sensor: [{platform: threshold, entity_id: sensor.n}]")
