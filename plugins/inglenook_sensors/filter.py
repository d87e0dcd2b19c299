"""``platform: filter``: the numbers of a sensor, smoothed or thinned out by a chain of filters."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Sensor, State, hookimpl
from inglenook.values import ensure_list, entity_domain, string
from inglenook_sensors.filters import FILTERS, Filter, Reading, filter_settings
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import NOTHING, number_of

TAKEN_OVER: Final = ("device_class", "icon", "state_class", "unit_of_measurement")


class Filtered(Following, Sensor):
    """What comes out at the end of the chain, with unit and class of the sensor."""

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._source: str = config["entity_id"]
        self._chain: list[Filter] = [FILTERS[settings["filter"]](settings) for settings in config["filters"]]
        self.name = config.get("name", f"{self._source.partition('.')[2]} filtered")

    def added(self) -> None:
        """Begin to follow the sensor."""
        self.follow(self._source, self._heard)
        self._look(self._home.states.get(self._source))

    def _heard(self, _old: State | None, new: State | None) -> None:
        if self._look(new):
            self.write()

    def _look(self, source: State | None) -> bool:
        """Take a state of the sensor; returns whether something comes out at the end."""
        self.is_available = source is not None and source.state != "unavailable"
        if source is None or source.state in NOTHING:
            self.state = None
            return True
        shown = {key: value for key in TAKEN_OVER if (value := source.attributes.get(key)) is not None}
        self.extra_attributes = {"entity_id": self._source, **shown}
        number = number_of(source)
        reading = None if number is None else self._passed(Reading(source.updated_at, number))
        if reading is None:
            return False
        self.state = reading.number
        return True

    def _passed(self, reading: Reading) -> Reading | None:
        passed: Reading | None = reading
        for link in self._chain:
            if passed is None:
                return None
            passed = link.pass_on(passed)
        return passed


def _some(value: Any) -> list[Any]:
    filters = ensure_list(value)
    if filters:
        return filters
    raise vol.Invalid("expected at least one filter")


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Required("entity_id"): entity_domain("sensor", "binary_sensor", "input_number", "number"),
    vol.Required("filters"): vol.All(_some, [filter_settings]),
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"sensor": item("filter", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    set_up_items(home, scope, {"sensor": one(Filtered)})
