"""input_datetime: its parts, the ways to set them, and what comes back."""

from typing import Any

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors, InvalidServiceData

ALL = """
input_datetime:
  both: {has_date: true, has_time: true}
  day: {has_date: true}
  time: {has_time: true}
"""


@pytest.mark.parametrize(
    ("key", "data", "state"),
    [
        ("both", {"datetime": "2026-05-01 10:20:30"}, "2026-05-01 10:20:30"),
        ("both", {"datetime": "2026-05-01T10:20:30+09:00"}, "2026-05-01 10:20:30"),
        ("both", {"date": "2026-05-01"}, "2026-05-01 00:00:00"),
        ("both", {"time": "06:07"}, "2026-03-10 06:07:00"),
        ("both", {"date": "2026-05-01", "time": "06:07:08"}, "2026-05-01 06:07:08"),
        ("both", {"timestamp": 1_777_593_600}, "2026-05-01 02:00:00"),
        ("day", {"datetime": "2026-05-01 10:20:30"}, "2026-05-01"),
        ("time", {"datetime": "2026-05-01 10:20:30"}, "10:20:30"),
    ],
)
async def test_what_is_given_is_taken_as_far_as_it_has_the_part(
    house: House, key: str, data: dict[str, Any], state: str
) -> None:
    await house.declare(ALL)

    await house.call("input_datetime.set_datetime", f"input_datetime.{key}", **data)

    assert house.state(f"input_datetime.{key}") == state


@pytest.mark.parametrize(
    ("key", "data", "message"),
    [
        ("time", {"date": "2026-05-01"}, "there is nothing to set; it has a time"),
        ("day", {"time": "10:00"}, "there is nothing to set; it has a date"),
        ("both", {}, "expected date, time or both; or datetime; or timestamp; got none"),
        ("both", {"date": "2026-05-01", "timestamp": 5}, "got date, timestamp"),
        ("both", {"date": "1 May"}, "expected a date like"),
        ("both", {"datetime": "noon"}, "expected a date and time like"),
    ],
)
async def test_what_cannot_be_set_is_refused(house: House, key: str, data: dict[str, Any], message: str) -> None:
    await house.declare(ALL)

    with pytest.raises(InvalidServiceData, match=message):
        await house.call("input_datetime.set_datetime", f"input_datetime.{key}", **data)


async def test_the_timestamp_is_a_moment_or_of_a_time_alone_the_seconds_of_the_day(house: House) -> None:
    await house.declare(ALL)
    await house.call("input_datetime.set_datetime", "input_datetime.time", time="01:02:03")

    stamps = [house.attribute(f"input_datetime.{key}", "timestamp") for key in ("both", "day", "time")]

    midnight = 1_773_097_200  # 2026-03-10 00:00 in Amsterdam
    assert stamps == [midnight, midnight, 3723]


@pytest.mark.parametrize(
    ("last", "settings", "state"),
    [
        ("2026-01-02 03:04:05", "{has_date: true, has_time: true}", "2026-01-02 03:04:05"),
        ("2026-01-02", "{has_date: true}", "2026-01-02"),
        ("03:04:05", "{has_time: true}", "03:04:05"),
        ("03:04:05", "{has_date: true}", "2026-03-10"),
        ("03:04:05", "{has_time: true, initial: '06:00'}", "06:00:00"),
    ],
)
async def test_its_last_state_comes_back_if_it_has_the_parts(
    house: House, last: str, settings: str, state: str
) -> None:
    house.remember("input_datetime.x", last)

    await house.declare(f"input_datetime: {{x: {settings}}}")

    assert house.state("input_datetime.x") == state


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{has_date: false}", "expected has_date or has_time to be true"),
        ("{has_time: true, initial: tomorrow}", "input_datetime.x.initial: expected a time, got 'tomorrow'"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(house: House, settings: str, message: str) -> None:
    with pytest.raises(ConfigErrors, match=message):
        await house.declare(f"input_datetime: {{x: {settings}}}")
