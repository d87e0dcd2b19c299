"""Wall time: when a clock on the wall of the home next shows a given time, through every change to and from summer.

A time that the change skips does not come that day; one that comes twice comes twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, tzinfo
from typing import Final

from inglenook.clock import Clock, WallTimer

DAY_S: Final = 86_400
LATE_S: Final = 300.0  # later than this a time has been missed: the machine slept, or somebody set its clock


class WallPattern:
    """The seconds of a day at which a clock shows one of ``hours``, ``minutes`` and ``seconds``, each not empty."""

    __slots__ = ("_hours", "_minutes", "_seconds")

    def __init__(self, hours: Iterable[int], minutes: Iterable[int], seconds: Iterable[int]) -> None:
        self._hours = tuple(sorted(hours))
        self._minutes = tuple(sorted(minutes))
        self._seconds = tuple(sorted(seconds))

    @classmethod
    def at(cls, when: time) -> "WallPattern":
        """Return the pattern of one time of day."""
        return cls((when.hour,), (when.minute,), (when.second,))

    def next_at(self, after: float, zone: tzinfo) -> float:
        """Return the first matching second that is not before the whole second of ``after``; epoch seconds."""
        moment = int(after // 1)
        while True:
            offset = _offset(moment, zone)
            found = self._next_local(moment + offset) - offset
            if _offset(found, zone) == offset:
                return float(found)
            moment = _transition(moment, found, zone)

    def _next_local(self, local: int) -> int:
        """Return the first match from ``local`` on, in seconds of a calendar without changes."""
        day, second_of_day = divmod(local, DAY_S)
        minute_of_day, second = divmod(second_of_day, 60)
        hour, minute = divmod(minute_of_day, 60)
        second, carry = _from(self._seconds, second)
        wanted_minute = minute + carry
        minute, carry = _from(self._minutes, wanted_minute)
        if carry or minute != wanted_minute:
            second = self._seconds[0]
        wanted_hour = hour + carry
        hour, carry = _from(self._hours, wanted_hour)
        if carry or hour != wanted_hour:
            minute, second = self._minutes[0], self._seconds[0]
        return (day + carry) * DAY_S + hour * 3600 + minute * 60 + second


class WallAlarm:
    """Calls back each time the clock on the wall shows ``pattern``, at once if that is the present second.

    ``on_late`` is called instead, with how late it is in seconds, when the moment has been missed.
    """

    __slots__ = ("_callback", "_clock", "_on_late", "_pattern", "_timer")

    def __init__(
        self,
        clock: Clock,
        pattern: WallPattern,
        callback: Callable[[], object],
        on_late: Callable[[float], object],
    ) -> None:
        self._clock = clock
        self._pattern = pattern
        self._callback = callback
        self._on_late = on_late
        self._timer: WallTimer
        self._set(clock.now())

    def stop(self) -> None:
        """Call back no more."""
        self._timer.cancel()

    def _set(self, after: float) -> None:
        self._timer = self._clock.call_at(self._pattern.next_at(after, self._clock.time_zone), self._ring)

    def _ring(self) -> None:
        now = self._clock.now()
        late_s = now - self._timer.when
        self._set(max(now, self._timer.when) + 1)
        if late_s > LATE_S:
            self._on_late(late_s)
        else:
            self._callback()


def _from(allowed: tuple[int, ...], value: int) -> tuple[int, int]:
    """Return the first of ``allowed`` from ``value`` on and 0, or the very first and 1 when there is none."""
    index = bisect_left(allowed, value)
    return (allowed[index], 0) if index < len(allowed) else (allowed[0], 1)


def _offset(moment: int, zone: tzinfo) -> int:
    """Return how far the zone is ahead of UTC, in seconds."""
    local = datetime.fromtimestamp(moment, zone).replace(tzinfo=UTC)
    return int(local.timestamp()) - moment


def _transition(before: int, after: int, zone: tzinfo) -> int:
    """Return the first second of the new offset, which begins somewhere after ``before`` and until ``after``."""
    offset = _offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after
