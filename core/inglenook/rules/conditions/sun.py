"""The condition on the sun: ``condition: sun``."""

from datetime import datetime, timedelta
from typing import Final

import voluptuous as vol

from inglenook.config.values import duration, one_of
from inglenook.home import Home
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.shape import Shape, at_least_one, lifted
from inglenook.rules.sun import EVENTS, SUNRISE, SUNSET, sun_event

SHAPE: Final = lifted(
    Shape(
        {
            "after": one_of(*EVENTS),
            "before": one_of(*EVENTS),
            vol.Optional("after_offset", default=0.0): duration,
            vol.Optional("before_offset", default=0.0): duration,
        },
        checks=[at_least_one("after", "before")],
    )
)


def compile_sun(config: Config, compiler: Compiler) -> Condition:
    """Return whether it is after and before today's events; after sunset and before sunrise means the night."""
    home = compiler.home
    after, before = config.get("after"), config.get("before")
    after_offset_s, before_offset_s = config["after_offset"], config["before_offset"]

    def condition(_: Variables) -> bool:
        now = home.clock.now()
        start = _moment(home, after, after_offset_s, -1.0)
        end = _moment(home, before, before_offset_s, 0.0)
        if start is None or end is None:
            return False  # in polar times, what never comes is neither before nor after
        is_after, is_before = now >= start, before is None or now <= end
        if (after, before) == (SUNSET, SUNRISE):
            return now > start or now < end
        return is_after and is_before

    return condition


def _moment(home: Home, event: str | None, offset_s: float, default: float) -> float | None:
    """Return when today's ``event`` is, in seconds since the epoch."""
    if event is None:
        return default
    today = home.clock.local().date()
    at = sun_event(home, event, today)
    if at is not None and datetime.fromtimestamp(at, home.clock.time_zone).date() < today:
        at = sun_event(home, event, today + timedelta(days=1))
    return None if at is None else at + offset_s


KIND: Final = ConditionKind(lambda _: SHAPE, compile_sun)
