"""The sun: when it rises, sets and passes any height at the home, and where it stands now; from astral."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import degrees
from typing import Final, NamedTuple

from inglenook.home import Home

SUNRISE: Final = "sunrise"
SUNSET: Final = "sunset"
EVENTS: Final = (SUNRISE, SUNSET)
HORIZON: Final = -0.833  # the height, in degrees, at which the sun's upper edge is seen to touch the horizon

_DAY_MINUTES: Final = 1440.0
_NOON_MINUTES: Final = 720.0
_MAX_LATITUDE: Final = 89.8
_DAYS_AHEAD: Final = 367  # beyond the polar night or summer the sun comes back within a year
_EXTREMES: Final = {"solar_noon": "noon", "solar_midnight": "midnight"}


class Passage(NamedTuple):
    """The sun passes a height: ``height`` in degrees above the horizon, going up or down."""

    height: float
    is_rising: bool


_RADIUS: Final = 16 / 60  # degrees from the sun's centre to its edge, as seen from here
PASSAGES: Final = {SUNRISE: Passage(-_RADIUS, is_rising=True), SUNSET: Passage(-_RADIUS, is_rising=False)}

Moment = str | Passage
"""``sunrise``, ``sunset``, ``solar_noon``, ``solar_midnight``, or a passage."""


def sun_event(home: Home, event: Moment, day: date) -> float | None:
    """Return when ``event`` is on ``day`` of the home's calendar, in seconds since the epoch; None in polar times."""
    settings = home.settings
    if event in _EXTREMES:
        return _extreme(_EXTREMES[str(event)], day, settings.latitude, settings.longitude)
    passage = event if isinstance(event, Passage) else PASSAGES[event]
    return _passed(passage, day, settings.latitude, settings.longitude, settings.elevation)


def next_sun_event(home: Home, event: Moment, offset_s: float) -> float:
    """Return when ``event`` plus ``offset_s`` comes next, in seconds since the epoch.

    Raises:
        ValueError: not within a year.
    """
    now, today = home.clock.now(), home.clock.local().date()
    for days in range(-1, _DAYS_AHEAD):
        at = sun_event(home, event, today + timedelta(days=days))
        if at is not None and at + offset_s > now:
            return at + offset_s
    name = event if isinstance(event, str) else f"passage of the sun through {event.height:g} degrees"
    raise ValueError(f"there is no {name} at latitude {home.settings.latitude} within a year")


def last_extreme(home: Home, event: str) -> float:
    """Return when the last ``solar_noon`` or ``solar_midnight`` was, in seconds since the epoch."""
    now, today = home.clock.now(), home.clock.local().date()
    found = [sun_event(home, event, today + timedelta(days=days)) for days in range(-2, 3)]
    return max(at for at in found if at is not None and at <= now)


def sun_height(home: Home, at: float) -> float:
    """Return how high the sun stands at ``at`` (seconds since the epoch), in degrees above the horizon."""
    from astral import Observer, sun  # noqa: PLC0415 - 20 ms for a home whose rules never look at the sun

    settings = home.settings
    observer = Observer(settings.latitude, settings.longitude, settings.elevation)
    return float(sun.elevation(observer, datetime.fromtimestamp(at, UTC)))


@lru_cache(maxsize=64)
def _passed(passage: Passage, day: date, latitude: float, longitude: float, elevation: float) -> float | None:
    """Return when the sun passes a height, refraction counted.

    The declination is that of the event itself, found in two steps. The first guess takes the refraction with the wrong
    sign, as Home Assistant does: half a second that people who compare the two would otherwise wonder about.
    """
    from astral import SunDirection, julian, refraction_at_zenith, sun  # noqa: PLC0415 - the same

    direction = SunDirection.RISING if passage.is_rising else SunDirection.SETTING
    latitude = max(-_MAX_LATITUDE, min(_MAX_LATITUDE, latitude))
    zenith = 90 - passage.height + (sun.adjust_to_horizon(elevation) if elevation > 0 else 0.0)
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


@lru_cache(maxsize=64)
def _extreme(name: str, day: date, latitude: float, longitude: float) -> float:
    """Return when the sun is highest (``noon``) or lowest (``midnight``)."""
    from astral import Observer, sun  # noqa: PLC0415 - the same

    found: datetime = getattr(sun, name)(Observer(latitude, longitude), day)
    return found.timestamp()
