"""The sun: when it rises and sets at the home, from astral."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from inglenook.home import Home

SUNRISE: Final = "sunrise"
SUNSET: Final = "sunset"
EVENTS: Final = (SUNRISE, SUNSET)

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
    from astral import Observer  # noqa: PLC0415 - 20 ms at the start of a home whose rules never look at the sun
    from astral.sun import sunrise, sunset  # noqa: PLC0415

    observer = Observer(latitude, longitude, elevation)
    try:
        return (sunrise if event == SUNRISE else sunset)(observer, day).timestamp()
    except ValueError:
        return None
