"""The sun: when it rises and sets at the home."""

from datetime import date

import pytest

from inglenook.home import Home
from inglenook.rules.sun import next_sun_event, sun_event
from inglenook.testing import START


@pytest.mark.parametrize(("day", "seconds"), [(10, 23731.256), (11, 110238.505), (12, 196745.520)])
def test_sunset_is_that_of_home_assistant(home: Home, day: int, seconds: float) -> None:
    at = sun_event(home, "sunset", date(2026, 3, day))

    assert at == pytest.approx(START + seconds, abs=0.001)


def test_a_home_high_up_sees_the_sun_longer(home: Home) -> None:
    low = sun_event(home, "sunset", date(2026, 3, 10))
    home.settings.elevation = 1000.0
    high = sun_event(home, "sunset", date(2026, 3, 10))

    assert low is not None
    assert high is not None
    assert 60 < high - low < 900


def test_in_the_polar_night_there_is_no_sunrise_until_it_is_over(home: Home) -> None:
    home.settings.latitude = 78.2

    assert sun_event(home, "sunrise", date(2026, 12, 24)) is None
    assert next_sun_event(home, "sunset", 0.0) > START


def test_the_next_event_counts_with_its_offset(home: Home) -> None:
    assert next_sun_event(home, "sunset", -3600.0) == pytest.approx(START + 23731.256 - 3600, abs=0.001)
    assert next_sun_event(home, "sunset", -8 * 3600.0) == pytest.approx(START + 110238.505 - 8 * 3600, abs=0.001)
