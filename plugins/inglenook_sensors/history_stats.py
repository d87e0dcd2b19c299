"""``platform: history_stats``: how long, or how often, an entity was in a state."""

import logging
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import voluptuous as vol

from inglenook import Home, InglenookError, PluginScope, Sensor, State, Templates, hookimpl
from inglenook.values import ensure_list, entity_id, one_of, positive_duration, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items

_log = logging.getLogger(__name__)

AGAIN_S: Final = 60.0
MAX_STRETCHES: Final = 10_000
UNITS: Final = {"time": "h", "ratio": "%", "count": None}


class Stretch(NamedTuple):
    """A time in which the entity was in one of the states, in seconds since the epoch; ``end`` None: it still is."""

    begin: float
    end: float | None


class HistoryStats(Following, Sensor):
    """Hours, percent or number of the times that an entity was in a state, within a window.

    What was before the home started is not known, except how long the state already lasted.
    """

    icon = "mdi:chart-line"

    def __init__(self, home: Home, templates: Templates, config: Config) -> None:
        super().__init__(home, config)
        self._templates = templates
        self._config = config
        self._told: dict[str, str] = {}
        self._stretches: deque[Stretch] = deque(maxlen=MAX_STRETCHES)
        self.unit_of_measurement = UNITS[config["type"]]
        self.state_class = config["state_class"]
        self.device_class = "duration" if config["type"] == "time" else None

    def added(self) -> None:
        """Begin to follow the entity and the clock."""
        source = self._home.states.get(self._config["entity_id"])
        if source is not None and self._counts(source):
            self._stretches.append(Stretch(source.changed_at, None))
        self.follow(self._config["entity_id"], self._heard)
        self._look()

    def _counts(self, state: State | None) -> bool:
        return state is not None and state.state in self._config["state"]

    def _heard(self, old: State | None, new: State | None) -> None:
        now = self._home.clock.now()
        is_open = bool(self._stretches) and self._stretches[-1].end is None
        if is_open and (not self._counts(new) or (old is not None and new is not None and old.state != new.state)):
            self._stretches.append(Stretch(self._stretches.pop().begin, now))
            is_open = False
        if self._counts(new) and not is_open:
            self._stretches.append(Stretch(now, None))
        self._again()

    def _again(self) -> None:
        self._look()
        self.write()

    def _look(self) -> None:
        self.wake_in(self._config.get("scan_interval", AGAIN_S) or AGAIN_S, self._again)
        window = self._window()
        self.is_available = window is not None
        if window is not None:
            self.state = self._value(*window)

    def _value(self, begin: float, end: float) -> float:
        parts = list(self._parts(begin, min(end, self._home.clock.now())))
        if self._config["type"] == "count":
            return len(parts)
        total_s = sum(parts)
        if self._config["type"] == "time":
            return round(total_s / 3600, 2)
        return round(100 * total_s / (end - begin), 1) if end > begin else 0.0

    def _parts(self, begin: float, end: float) -> Iterator[float]:
        """Yield how long each stretch lasted within the window, in seconds; too short ones do not count."""
        for stretch in self._stretches:
            first, last = max(begin, stretch.begin), end if stretch.end is None else min(end, stretch.end)
            if last > first and last - first >= self._config.get("min_state_duration", 0.0):
                yield last - first

    def _window(self) -> tuple[float, float] | None:
        duration = self._config.get("duration")
        begin, end = self._moment("start"), self._moment("end")
        if begin is None and end is not None and duration is not None:
            return end - duration, end
        if end is None and begin is not None and duration is not None:
            return begin, begin + duration
        return (begin, end) if begin is not None and end is not None else None

    def _moment(self, key: str) -> float | None:
        """Return the moment that a template gives: a number of seconds, or a date and time as text."""
        text = self._config.get(key)
        if text is None:
            return None
        try:
            moment = self._seconds(self._templates.compile(text).render_text())
        except InglenookError as error:
            self._tell(key, str(error))
            return None
        self._told.pop(key, None)
        return moment

    def _tell(self, key: str, problem: str) -> None:
        """Log what is wrong with a moment, once until it is right or wrong in another way."""
        if self._told.get(key) != problem:
            self._told[key] = problem
            _log.warning("%s: %s: %s", self.name, key, problem)

    def _seconds(self, text: str) -> float:
        if text.replace(".", "", 1).isdecimal():
            return float(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise InglenookError(f"expected a date and time, or a number of seconds, got {text!r:.80}") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._home.clock.time_zone)).timestamp()


def _two_of_three(config: Config) -> Config:
    given = [key for key in ("start", "end", "duration") if key in config]
    if len(given) == 2:
        return config
    raise vol.Invalid(f"expected exactly two of start, end and duration, got {', '.join(given) or 'none'}")


def _states(value: Any) -> list[str]:
    return [string(state) for state in ensure_list(value)]


KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="unnamed statistics"): string,
    vol.Required("entity_id"): entity_id,
    vol.Required("state"): _states,
    vol.Optional("type", default="time"): one_of(*UNITS),
    "start": string,
    "end": string,
    "duration": positive_duration,
    "min_state_duration": positive_duration,
    vol.Optional("state_class", default="measurement"): one_of("measurement", "total_increasing"),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("history_stats", KEYS, _two_of_three)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    templates = Templates(home)

    def history_stats(home: Home, config: Config) -> Following:
        return HistoryStats(home, templates, config)

    set_up_items(home, scope, {"sensor": one(history_stats)})
