"""``platform: integration``: a sum over time, as energy is of power."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Sensor, State, hookimpl
from inglenook.values import entity_id, one_of, positive_duration, positive_int, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import as_number, number_of, unit_of
from inglenook_sensors.rates import KEYS as RATE_KEYS
from inglenook_sensors.rates import PREFIXES, TIMES_S, sum_unit

Numbers = tuple[float | None, float | None]

# The height of the strip between two states; None where a number that it takes is not known.
METHODS: Final[Mapping[str, Callable[[Numbers], float | None]]] = {
    "trapezoidal": lambda ends: None if None in ends else sum(end for end in ends if end is not None) / 2,
    "left": lambda ends: ends[0],
    "right": lambda ends: ends[1],
}
CLASSES: Final = {"power": "energy", "data_rate": "data_size", "volume_flow_rate": "volume"}


class Integration(Following, Sensor):
    """The integral of a sensor over time. What it was comes back after a restart; meanwhile nothing is added.

    Each change of the sensor closes a strip, whose height the method says; where ``max_sub_interval`` passes without
    one, a strip of the height that the sensor has is closed.
    """

    state_class = "total"
    icon = "mdi:chart-histogram"

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._source: str = config["source"]
        self._height = METHODS[config["method"]]
        self._digits: int | None = config.get("round")
        self._prefix: str | None = config["unit_prefix"]
        self._time: str = config["unit_time"]
        self._every_s: float = config.get("max_sub_interval", 0.0)
        self._scale = PREFIXES[self._prefix] * TIMES_S[self._time]
        self._total: float | None = None
        self._until = home.clock.now()
        self._unit: str | None = None
        self.name = config.get("name", f"{self._source} integral")

    def added(self) -> None:
        """Take up the last sum and begin to follow the sensor."""
        if self.last_state is not None:
            self._total = number_of(self.last_state)
            self._unit = unit_of(self.last_state)
        self.follow(self._source, self._heard)
        self._look(self._home.states.get(self._source))
        self._wait()

    def _heard(self, old: State | None, new: State | None) -> None:
        now = self._home.clock.now()
        if old is not None and new is not None and not old.is_restored:
            self._add(self._height((number_of(old), number_of(new))), max(self._until, old.reported_at), now)
        self._until = now
        self._look(new)
        self.write()
        self._wait()

    def _wait(self) -> None:
        self.wake_not()
        if self._every_s and number_of(self._home.states.get(self._source)) is not None:
            self.wake_in(self._every_s, self._passed)

    def _passed(self) -> None:
        now, source = self._home.clock.now(), self._home.states.get(self._source)
        if source is not None and not source.is_restored:
            self._add(number_of(source), max(self._until, source.reported_at), now)
        self._until = now
        self._look(source)
        self.write()
        self._wait()

    def _add(self, height: float | None, begin: float, end: float) -> None:
        if height is not None and end > begin:
            self._total = (self._total or 0.0) + height * (end - begin) / self._scale

    def _look(self, source: State | None) -> None:
        if (unit := unit_of(source)) is not None:
            self._unit = sum_unit(unit, self._prefix, self._time)
        if source is not None:
            self.device_class = CLASSES.get(source.attributes.get("device_class", ""), self.device_class)
        self.is_available = source is None or source.state != "unavailable"
        rounded = self._total if self._total is None or self._digits is None else round(self._total, self._digits)
        self.state = as_number(rounded)
        shown = {"source": self._source, "unit_of_measurement": self._unit, "device_class": self.device_class}
        self.extra_attributes = {key: value for key, value in shown.items() if value is not None}


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Required("source"): entity_id,
    vol.Optional("method", default="trapezoidal"): one_of(*METHODS),
    "round": vol.Any(None, positive_int),
    **RATE_KEYS,
    "max_sub_interval": positive_duration,
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("integration", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": one(Integration)})
