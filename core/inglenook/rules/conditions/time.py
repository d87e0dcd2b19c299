"""The condition on the time of day and the day of the week: ``condition: time``."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import WEEKDAYS, entity_domain, time_of_day, weekdays
from inglenook.errors import ConditionError
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.shape import Shape, at_least_one

_END_OF_DAY: Final = {"hour": 23, "minute": 59, "second": 59}
_an_entity: Final = entity_domain("input_datetime", "time", "sensor")


class _NoTime(Exception):
    """An entity shows no time of day, so that nothing is before or after it."""


def _bound(value: Any) -> time | str:
    try:
        return time_of_day(value)
    except vol.Invalid:
        if not isinstance(value, str) or "." not in value:
            raise
    return str(_an_entity(value))


SHAPE: Final = Shape(
    {"after": _bound, "before": _bound, "weekday": weekdays},
    checks=[at_least_one("after", "before", "weekday")],
)


def compile_time(config: Config, compiler: Compiler) -> Condition:
    """Return whether it is ``after`` or later, earlier than ``before``, and one of the days.

    A window whose end is not later than its beginning goes over midnight; the day is always that of the moment.
    """
    home = compiler.home
    after, before = _reader(home, config.get("after")), _reader(home, config.get("before"))
    days = [WEEKDAYS.index(day) for day in config.get("weekday", WEEKDAYS)]

    def condition(_: Variables) -> bool:
        now = home.clock.local()
        try:
            return now.weekday() in days and _is_within(now.time(), after(), before())
        except _NoTime:
            return False

    return condition


def _is_within(now: time, after: time | None, before: time | None) -> bool:
    if after is None:
        return before is None or now < before
    if before is None:
        return now >= after
    return after <= now < before if after < before else now >= after or now < before


def _reader(home: Home, bound: time | str | None) -> Callable[[], time | None]:
    """Return what gives a bound's time of day; that of an entity is read each time."""
    if not isinstance(bound, str):
        return lambda: bound

    def read() -> time | None:
        state = home.states.get(bound)
        if state is None:
            raise ConditionError(f"time: there is no entity {bound}")
        return _time_of(home, state)

    return read


def _time_of(home: Home, state: State) -> time:
    """Return the time of day that an entity shows, in the home's zone; of a date alone it is the end of the day.

    Raises:
        _NoTime: it shows none.
    """
    try:
        if state.domain == "input_datetime":
            return time(*(state.attributes.get(part, last) for part, last in _END_OF_DAY.items()))
        if state.domain == "time":
            return time.fromisoformat(state.state)
        if state.attributes.get("device_class") == "timestamp":
            moment = datetime.fromisoformat(state.state)
            return (moment.astimezone(home.clock.time_zone) if moment.tzinfo else moment).time()
    except (TypeError, ValueError) as error:
        raise _NoTime from error
    raise _NoTime


KIND: Final = ConditionKind(lambda _: SHAPE, compile_time)
