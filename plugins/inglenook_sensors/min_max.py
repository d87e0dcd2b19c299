"""``platform: min_max``: one number of several sensors: the smallest, the largest, their mean."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Sensor, State, hookimpl
from inglenook.values import entity_ids, one_of, positive_int, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import NOTHING, number_of, unit_of

ROUNDED: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "mean": statistics.fmean,
    "median": statistics.median,
    "range": lambda numbers: max(numbers) - min(numbers),
    "sum": sum,
}
PICKED: Final[Mapping[str, Callable[..., str]]] = {"max": max, "min": min}
NO_UNIT: Final = "ERR"  # what the field shows for sensors whose units differ


class MinMax(Following, Sensor):
    """A number made of those that are known; ``last`` is the one that changed last, ``sum`` needs all of them."""

    icon = "mdi:calculator"
    state_class = "measurement"

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._type: str = config["type"]
        self._digits: int = config["round_digits"]
        self._sources: list[str] = config["entity_ids"]
        self._last: str | None = None
        self.name = config.get("name", f"{self._type} sensor".capitalize())

    def added(self) -> None:
        """Begin to follow the sensors."""
        for source in self._sources:
            self.follow(source, partial(self._heard, source))
            if number_of(self._home.states.get(source)) is not None:
                self._last = source
        self._look()

    def _heard(self, source: str, _old: State | None, new: State | None) -> None:
        if number_of(new) is not None:
            self._last = source
        self._look()
        self.write()

    def _look(self) -> None:
        states = [self._home.states.get(source) for source in self._sources]
        units = {unit_of(state) for state in states if state is not None and state.state not in NOTHING}
        numbers = {
            source: number
            for source, state in zip(self._sources, states, strict=True)
            if (number := number_of(state)) is not None
        }
        shown = self._picked(numbers)
        self.state = self._joined(numbers, shown) if len(units) == 1 else None
        unit = next(iter(units), None) if len(units) < 2 else NO_UNIT
        self.extra_attributes = {**shown, **({"unit_of_measurement": unit} if unit else {})}

    def _picked(self, numbers: Mapping[str, float]) -> dict[str, Any]:
        """Return which sensor it is whose number this is, as an attribute."""
        if self._type in PICKED and numbers:
            return {f"{self._type}_entity_id": PICKED[self._type](numbers, key=numbers.__getitem__)}
        return {"last_entity_id": self._last} if self._type == "last" and self._last is not None else {}

    def _joined(self, numbers: Mapping[str, float], picked: Mapping[str, Any]) -> float | None:
        if self._type not in ROUNDED:
            return numbers.get(next(iter(picked.values()), ""))
        if not numbers or (self._type == "sum" and len(numbers) < len(self._sources)):
            return None
        return round(ROUNDED[self._type](list(numbers.values())), self._digits)


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Required("entity_ids"): entity_ids,
    vol.Optional("type", default="max"): one_of(*PICKED, *ROUNDED, "last"),
    vol.Optional("round_digits", default=2): positive_int,
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("min_max", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": one(MinMax)})
