"""platform: random: within its bounds, again and again."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors


async def test_a_number_is_drawn_within_the_bounds_again_and_again(house: House) -> None:
    seen = set()
    await house.declare("sensor: [{platform: random, minimum: 3, maximum: 5, scan_interval: 10}]")

    for _ in range(200):
        seen.add(house.state("sensor.random_sensor"))
        await house.clock.advance(10)

    assert seen == {"3", "4", "5"}
    assert house.attribute("sensor.random_sensor", "maximum") == 5


async def test_a_coin_shows_both_sides(house: House) -> None:
    seen = set()
    await house.declare("binary_sensor: [{platform: random}]")

    for _ in range(100):
        seen.add(house.state("binary_sensor.random_binary_sensor"))
        await house.clock.advance(30)

    assert seen == {"on", "off"}


async def test_bounds_in_the_wrong_order_are_refused(house: House) -> None:
    with pytest.raises(ConfigErrors, match="expected maximum to be minimum or more, got minimum 3 and maximum 1"):
        await house.declare("sensor: [{platform: random, minimum: 3, maximum: 1}]")
