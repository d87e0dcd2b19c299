"""``platform: random``: a number by chance, or a thing that is so or not."""

import random
from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import BinarySensor, Home, PluginScope, Sensor, hookimpl
from inglenook.values import device_class, integer, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items

EVERY_S: Final = 30.0


class Drawing(Following):
    """What draws lots: once when it is added, and then in its interval."""

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._every_s: float = max(1.0, config.get("scan_interval", EVERY_S))

    def added(self) -> None:
        """Draw."""
        self.draw()
        self.wake_in(self._every_s, self._again)

    def draw(self) -> None:
        """Take another state by chance."""
        raise NotImplementedError

    def _again(self) -> None:
        self.added()
        self.write()


class RandomSensor(Drawing, Sensor):
    """A whole number from ``minimum`` to ``maximum``, both included."""

    icon = "mdi:hanger"

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._minimum: int = config["minimum"]
        self._maximum: int = config["maximum"]
        self.unit_of_measurement = config.get("unit_of_measurement")
        self.extra_attributes = {"minimum": self._minimum, "maximum": self._maximum}

    def draw(self) -> None:
        """Draw a number."""
        self.state = random.randint(self._minimum, self._maximum)  # noqa: S311 - a toy, no secret


class RandomBinarySensor(Drawing, BinarySensor):
    """On or off, each as often as the other."""

    def draw(self) -> None:
        """Toss a coin."""
        self.is_on = random.random() < 0.5  # noqa: S311 - a toy, no secret


def _in_order(config: Config) -> Config:
    low, high = config["minimum"], config["maximum"]
    if low <= high:
        return config
    raise vol.Invalid(f"expected maximum to be minimum or more, got minimum {low} and maximum {high}")


KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="Random sensor"): string,
    vol.Optional("minimum", default=0): integer,
    vol.Optional("maximum", default=20): integer,
    "unit_of_measurement": string,
    "device_class": device_class("sensor"),
}
BINARY_KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="Random binary sensor"): string,
    "device_class": device_class("binary_sensor"),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("random", KEYS, _in_order), "binary_sensor": item("random", BINARY_KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": one(RandomSensor), "binary_sensor": one(RandomBinarySensor)})
