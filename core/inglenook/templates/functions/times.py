"""Functions of time: now, parsing, formatting, how long ago."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from inglenook.templates.functions.invalid import NO_DEFAULT, default_or_raise
from inglenook.templates.library import Library
from inglenook.templates.view import View

_DAY_S: Final = 86_400
_UNITS: Final = (
    ("year", 365 * _DAY_S), ("month", 30 * _DAY_S), ("day", _DAY_S), ("hour", 3600), ("minute", 60), ("second", 1),
)  # fmt: skip
_CLOCK_DURATION: Final = re.compile(
    r"(?:(?P<days>-?\d+) (?:days?, )?)?(?P<sign>[-+])?"
    r"(?:(?:(?P<hours>\d+):)?(?P<minutes>\d+):)?(?P<seconds>\d+(?:[.,]\d{1,6})?)"
)
_ISO_DURATION: Final = re.compile(
    r"(?P<sign>[-+])?P(?:(?P<days>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?"
)
_DAYS_DURATION: Final = re.compile(
    r"(?:(?P<days>-?\d+) days? ?)?(?:(?P<sign>[-+])?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d{1,6})?))?"
)
_TIME_OF_DAY: Final = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_MOMENT: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)?)?\s*(Z|[-+]\d\d(?::?\d\d)?)?)?"
)
_MONTH: Final = re.compile(r"\d{4}-\d\d")
_COMPACT_MOMENT: Final = re.compile(
    r"(?:\d{8}|\d{4}-?W\d\d(?:-?\d)?)(?:[T ]\d{4}(?:\d\d)?(?:\.\d+)?(?:Z|[-+]\d\d(?::?\d\d)?)?)?"
)


def offer(library: Library, view: View) -> None:
    """Offer the functions of this module."""
    here = LocalTimes(view)
    library.offer_all({"now": view.now, "utcnow": lambda: view.now().astimezone(UTC)}, "g", "home")
    library.offer_all({"as_datetime": as_datetime, "as_timedelta": as_timedelta})
    library.offer_all({"strptime": strptime, "timedelta": timedelta}, "g")
    library.offer_all({"as_timestamp": here.as_timestamp, "as_local": here.as_local}, "gf", "live")
    formats = {
        "timestamp_custom": here.timestamp_custom,
        "timestamp_local": here.timestamp_local,
        "timestamp_utc": timestamp_utc,
    }
    library.offer_all(formats, "f", "live")
    relative = {
        "today_at": here.today_at,
        "relative_time": here.time_since,
        "time_since": here.time_since,
        "time_until": here.time_until,
        "timedelta_string": timedelta_string,
    }
    library.offer_all(relative, "gf", "home")
    library.offer("datetime", lambda value: isinstance(value, datetime), "t")


class LocalTimes:
    """Functions that know the home's zone and its time."""

    def __init__(self, view: View) -> None:
        self._view = view

    @property
    def _zone(self) -> tzinfo:
        return self._view.home.clock.time_zone

    def today_at(self, text: str = "") -> datetime:
        """Return today at a time of day, by default midnight.

        Raises:
            ValueError: ``text`` is no time of day.
        """
        moment = time_of_day(text) if text else time()
        return datetime.combine(self._view.now().date(), moment, self._zone)

    def as_local(self, moment: datetime) -> datetime:
        """Return a moment in the home's zone; one without a zone is taken to be in it."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(self._zone)

    def as_timestamp(self, value: Any, default: Any = NO_DEFAULT) -> Any:
        """Return the seconds since the epoch of a moment or of a text that tells one.

        Raises:
            ValueError: it is neither, and there is no default.
        """
        try:
            moment = value if isinstance(value, datetime) else moment_of(str(value))
            return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).timestamp()
        except (ValueError, TypeError, OverflowError):
            return default_or_raise(default, "as_timestamp", value)

    def timestamp_custom(
        self, value: Any, layout: str = "%Y-%m-%d %H:%M:%S", local: bool = True, default: Any = NO_DEFAULT
    ) -> Any:
        """Return seconds since the epoch in a layout of Python's ``strftime``.

        Raises:
            ValueError: it is no number, and there is no default.
        """
        try:
            return datetime.fromtimestamp(value, self._zone if local else UTC).strftime(layout)
        except (ValueError, TypeError, OverflowError, OSError):
            return default_or_raise(default, "timestamp_custom", value)

    def timestamp_local(self, value: Any, default: Any = NO_DEFAULT) -> Any:
        """Return seconds since the epoch as ISO text in the home's zone."""
        return _iso_or_default("timestamp_local", value, self._zone, default)

    def time_since(self, value: Any, precision: int = 1) -> Any:
        """Return how long ago a moment was, in words; one to come, or what is no moment, as it is."""
        return self._in_words(value, precision, 1)

    def time_until(self, value: Any, precision: int = 1) -> Any:
        """Return how long it is to a moment, in words; a past one, or what is no moment, as it is."""
        return self._in_words(value, precision, -1)

    def _in_words(self, value: Any, precision: int, sign: int) -> Any:
        if not isinstance(value, datetime):
            return value
        seconds = sign * (self._view.now() - self.as_local(value)).total_seconds()
        return value if seconds < 0 else duration_text(round(seconds), precision)


def as_datetime(value: Any, default: Any = NO_DEFAULT) -> Any:
    """Return the moment that a text, a number of seconds since the epoch, or a date tells; none for another text.

    Raises:
        ValueError: it is neither, and there is no default.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        pass
    try:
        return moment_of(value)
    except (ValueError, TypeError):
        if default is NO_DEFAULT and isinstance(value, str):
            return None
        return default_or_raise(default, "as_datetime", value)


def moment_of(text: str) -> datetime:
    """Return the moment that an ISO text tells: without a zone if it names none, midnight if it is a date alone.

    Raises:
        ValueError: it tells none.
    """
    if _MONTH.fullmatch(text):
        return datetime.fromisoformat(f"{text}-01")
    if _COMPACT_MOMENT.fullmatch(text):
        return datetime.fromisoformat(text)
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} tells no moment")
    *numbers, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    at = datetime(year, month, day, hour, minute, second, int((fraction or "0").ljust(6, "0")))  # noqa: DTZ001 - as told
    return at.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo) if zone else at


def as_timedelta(text: str) -> timedelta | None:
    """Return the duration that a text tells; none for one that tells none.

    Understood are ``01:30:00``, ``1 12:00:00``, ``90``, ``PT15M``, ``3 days`` and ``3 days 02:00:00``; an empty
    text is no time at all.
    """
    found = _CLOCK_DURATION.fullmatch(text) or _ISO_DURATION.fullmatch(text) or _DAYS_DURATION.fullmatch(text)
    if found is None:
        return None
    parts = {name: float(value.replace(",", ".")) for name, value in found.groupdict("0").items() if name != "sign"}
    days = parts.pop("days")
    sign = -1 if found["sign"] == "-" else 1
    if "P" in text:
        return sign * timedelta(days=days, **parts)
    return timedelta(days=days) + sign * timedelta(**parts)


def strptime(text: str, layout: str, default: Any = NO_DEFAULT) -> Any:
    """Return the moment that ``text`` tells in the ``layout`` of Python's ``strptime``.

    Raises:
        ValueError: it does not fit, and there is no default.
    """
    try:
        return datetime.strptime(text, layout)  # noqa: DTZ007 - without a zone, as the template's author wrote it
    except (ValueError, TypeError, AttributeError):
        return default_or_raise(default, "strptime", text)


def timestamp_utc(value: Any, default: Any = NO_DEFAULT) -> Any:
    """Return seconds since the epoch as ISO text in UTC."""
    return _iso_or_default("timestamp_utc", value, UTC, default)


def time_of_day(text: str) -> time:
    """Return the time that ``HH:MM`` or ``HH:MM:SS`` tells.

    Raises:
        ValueError: it tells none.
    """
    found = _TIME_OF_DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no time of day (expected HH:MM or HH:MM:SS)")
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def duration_text(seconds: int, precision: int = 1) -> str:
    """Return whole seconds in words: the largest ``precision`` units, the last one rounded: ``2 hours 5 minutes``.

    A ``precision`` of 0 gives all units.
    """
    words: list[str] = []
    for unit, size in _UNITS:
        if seconds < size:
            continue
        if len(words) + 1 == precision:
            words.append(_counted(round(seconds / size), unit))
            break
        count = int(seconds // size)
        words.append(_counted(count, unit))
        seconds -= count * size
    return " ".join(words) or "0 seconds"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def timedelta_string(value: Any, precision: int = 1) -> Any:
    """Return a duration in words, a negative one without its sign; what is none as it is."""
    return duration_text(round(abs(value.total_seconds())), precision) if isinstance(value, timedelta) else value


def _iso_or_default(function: str, value: Any, zone: tzinfo, default: Any) -> Any:
    try:
        return datetime.fromtimestamp(value, zone).isoformat()
    except (ValueError, TypeError, OverflowError, OSError):
        return default_or_raise(default, function, value)
