"""The trigger on the time of day. The home's clock shows Tuesday, 12:00."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.core.rules.house import RuleHome

from inglenook.clock import VirtualClock, VirtualLoop
from inglenook.testing import make_virtual_home

DAY_S = 86_400
NOW = "{now: \"{{ trigger.now.strftime('%a %H:%M:%S') }}\", entity: '{{ trigger.entity_id }}'}"


def times(house: RuleHome) -> list[str]:
    return [hit["now"] for hit in house.heard]


async def test_it_fires_each_day_at_each_time(house: RuleHome) -> None:
    house.watch("- {trigger: time, at: ['12:01', '11:59:30', '12:01']}", NOW)

    await house.advance(DAY_S + 60)

    assert times(house) == ["Tue 12:01:00", "Tue 12:01:00", "Wed 11:59:30", "Wed 12:01:00", "Wed 12:01:00"]


async def test_weekdays_choose_the_days(house: RuleHome) -> None:
    house.watch("- {trigger: time, at: '13:00', weekday: [wed, sun]}", NOW)

    await house.advance(7 * DAY_S)

    assert times(house) == ["Wed 13:00:00", "Sun 13:00:00"]


async def test_a_time_of_an_entity_is_followed_as_it_changes(house: RuleHome) -> None:
    await house.set("sensor.next", "2026-03-10T11:01:00+00:00", device_class="timestamp")
    house.watch("- {trigger: time, at: {entity_id: sensor.next, offset: '-00:00:30'}}", NOW)

    await house.advance(10)
    await house.set("sensor.next", "unavailable", device_class="timestamp")
    await house.advance(60)
    await house.set("sensor.next", "2026-03-10T12:04:00+01:00", device_class="timestamp")
    await house.advance(DAY_S)

    assert house.heard == [{"now": "Tue 12:03:30", "entity": "sensor.next"}]


@pytest.mark.parametrize(
    ("state", "attributes", "expected"),
    [
        ("12:02:00", {"has_time": True, "has_date": False}, ["Tue 12:02:00", "Wed 12:02:00"]),
        ("2026-03-10 12:02:00", {"has_time": True, "has_date": True}, ["Tue 12:02:00"]),
        ("2026-03-10 11:00:00", {"has_time": True, "has_date": True}, []),
        ("2026-03-11", {"has_time": False, "has_date": True}, ["Wed 00:00:00"]),
    ],
)
async def test_an_input_datetime_is_daily_with_a_time_alone_and_once_with_a_date(
    house: RuleHome, state: str, attributes: dict[str, bool], expected: list[str]
) -> None:
    await house.set("input_datetime.alarm", state, **attributes)
    house.watch("- {trigger: time, at: input_datetime.alarm}", NOW)

    await house.advance(DAY_S + 300)

    assert times(house) == expected


async def test_a_sensor_without_a_zone_keeps_the_trigger_from_being_armed(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    await house.set("sensor.next", "2026-03-10T12:01:00", device_class="timestamp")
    house.watch("- {trigger: time, at: sensor.next}", NOW)

    await house.advance(300)

    assert house.heard == []
    assert house.state() == "on"
    assert "sensor.next: expected a time with its zone" in caplog.text


async def test_a_time_that_was_slept_through_is_logged_and_not_made_up_for(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.watch("- {trigger: time, at: '12:10'}", NOW)
    caplog.set_level("INFO")
    clock = house.home.clock
    assert isinstance(clock, VirtualClock)

    clock.jump(3600)
    await house.advance(60)

    assert house.heard == []
    assert "rule Rule, trigger/0 (rules.yaml:3:7): it missed its time by" in caplog.text

    await house.advance(DAY_S)

    assert times(house) == ["Wed 12:10:00"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-29T00:10", []),  # clocks go from 02:00 to 03:00
        ("2026-10-25T00:10", ["+0200", "+0100"]),  # and from 03:00 back to 02:00
    ],
)
def test_a_time_that_the_change_of_clocks_skips_does_not_come_and_one_that_comes_twice_fires_twice(
    start: str, expected: list[str]
) -> None:
    async def night() -> list[str]:
        home = make_virtual_home(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp())
        house = RuleHome(home)
        house.watch("- {trigger: time, at: '02:30'}", "{z: \"z{{ trigger.now.strftime('%z') }}\"}")
        await house.advance(6 * 3600)
        return [hit["z"][1:] for hit in house.heard]

    loop = VirtualLoop()

    assert loop.run_until_complete(night()) == expected

    loop.close()


@pytest.mark.parametrize("at", ["12:01:00", "'24:00'", "'12'", "light.hall", "{entity_id: sensor.x, offset: soon}"])
def test_what_is_no_time_is_refused(house: RuleHome, at: str) -> None:
    assert len(house.errors(f"{{actions: [], triggers: {{trigger: time, at: {at}}}}}")) == 1
