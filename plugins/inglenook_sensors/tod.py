"""``platform: tod``: on between two times of the day, which may be sunrise and sunset."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook import BinarySensor, Home, PluginScope, hookimpl, sun_event
from inglenook.values import duration, string, time_of_day
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items

SUN: Final = ("sunrise", "sunset")
_DAYS_AHEAD: Final = 367  # beyond the polar night or summer the sun comes back within a year


class TimeOfDay(Following, BinarySensor):
    """On from ``after``, included, to the first ``before`` that follows it, excluded. A window may cross midnight."""

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._after: time | str = config["after"]
        self._before: time | str = config["before"]
        self._after_offset_s: float = config["after_offset"]
        self._before_offset_s: float = config["before_offset"]

    def added(self) -> None:
        """See whether it is time, and come back at the next edge; without a window it stays off."""
        now = self._home.clock.now()
        window = next((window for window in self._windows() if now < window[1]), None)
        self.is_on = False
        if window is None:
            return
        begin, end = window
        self.is_on = begin <= now
        edge = end if self.is_on else begin
        self.extra_attributes = {
            "after": self._iso(begin),
            "before": self._iso(end),
            "next_update": self._iso(edge),
        }
        self.wake_at(edge, self._again)

    def _again(self) -> None:
        self.added()
        self.write()

    def _windows(self) -> Iterator[tuple[float, float]]:
        """Yield the windows from those of yesterday on for a year, in seconds since the epoch, with their offsets."""
        today = self._home.clock.local().date()
        days = [today + timedelta(days=days) for days in range(-2, _DAYS_AHEAD)]
        for begin in filter(None, (self._at(self._after, day) for day in days)):
            ends = (self._at(self._before, day) for day in days)
            end = next((end for end in ends if end is not None and end > begin), None)
            if end is not None and begin + self._after_offset_s < end + self._before_offset_s:
                yield begin + self._after_offset_s, end + self._before_offset_s

    def _at(self, what: time | str, day: date) -> float | None:
        if isinstance(what, str):
            return sun_event(self._home, what, day)
        return datetime.combine(day, what, self._home.clock.time_zone).timestamp()

    def _iso(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._home.clock.time_zone).isoformat()


def _when(value: Any) -> time | str:
    if value in SUN:
        return str(value)
    when: time = time_of_day(value)
    return when


KEYS: Final[dict[Any, Any]] = {
    vol.Required("name"): string,
    vol.Required("after"): _when,
    vol.Required("before"): _when,
    vol.Optional("after_offset", default=0.0): duration,
    vol.Optional("before_offset", default=0.0): duration,
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"binary_sensor": item("tod", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"binary_sensor": one(TimeOfDay)})
