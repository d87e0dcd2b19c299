"""The trigger on sunrise and sunset."""

from tests.core.rules.house import RuleHome

SUNSET_S = 23731.256  # after noon on 10 March 2026 in Amsterdam, as Home Assistant has it


async def test_it_fires_at_sunset_plus_the_offset_each_day(house: RuleHome) -> None:
    house.watch("- {trigger: sun, event: sunset, offset: '-00:45:00'}", "{o: '{{ trigger.offset }}'}")

    await house.advance(SUNSET_S - 2700 - 0.1)
    before = len(house.heard)
    await house.advance(0.2)
    after = len(house.heard)
    await house.advance(86_600)  # the days grow longer

    assert (before, after, len(house.heard)) == (0, 1, 2)
    assert house.heard[0]["o"] == "-1 day, 23:15:00"


async def test_an_offset_that_has_passed_today_means_tomorrow(house: RuleHome) -> None:
    house.watch("- {trigger: sun, event: sunset, offset: '-08:00'}")

    await house.advance(SUNSET_S)

    assert house.heard == []


async def test_a_home_that_moves_waits_for_the_sun_of_its_new_place(house: RuleHome) -> None:
    house.watch("- {trigger: sun, event: sunset}")

    house.home.settings.longitude = 20.0  # an hour further east
    house.home.bus.fire("core_config_updated")
    await house.advance(SUNSET_S - 3600)

    assert house.heard == [{}]
