"""Cron patterns and cycles: when it is next time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inglenook_sensors.cron import parse_cron
from inglenook_sensors.cycles import end_of_cycle

NOW = datetime(2026, 3, 10, 11, 20, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))  # a Tuesday


@pytest.mark.parametrize(
    ("pattern", "after"),
    [
        ("*/15 * * * *", "2026-03-10 11:30"),
        ("20 11 * * *", "2026-03-11 11:20"),
        ("0 17 * * 1-5", "2026-03-10 17:00"),
        ("0 0 * * sun", "2026-03-15 00:00"),
        ("0 0 * * 7", "2026-03-15 00:00"),
        ("0 0 1,15 * *", "2026-03-15 00:00"),
        ("0 0 31 */2 *", "2026-03-31 00:00"),
        ("0 0 13 * fri", "2026-03-13 00:00"),
        ("0 0 12 * fri", "2026-03-12 00:00"),
        ("5 4 29 feb *", "2028-02-29 04:05"),
        ("30/20 11 * * *", "2026-03-10 11:30"),
        ("@monthly", "2026-04-01 00:00"),
    ],
)
def test_the_next_time_that_fits(pattern: str, after: str) -> None:
    assert f"{parse_cron(pattern).next_after(NOW):%Y-%m-%d %H:%M}" == after


@pytest.mark.parametrize(
    "pattern", ["", "* * * *", "60 * * * *", "* * 0 * *", "a * * * *", "*/0 * * * *", "5-1 * * * *"]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"expected|invalid"):
        parse_cron(pattern)


def test_a_day_that_never_comes_is_told() -> None:
    with pytest.raises(ValueError, match="fits no day"):
        parse_cron("0 0 30 2 *").next_after(NOW)


@pytest.mark.parametrize(
    ("cycle", "offset", "end"),
    [
        ("quarter-hourly", timedelta(), "2026-03-10 11:30"),
        ("hourly", timedelta(minutes=15), "2026-03-10 12:15"),
        ("hourly", timedelta(minutes=30), "2026-03-10 11:30"),
        ("daily", timedelta(), "2026-03-11 00:00"),
        ("daily", timedelta(hours=17), "2026-03-10 17:00"),
        ("weekly", timedelta(), "2026-03-16 00:00"),
        ("monthly", timedelta(days=14), "2026-03-15 00:00"),
        ("bimonthly", timedelta(), "2026-05-01 00:00"),
        ("quarterly", timedelta(), "2026-04-01 00:00"),
        ("yearly", timedelta(days=27), "2027-01-28 00:00"),
    ],
)
def test_a_cycle_ends(cycle: str, offset: timedelta, end: str) -> None:
    assert f"{end_of_cycle(cycle, NOW, offset):%Y-%m-%d %H:%M}" == end


def test_the_end_of_a_cycle_begins_the_next() -> None:
    end = end_of_cycle("monthly", NOW, timedelta())

    assert f"{end_of_cycle('monthly', end, timedelta()):%Y-%m-%d}" == "2026-05-01"


def test_in_the_hour_that_comes_twice_the_end_is_still_to_come() -> None:
    second = datetime(2026, 10, 25, 2, 5, tzinfo=NOW.tzinfo, fold=1)

    assert end_of_cycle("quarter-hourly", second, timedelta()).timestamp() == second.timestamp() + 600
    assert parse_cron("*/15 * * * *").next_after(second).timestamp() == second.timestamp() + 600
