"""Cron patterns: the moments at which something happens again, like ``0 17 * * 1-5``."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SHORT: Final[Mapping[str, str]] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_DAYS_AHEAD: Final = 366 * 8  # the 29th of February may be eight years away


class Cron(NamedTuple):
    """A pattern that was read; days of the week count from Sunday, 0."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool  # both kinds of day are limited: one that fits in either way will do

    def next_after(self, moment: datetime) -> datetime:
        """Return the first moment after ``moment`` that fits, on the clock of the same zone.

        Raises:
            ValueError: there is none within eight years, as with the 30th of February.
        """
        begin = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for days in range(_DAYS_AHEAD):
            day = begin + timedelta(days=days)
            if not self._fits(day):
                continue
            first = (begin.hour, begin.minute) if days == 0 else (0, 0)
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    if (hour, minute) >= first:
                        return day.replace(hour=hour, minute=minute, fold=moment.fold)
        raise ValueError("the pattern fits no day within eight years")

    def _fits(self, day: datetime) -> bool:
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if day.month not in self.months:
            return False
        return (in_month or in_week) if self.either_day else (in_month and in_week)


def parse_cron(text: str) -> Cron:
    """Read a pattern of minute, hour, day, month and day of the week, or ``@daily`` and its like.

    Raises:
        ValueError: it is none.
    """
    parts = SHORT.get(text.strip(), text).lower().split()
    if len(parts) != 5:
        raise ValueError("expected five parts: minute hour day month weekday")
    weekdays = frozenset(day % 7 for day in _part(parts[4], 0, 7, DAYS))
    return Cron(
        _part(parts[0], 0, 59),
        _part(parts[1], 0, 23),
        _part(parts[2], 1, 31),
        _part(parts[3], 1, 12, ("", *MONTHS)),
        weekdays,
        not parts[2].startswith("*") and not parts[4].startswith("*"),
    )


def _part(text: str, low: int, high: int, names: Sequence[str] = ()) -> frozenset[int]:
    found: set[int] = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        begin = low if span == "*" else _number(first, names)
        end = high if span == "*" or (step and not last) else _number(last or first, names)
        every = int(step) if step else 1
        if not low <= begin <= end <= high or every < 1:
            raise ValueError(f"expected {low} to {high}, got {item!r}")
        found.update(range(begin, end + 1, every))
    return frozenset(found)


def _number(text: str, names: Sequence[str]) -> int:
    if text and text in names:
        return names.index(text)
    if text.isdecimal():
        return int(text)
    raise ValueError(f"expected a number, got {text!r}")
