"""platform: trend: gradients."""

from collections.abc import Sequence

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors


async def trend(house: House, more: str, numbers: Sequence[str], every_s: float = 10) -> list[str | None]:
    await house.declare(f"binary_sensor: [{{platform: trend, sensors: {{up: {{entity_id: sensor.n{more}}}}}}}]")
    seen = []
    for number in numbers:
        house.home.states.set("sensor.n", number, {"level": number})
        seen.append(house.state("binary_sensor.up"))
        await house.clock.advance(every_s)
    return seen


@pytest.mark.parametrize(
    ("more", "numbers", "seen"),
    [
        ("", ("1", "2", "1"), ["unknown", "on", "off"]),
        (", invert: true", ("1", "2", "1"), ["unknown", "off", "on"]),
        (", min_gradient: 0.15", ("1", "2", "4"), ["unknown", "off", "on"]),
        (", min_gradient: -0.15", ("4", "3", "1"), ["unknown", "off", "on"]),
        (", max_samples: 4, min_samples: 3", ("1", "9", "2", "3"), ["unknown", "unknown", "on", "off"]),
        (", max_samples: 9, sample_duration: 15", ("9", "8", "8.5", "9"), ["unknown", "off", "on", "on"]),
        (", attribute: level", ("1", "2"), ["unknown", "on"]),
        ("", ("1", "2", "unknown"), ["unknown", "on", "unavailable"]),
    ],
)
async def test_it_is_on_while_the_line_through_the_samples_is_steep_enough(
    house: House, more: str, numbers: Sequence[str], seen: list[str]
) -> None:
    assert await trend(house, more, numbers) == seen


async def test_it_shows_what_it_found(house: House) -> None:
    await trend(house, ", friendly_name: Going up, device_class: heat", ("1", "2"))

    assert house.attribute("binary_sensor.up", "gradient") == pytest.approx(0.1)
    assert house.attribute("binary_sensor.up", "sample_count") == 2
    assert house.attribute("binary_sensor.up", "friendly_name") == "Going up"


async def test_what_it_was_comes_back(house: House) -> None:
    house.remember("binary_sensor.up", "on")

    assert await trend(house, "", ("1", "0")) == ["on", "off"]


async def test_more_samples_than_there_will_be_are_refused(house: House) -> None:
    with pytest.raises(ConfigErrors, match="expected min_samples to be max_samples or less, got 3 and 2"):
        await trend(house, ", min_samples: 3", ())
