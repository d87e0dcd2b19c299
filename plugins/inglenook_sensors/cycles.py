"""Cycles of a meter: when a quarter of an hour, a day, a month … is over."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

# The beginning of the cycle that a moment lies in, by its name; all on the clock of the home.
_BEGINNINGS: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    "quarter-hourly": lambda at: at.replace(minute=at.minute // 15 * 15),
    "hourly": lambda at: at.replace(minute=0),
    "daily": lambda at: _midnight(at),
    "weekly": lambda at: _midnight(at) - timedelta(days=at.weekday()),
    "monthly": lambda at: _month(at, 1),
    "bimonthly": lambda at: _month(at, 2),
    "quarterly": lambda at: _month(at, 3),
    "yearly": lambda at: _month(at, 12),
}
_LONGEST: Final[Mapping[str, timedelta]] = {
    "quarter-hourly": timedelta(minutes=15),
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=31),
    "bimonthly": timedelta(days=62),
    "quarterly": timedelta(days=92),
    "yearly": timedelta(days=366),
}
CYCLES: Final = tuple(_BEGINNINGS)


def end_of_cycle(cycle: str, moment: datetime, offset: timedelta) -> datetime:
    """Return when the cycle is over that lasts at ``moment``; each begins ``offset`` late."""
    beginning = _BEGINNINGS[cycle]
    zone, local = moment.tzinfo, moment.replace(tzinfo=None, second=0, microsecond=0)
    begin = beginning(local - offset)
    end = beginning(begin + _LONGEST[cycle])
    return (end + offset).replace(tzinfo=zone, fold=moment.fold)  # in the hour that comes twice, not back to the first


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0)


def _month(at: datetime, months: int) -> datetime:
    return _midnight(at).replace(day=1, month=(at.month - 1) // months * months + 1)
