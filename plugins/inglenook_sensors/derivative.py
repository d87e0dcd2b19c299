"""``platform: derivative``: how fast a number changes."""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import voluptuous as vol

from inglenook import Home, PluginScope, Sensor, State, hookimpl
from inglenook.values import entity_id, positive_duration, positive_int, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import number_of, unit_of
from inglenook_sensors.rates import KEYS as RATE_KEYS
from inglenook_sensors.rates import PREFIXES, TIMES_S, rate_unit

MAX_PIECES: Final = 10_000


class Piece(NamedTuple):
    """A stretch of time, in seconds since the epoch, and the slope in it."""

    begin: float
    end: float
    slope: float


class Derivative(Following, Sensor):
    """The slope between the last two states or, with ``time_window``, the mean of the slopes within it.

    Where ``max_sub_interval`` passes without a change, it is reckoned again, until it is 0. Of a sensor that only ever
    increases a step down is no slope: it began anew.
    """

    state_class = "measurement"
    icon = "mdi:chart-line"

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._source: str = config["source"]
        self._digits: int = config["round"]
        self._prefix: str | None = config["unit_prefix"]
        self._time: str = config["unit_time"]
        self._unit: str | None = config.get("unit")
        self._window_s: float = config["time_window"]
        self._every_s: float = config.get("max_sub_interval", 0.0)
        self._scale = TIMES_S[self._time] / PREFIXES[self._prefix]
        self._pieces: deque[Piece] = deque(maxlen=MAX_PIECES)
        self._given_unit = self._unit
        self.name = config.get("name", f"{self._source} derivative")

    def added(self) -> None:
        """Take up the last slope and begin to follow the sensor."""
        source = self._home.states.get(self._source)
        if self.last_state is not None:
            self.state = number_of(self.last_state)
            self._unit = self._given_unit or unit_of(self.last_state)
        self.follow(self._source, self._heard)
        self._show(source)

    def _heard(self, old: State | None, new: State | None) -> None:
        before, after = number_of(old), number_of(new)
        if new is not None and after is None:
            self.state = None
        elif old is not None and new is not None and before is not None and after is not None and not old.is_restored:
            self._moved(old, new, after - before)
        self._show(new)
        self.write()

    def _moved(self, old: State, new: State, delta: float) -> None:
        is_counter = new.attributes.get("state_class") == "total_increasing"
        elapsed = new.updated_at - old.reported_at
        if elapsed <= 0 or (is_counter and delta < 0):
            return
        slope = delta / elapsed * self._scale
        if elapsed <= self._window_s:
            self._pieces.append(Piece(old.reported_at, new.updated_at, slope))
            slope = self._mean(new.updated_at)
        self.state = round(slope, self._digits)
        self._wait()

    def _mean(self, now: float) -> float:
        """Return the mean of the slopes within the window that ends now; what is not known counts as flat."""
        begin = now - self._window_s
        while self._pieces and self._pieces[0].end <= begin:
            self._pieces.popleft()
        return sum(piece.slope * (piece.end - max(piece.begin, begin)) for piece in self._pieces) / self._window_s

    def _wait(self) -> None:
        if self._every_s:
            self.wake_in(self._every_s, self._passed)

    def _passed(self) -> None:
        slope = self._mean(self._home.clock.now()) if self._window_s else 0.0
        self.state = round(slope, self._digits)
        self.write()
        if slope:
            self._wait()

    def _show(self, source: State | None) -> None:
        unit = unit_of(source)
        if unit is not None and self._given_unit is None:
            self._unit = rate_unit(unit, self._prefix, self._time)
        self.is_available = source is None or source.state != "unavailable"
        shown = {"source": self._source, "unit_of_measurement": self._unit}
        self.extra_attributes = {key: value for key, value in shown.items() if value is not None}


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Required("source"): entity_id,
    vol.Optional("round", default=3): positive_int,
    **RATE_KEYS,
    "unit": string,
    vol.Optional("time_window", default=0.0): positive_duration,
    "max_sub_interval": positive_duration,
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("derivative", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": one(Derivative)})
