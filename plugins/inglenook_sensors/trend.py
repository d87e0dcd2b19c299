"""``platform: trend``: whether a number rises or falls."""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import voluptuous as vol

from inglenook import BinarySensor, Home, PluginScope, State, hookimpl
from inglenook.values import between, boolean, device_class, entity_id, float_, integer, positive_duration, slug, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, set_up_items
from inglenook_sensors.numbers import NOTHING, number_of

MAX_SAMPLES: Final = 10_000


class Sample(NamedTuple):
    """A number and when it came, in seconds since the epoch."""

    at: float
    number: float


class Trend(Following, BinarySensor):
    """On while the line through the last samples is steeper than ``min_gradient``, and in its direction.

    Gradients are per second. What it was comes back, until there are enough samples.
    """

    def __init__(self, home: Home, object_id: str, config: Config) -> None:
        super().__init__(home, config)
        self._config = config
        self._samples: deque[Sample] = deque(maxlen=config["max_samples"])
        self._gradient = 0.0
        self.object_id = object_id
        self.name = config.get("friendly_name", object_id)

    def added(self) -> None:
        """Take up the last state and begin to follow the sensor."""
        if self.last_state is not None and self.last_state.state in ("on", "off"):
            self.is_on = self.last_state.state == "on"
        self.follow(self._config["entity_id"], self._heard)
        self._show()

    def _heard(self, _old: State | None, new: State | None) -> None:
        attribute = self._config.get("attribute")
        self.is_available = new is not None and (attribute is not None or new.state not in NOTHING)
        number = number_of(new, attribute)
        if new is not None and number is not None:
            self._samples.append(Sample(new.updated_at, number))
            self._look()
        self._show()
        self.write()

    def _look(self) -> None:
        duration_s = self._config["sample_duration"]
        while duration_s and self._samples[0].at < self._home.clock.now() - duration_s:
            self._samples.popleft()
        if len(self._samples) < self._config["min_samples"]:
            return
        self._gradient, least = _gradient(self._samples), self._config["min_gradient"]
        is_steep = abs(self._gradient) > abs(least)
        is_in_direction = self._gradient >= 0 if least >= 0 else self._gradient < 0
        self.is_on = (is_steep and is_in_direction) != self._config["invert"]

    def _show(self) -> None:
        self.extra_attributes = {
            "entity_id": self._config["entity_id"],
            "gradient": self._gradient,
            "invert": self._config["invert"],
            "min_gradient": self._config["min_gradient"],
            "sample_count": len(self._samples),
            "sample_duration": self._config["sample_duration"],
        }


def _gradient(samples: deque[Sample]) -> float:
    """Return the slope of the line that lies closest to the samples, by least squares; 0 if all came at once."""
    count = len(samples)
    mean_at = sum(sample.at for sample in samples) / count
    mean_number = sum(sample.number for sample in samples) / count
    spread = sum((sample.at - mean_at) ** 2 for sample in samples)
    if spread == 0:
        return 0.0
    return sum((sample.at - mean_at) * (sample.number - mean_number) for sample in samples) / spread


def _made(home: Home, config: Config) -> list[Following]:
    return [Trend(home, object_id, settings) for object_id, settings in config["sensors"].items()]


def _enough(config: Config) -> Config:
    if config["min_samples"] <= config["max_samples"]:
        return config
    raise vol.Invalid(
        f"expected min_samples to be max_samples or less, got {config['min_samples']} and {config['max_samples']}"
    )


KEYS: Final[dict[Any, Any]] = {
    "friendly_name": string,
    "unique_id": string,
    vol.Required("entity_id"): entity_id,
    "attribute": string,
    "device_class": device_class("binary_sensor"),
    vol.Optional("invert", default=False): boolean,
    vol.Optional("min_gradient", default=0.0): float_,
    vol.Optional("sample_duration", default=0.0): positive_duration,
    vol.Optional("max_samples", default=2): between(integer, 2, MAX_SAMPLES),
    vol.Optional("min_samples", default=2): between(integer, 2, MAX_SAMPLES),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    sensors = {vol.Required("sensors"): {slug: vol.All(vol.Schema(KEYS), _enough)}}
    return {"binary_sensor": item("trend", sensors)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"binary_sensor": _made})
