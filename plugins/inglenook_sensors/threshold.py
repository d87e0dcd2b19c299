"""``platform: threshold``: whether a number is below, above, or between bounds."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import BinarySensor, Home, PluginScope, State, hookimpl
from inglenook.values import device_class, entity_id, float_, positive_float, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import number_of

ABOVE: Final = "above"
BELOW: Final = "below"
IN_RANGE: Final = "in_range"
UNKNOWN: Final = "unknown"


class Threshold(Following, BinarySensor):
    """On below ``lower``, above ``upper``, or between the two where both are given.

    A bound is passed once the number is ``hysteresis`` beyond it; until then the state is what it was.
    """

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._source: str = config["entity_id"]
        self._lower: float | None = config.get("lower")
        self._upper: float | None = config.get("upper")
        self._hysteresis: float = config["hysteresis"]
        self._position = UNKNOWN

    def added(self) -> None:
        """Begin to follow the sensor."""
        self.follow(self._source, self._heard)
        self._look(self._home.states.get(self._source))

    def _heard(self, _old: State | None, new: State | None) -> None:
        self._look(new)
        self.write()

    def _look(self, state: State | None) -> None:
        number = number_of(state)
        if number is None:
            self._position, self.is_on = UNKNOWN, None
        else:
            self._position = self._placed(number) or self._kept()
            self.is_on = self._position == self._on_at()
        self.extra_attributes = {
            "entity_id": self._source,
            "hysteresis": self._hysteresis,
            **({"lower": self._lower} if self._lower is not None else {}),
            **({"upper": self._upper} if self._upper is not None else {}),
            "position": self._position,
            "sensor_value": number,
            "type": {BELOW: "lower", ABOVE: "upper", IN_RANGE: "range"}[self._on_at()],
        }

    def _on_at(self) -> str:
        """Return the position that means on."""
        if self._lower is None:
            return ABOVE
        return BELOW if self._upper is None else IN_RANGE

    def _kept(self) -> str:
        """Return where it was, and at first that no bound is passed."""
        if self._position != UNKNOWN:
            return self._position
        return {BELOW: ABOVE, ABOVE: BELOW, IN_RANGE: IN_RANGE}[self._on_at()]

    def _placed(self, number: float) -> str | None:
        """Return where the number is for certain; None within the hysteresis of a bound."""
        low, high, slack = self._lower, self._upper, self._hysteresis
        if low is not None and number < low - slack:
            return BELOW
        if high is not None and number > high + slack:
            return ABOVE
        if low is not None and not number > low + slack:
            return None
        if high is not None and not number < high - slack:
            return None
        return (IN_RANGE if high is not None else ABOVE) if low is not None else BELOW


def _bounded(config: Config) -> Config:
    if "lower" in config or "upper" in config:
        return config
    raise vol.Invalid("expected lower, upper or both")


KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="Threshold"): string,
    vol.Required("entity_id"): entity_id,
    "lower": float_,
    "upper": float_,
    vol.Optional("hysteresis", default=0.0): positive_float,
    "device_class": device_class("binary_sensor"),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"binary_sensor": item("threshold", KEYS, _bounded)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"binary_sensor": one(Threshold)})
