"""Wall time, through every change of the clocks."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook.rules.wall import DAY_S, WallPattern

ZONES = ["UTC", "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]


def moment(text: str, zone: str = "Europe/Amsterdam", fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def shown(at: float, zone: str = "Europe/Amsterdam") -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-03-10T07:29:59", "2026-03-10T07:30:00+01:00"),
        ("2026-03-10T07:30:00.4", "2026-03-10T07:30:00+01:00"),
        ("2026-03-10T07:30:01", "2026-03-11T07:30:00+01:00"),
        ("2026-12-31T08:00:00", "2027-01-01T07:30:00+01:00"),
    ],
)
def test_the_next_time_is_not_before_the_present_second(after: str, expected: str) -> None:
    pattern = WallPattern.at(time(7, 30))

    assert shown(pattern.next_at(moment(after), ZoneInfo("Europe/Amsterdam"))) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-03-29T00:00", ["2026-03-30T02:30:00+02:00"]),
        ("2026-10-25T00:00", ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00"]),
    ],
)
def test_a_skipped_time_does_not_come_and_a_doubled_one_comes_twice(after: str, expected: list[str]) -> None:
    pattern, zone = WallPattern.at(time(2, 30)), ZoneInfo("Europe/Amsterdam")
    at, found = moment(after), []

    for _ in expected:
        at = pattern.next_at(at, zone)
        found.append(shown(at))
        at += 1

    assert found == expected


@settings(max_examples=150, deadline=None)
@given(
    after=st.integers(int(moment("2020-01-01T00:00")), int(moment("2030-01-01T00:00"))),
    zone=st.sampled_from(ZONES),
    at=st.times(),
)
def test_the_next_time_is_the_first_moment_at_which_the_clock_shows_it(after: int, zone: str, at: time) -> None:
    wanted, place = at.replace(microsecond=0), ZoneInfo(zone)

    found = WallPattern.at(wanted).next_at(after, place)

    assert datetime.fromtimestamp(found, place).time() == wanted
    assert after <= found < after + 3 * DAY_S
    assert _first_by_trying(after, wanted, place) == found


def _first_by_trying(after: int, wanted: time, zone: ZoneInfo) -> float:
    """Try every day and both folds, which is slow and simple."""
    today = datetime.fromtimestamp(after, zone).date()
    found = []
    for days in range(-1, 4):
        for fold in (0, 1):
            candidate = datetime.combine(today + timedelta(days=days), wanted, zone).replace(fold=fold)
            at = candidate.timestamp()
            if at >= after and datetime.fromtimestamp(at, zone).replace(tzinfo=None) == candidate.replace(tzinfo=None):
                found.append(at)
    return min(found)
