"""The trigger on a pattern of the clock: ``trigger: time_pattern`` with ``/5``, ``*`` or a number."""

import logging
from collections.abc import Callable
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.config.values import shown
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Config, Disarm, TriggerKind
from inglenook.rules.shape import Shape, at_least_one, lifted
from inglenook.rules.wall import WallAlarm, WallPattern

_log = logging.getLogger(__name__)

_UNITS: Final = {"hours": 24, "minutes": 60, "seconds": 60}


def _unit(size: int) -> Callable[[Any], tuple[int, ...]]:
    """Return a validator of one unit; it returns the numbers that match, in order."""

    def numbers(value: Any) -> tuple[int, ...]:
        if value == "*":
            return tuple(range(size))
        is_step = isinstance(value, str) and value.startswith("/")
        try:
            number = int(value[1:] if is_step else value)
        except (OverflowError, TypeError, ValueError):
            raise vol.Invalid(f'expected a number, "/5" or "*"; got {shown(value)}') from None
        if not 0 <= number < size or (is_step and number == 0):
            raise vol.Invalid(f"expected 0 to {size - 1}, got {shown(value)}")
        return tuple(range(0, size, number)) if is_step else (number,)

    return numbers


SHAPE: Final = Shape({name: _unit(size) for name, size in _UNITS.items()}, checks=[at_least_one(*_UNITS)])


def arm_time_pattern(arming: Arming) -> Disarm:
    """Wait for the clock to show the pattern, at once if it does."""
    config = arming.config
    if all(len(_numbers(config, name)) == size for name, size in _UNITS.items()):
        return _Ticks(arming).stop
    clock = arming.home.clock

    def shows() -> None:
        now = clock.local()
        arming.fire(lambda: {"now": now, "description": "time pattern"})

    def missed(late_s: float) -> None:
        _log.info("rule %s, %s: it missed its time pattern by %.0f s", arming.name, arming.place, late_s)

    pattern = WallPattern(*(_numbers(config, name) for name in _UNITS))
    return WallAlarm(clock, pattern, shows, missed).stop


class _Ticks:
    """Every second from now on: what a pattern of nothing but ``*`` means, in UTC."""

    __slots__ = ("_arming", "_timer")

    def __init__(self, arming: Arming) -> None:
        self._arming = arming
        self._timer: Timer = arming.home.clock.call_later(1.0, self._tick)

    def stop(self) -> None:
        """Tick no more."""
        self._timer.cancel()

    def _tick(self) -> None:
        clock = self._arming.home.clock
        self._timer = clock.call_later(1.0, self._tick)
        now = clock.utc()
        self._arming.fire(lambda: {"now": now, "description": "time pattern"})


def _numbers(config: Config, name: str) -> tuple[int, ...]:
    """Return the numbers of a unit: of one left out, all, or 0 when a larger one is given."""
    if name in config:
        numbers: tuple[int, ...] = config[name]
        return numbers
    names = list(_UNITS)
    is_larger_given = any(larger in config for larger in names[: names.index(name)])
    return (0,) if is_larger_given else tuple(range(_UNITS[name]))


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_time_pattern)
