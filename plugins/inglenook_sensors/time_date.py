"""``platform: time_date``: the time and the date as sensors."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Sensor, hookimpl
from inglenook.values import ensure_list, one_of
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, set_up_items

MINUTE_S: Final = 60.0

# What is shown of a moment in the home's time zone.
FORMS: Final[Mapping[str, tuple[str, Callable[[datetime], str]]]] = {
    "time": ("Time", lambda now: f"{now:%H:%M}"),
    "date": ("Date", lambda now: f"{now:%Y-%m-%d}"),
    "date_time": ("Date & Time", lambda now: f"{now:%Y-%m-%d, %H:%M}"),
    "date_time_utc": ("Date & Time (UTC)", lambda now: f"{now.astimezone(UTC):%Y-%m-%d, %H:%M}"),
    "date_time_iso": ("Date & Time (ISO)", lambda now: f"{now:%Y-%m-%dT%H:%M:00}"),
    "time_date": ("Time & Date", lambda now: f"{now:%H:%M, %Y-%m-%d}"),
    "time_utc": ("Time (UTC)", lambda now: f"{now.astimezone(UTC):%H:%M}"),
}


class TimeDate(Following, Sensor):
    """A moment in one form: it follows the minutes, or the days where it shows no time."""

    def __init__(self, home: Home, form: str) -> None:
        super().__init__(home, {})
        self.object_id = form
        self._is_date = form == "date"
        self.name, self._show = FORMS[form]
        self.icon = _icon(form)

    def added(self) -> None:
        """Show what it is now, and again when it is something else."""
        now = self._home.clock.local()
        self.state = self._show(now)
        self.wake_at(self._next(now), self._again)

    def _again(self) -> None:
        self.added()
        self.write()

    def _next(self, now: datetime) -> float:
        if self._is_date:
            return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo).timestamp()
        return (now.timestamp() // MINUTE_S + 1) * MINUTE_S


def _icon(form: str) -> str:
    if "date" in form:
        return "mdi:calendar-clock" if "time" in form else "mdi:calendar"
    return "mdi:clock"


def _made(home: Home, config: Config) -> list[Following]:
    return [TimeDate(home, form) for form in config["display_options"]]


KEYS: Final[dict[Any, Any]] = {
    vol.Optional("display_options", default=lambda: ["time"]): vol.All(ensure_list, [one_of(*FORMS)]),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("time_date", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": _made})
