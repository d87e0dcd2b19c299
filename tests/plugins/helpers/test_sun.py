"""sun: up, down, and the moments between."""

from datetime import datetime

import pytest
from tests.plugins.helpers.house import House

SUN = "sun.sun"


def moment(house: House, name: str) -> datetime:
    return datetime.fromisoformat(house.attribute(SUN, f"next_{name}"))


async def test_the_sun_is_there_without_a_word_of_configuration(house: House) -> None:
    await house.declare("")

    assert house.state(SUN) == "above_horizon"
    assert 30 < house.attribute(SUN, "elevation") < 35
    assert 150 < house.attribute(SUN, "azimuth") < 180


async def test_it_sets_at_the_moment_that_a_rule_waits_for(house: House) -> None:
    await house.declare("sun:")
    setting = moment(house, "setting")

    await house.clock.advance(setting.timestamp() - house.clock.now() - 1)
    before = house.state(SUN)
    await house.clock.advance(1.1)

    assert f"{setting:%H:%M}" == "17:35"
    assert (before, house.state(SUN)) == ("above_horizon", "below_horizon")
    assert moment(house, "setting").day == setting.day + 1


async def test_what_comes_next_comes_in_the_order_of_the_day(house: House) -> None:
    await house.declare("")

    names = sorted(("dawn", "dusk", "midnight", "noon", "rising", "setting"), key=lambda name: moment(house, name))

    assert names == ["noon", "setting", "dusk", "midnight", "dawn", "rising"]
    assert house.attribute(SUN, "rising") is True


async def test_it_moves_through_the_day(house: House) -> None:
    await house.declare("")
    noon = house.attribute(SUN, "azimuth")

    await house.clock.advance(3600)

    assert house.attribute(SUN, "azimuth") > noon + 10
    assert house.attribute(SUN, "rising") is False


@pytest.mark.parametrize(("days", "state"), [(100, "above_horizon"), (283, "below_horizon")])
async def test_in_the_far_north_it_stays_up_or_down_for_months(house: House, days: int, state: str) -> None:
    house.home.settings.latitude, house.home.settings.longitude = 78.2, 15.6
    house.clock.jump(days * 86400)

    await house.declare("")

    assert house.state(SUN) == state
    assert moment(house, "rising").timestamp() - house.clock.now() > 30 * 86400


async def test_it_is_seen_from_where_the_home_moves(house: House) -> None:
    await house.declare("")
    before = moment(house, "setting")

    house.home.settings.longitude += 15
    house.home.bus.fire("core_config_updated", {"longitude": house.home.settings.longitude})

    assert 3500 < (before - moment(house, "setting")).total_seconds() < 3700
