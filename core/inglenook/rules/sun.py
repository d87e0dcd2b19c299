"""The sun: when it rises and sets at the home, from astral."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import degrees
from typing import Final

from inglenook.home import Home

SUNRISE: Final = "sunrise"
SUNSET: Final = "sunset"
EVENTS: Final = (SUNRISE, SUNSET)

_DAY_MINUTES: Final = 1440.0
_NOON_MINUTES: Final = 720.0
_MAX_LATITUDE: Final = 89.8
_DAYS_AHEAD: Final = 367  # beyond the polar night or summer the sun comes back within a year


def sun_event(home: Home, event: str, day: date) -> float | None:
    """Return when ``event`` is on ``day`` of the home's calendar, in seconds since the epoch; None in polar times."""
    settings = home.settings
    return _sun_event(event, day, settings.latitude, settings.longitude, settings.elevation)


def next_sun_event(home: Home, event: str, offset_s: float) -> float:
    """Return when ``event`` plus ``offset_s`` comes next, in seconds since the epoch.

    Raises:
        ValueError: not within a year.
    """
    now, today = home.clock.now(), home.clock.local().date()
    for days in range(-1, _DAYS_AHEAD):
        at = sun_event(home, event, today + timedelta(days=days))
        if at is not None and at + offset_s > now:
            return at + offset_s
    raise ValueError(f"there is no {event} at latitude {home.settings.latitude} within a year")


@lru_cache(maxsize=64)
def _sun_event(event: str, day: date, latitude: float, longitude: float, elevation: float) -> float | None:
    """Return when the sun's upper edge crosses the horizon, refraction counted.

    The declination is that of the event itself, found in two steps. The first guess takes the refraction with the wrong
    sign, as Home Assistant does: half a second that people who compare the two would otherwise wonder about.
    """
    from astral import SunDirection, julian, refraction_at_zenith, sun  # noqa: PLC0415 - 20 ms for a home whose rules never look at the sun

    direction = SunDirection.RISING if event == SUNRISE else SunDirection.SETTING
    latitude = max(-_MAX_LATITUDE, min(_MAX_LATITUDE, latitude))
    zenith = 90 + sun.SUN_APPARENT_RADIUS + (sun.adjust_to_horizon(elevation) if elevation > 0 else 0.0)
    refraction = refraction_at_zenith(zenith)
    midnight = julian.julianday(day)
    minutes = 0.0
    try:
        for angle in (zenith - refraction, zenith + refraction):
            century = julian.julianday_to_juliancentury(midnight + minutes / _DAY_MINUTES)
            hour_angle = degrees(sun.hour_angle(latitude, sun.sun_declination(century), angle, direction))
            minutes = _NOON_MINUTES - 4 * (longitude + hour_angle) - sun.eq_of_time(century)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + minutes * 60
