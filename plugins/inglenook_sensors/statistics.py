"""``platform: statistics``: what can be said of the last samples of a sensor."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Sensor, State, hookimpl
from inglenook.values import between, boolean, entity_id, integer, one_of, positive_duration, positive_int, string
from inglenook_sensors.characteristics import BINARY, NUMERIC, Characteristic, Sample, percentile
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import number_of, unit_of

MAX_SAMPLES: Final = 10_000  # kept where the settings bound their age alone
ON_OFF: Final = {"on": 1.0, "off": 0.0}


class Statistics(Following, Sensor):
    """A characteristic of the last ``sampling_size`` samples, of those younger than ``max_age``, or of both.

    A sample is a change of the sensor; the first is what the sensor is when this begins.
    """

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._source: str = config["entity_id"]
        self._is_binary = _is_binary(self._source)
        self._said = _characteristic(config)
        self._size: int | None = config.get("sampling_size")
        self._max_age_s: float | None = config.get("max_age")
        self._keeps_last: bool = config["keep_last_sample"]
        self._digits: int = config["precision"]
        self._samples: deque[Sample] = deque(maxlen=self._size or MAX_SAMPLES)
        self._is_valid: bool | None = None
        self._source_unit: str | None = None
        self._source_class: str | None = None
        self.icon = "mdi:calculator"
        self.state_class = None if self._said.is_moment else "measurement"

    def added(self) -> None:
        """Begin to follow the sensor."""
        self.follow(self._source, self._heard)
        source = self._home.states.get(self._source)
        self._take(source if source is not None and not source.is_restored else None)
        self._look()

    def _heard(self, _old: State | None, new: State | None) -> None:
        self._take(new)
        self._refresh()

    def _refresh(self) -> None:
        self._look()
        self.write()

    def _take(self, source: State | None) -> None:
        self.is_available = source is None or source.state != "unavailable"
        if source is None:
            return
        number = ON_OFF.get(source.state) if self._is_binary else number_of(source)
        self._is_valid = number is not None
        self._source_unit, self._source_class = unit_of(source), source.attributes.get("device_class")
        if number is not None:
            self._samples.append(Sample(source.updated_at, number))

    def _look(self) -> None:
        """Forget what is too old, say what there is to say, and come back when the next sample is too old."""
        self.wake_not()
        if self._max_age_s is not None:
            self._forget(self._home.clock.now() - self._max_age_s)
        self.state = self._value()
        self.extra_attributes = self._shown()

    def _forget(self, before: float) -> None:
        kept = 1 if self._keeps_last else 0
        while len(self._samples) > kept and self._samples[0].at <= before:
            self._samples.popleft()
        if len(self._samples) > kept:
            assert self._max_age_s is not None
            self.wake_at(self._samples[0].at + self._max_age_s, self._refresh)

    def _value(self) -> str | float | None:
        if not self._samples:
            return 0 if self._said.of is len else None
        value = self._said.of(self._samples)
        if value is None or self._said.is_moment:
            return None if value is None else datetime.fromtimestamp(value, UTC).isoformat()
        rounded = round(value, self._digits)
        return int(rounded) if self._digits == 0 else rounded

    def _shown(self) -> dict[str, Any]:
        said, unit = self._said, self._source_unit
        keeps_unit = said.unit == "{}"
        count, age_s = len(self._samples), self._max_age_s
        span_s = self._samples[-1].at - self._samples[0].at if count else 0.0
        shown = {
            "age_coverage_ratio": round(span_s / age_s, 2) if age_s else None,
            "buffer_usage_ratio": round(count / self._size, 2) if self._size else None,
            "source_value_valid": self._is_valid,
            "unit_of_measurement": said.unit.format(unit) if said.unit and (unit or "{}" not in said.unit) else None,
            "device_class": "timestamp" if said.is_moment else self._source_class if keeps_unit else None,
        }
        return {key: value for key, value in shown.items() if value is not None}


def _is_binary(entity_id: str) -> bool:
    return entity_id.startswith("binary_sensor.")


def _characteristic(config: Config) -> Characteristic:
    name = config["state_characteristic"]
    if name == "percentile":
        percent = config["percentile"]
        return Characteristic(lambda samples: percentile(samples, percent))
    return (BINARY if _is_binary(config["entity_id"]) else NUMERIC)[name]


def _bounded(config: Config) -> Config:
    if "sampling_size" not in config and "max_age" not in config:
        raise vol.Invalid("expected sampling_size, max_age or both")
    if config["keep_last_sample"] and "max_age" not in config:
        raise vol.Invalid("keep_last_sample needs max_age", ["keep_last_sample"])
    name, is_binary = config["state_characteristic"], _is_binary(config["entity_id"])
    if name not in (BINARY if is_binary else NUMERIC):
        kind = "a binary sensor" if is_binary else "a sensor"
        raise vol.Invalid(f"{name} cannot be said of {kind}", ["state_characteristic"])
    return config


KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="Statistical characteristic"): string,
    vol.Required("entity_id"): entity_id,
    vol.Required("state_characteristic"): one_of(*dict.fromkeys((*NUMERIC, *BINARY))),
    "sampling_size": between(integer, 1, MAX_SAMPLES),
    "max_age": positive_duration,
    vol.Optional("keep_last_sample", default=False): boolean,
    vol.Optional("precision", default=2): positive_int,
    vol.Optional("percentile", default=50): between(integer, 1, 99),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("statistics", KEYS, _bounded)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": one(Statistics)})
