"""Template device trackers."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.entities import DeviceTracker
from inglenook.model import State
from inglenook.rules.shape import Shaped, template
from inglenook.template_entities.fields import Field, FieldEntity, number, texts
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.results import Results
from inglenook.templates.functions.geodesy import distance_m

_HOME: Final = "zone.home"
_PLACE: Final = ("latitude", "longitude")


def _zones(result: Any) -> tuple[str, ...]:
    found = texts(result)
    if not all(zone.startswith("zone.") for zone in found):
        raise ValueError("expected a list of zones like zone.home")
    return found


class TemplateDeviceTracker(FieldEntity, DeviceTracker):
    """Where something is: in the smallest zone around its place, or in one of the zones that a template lists."""

    FIELDS: ClassVar[Mapping[str, Field]] = {
        "latitude": Field("latitude", number(-90, 90)),
        "longitude": Field("longitude", number(-180, 180)),
        "location_accuracy": Field("gps_accuracy", number(0, 1e8)),
        "in_zones": Field("in_zones", _zones),
    }
    TEMPLATES = tuple(FIELDS)

    source_type = "gps"

    def apply(self, found: Results) -> None:
        """Take the place, and what it is called."""
        super().apply(found)
        if "latitude" in self.config:
            place = (self.latitude, self.longitude)
            self.in_zones = None if place[0] is None or place[1] is None else self._zones_around((place[0], place[1]))
        self.location_name = self._name_of(self.in_zones)

    def recall(self, last: State) -> None:
        """Be where it last was."""
        super().recall(last)
        self.location_name = last.state

    def _zones_around(self, place: tuple[float, float]) -> tuple[str, ...]:
        """Return the zones that hold a place, the smallest first."""
        blur_m = self.gps_accuracy or 0.0
        return tuple(
            zone.entity_id
            for zone in _by_radius(self.workshop.home.states.domain("zone"))
            if distance_m(place, (zone.attributes["latitude"], zone.attributes["longitude"])) - blur_m < _radius(zone)
        )

    def _name_of(self, zones: tuple[str, ...] | None) -> str | None:
        if zones is None:
            return None
        states = self.workshop.home.states
        known = _by_radius(zone for entity_id in zones if (zone := states.get(entity_id)) is not None)
        active = [zone for zone in known if not zone.attributes.get("passive")]
        if not active:
            return "not_home"
        return "home" if active[0].entity_id == _HOME else active[0].name


def _by_radius(zones: Iterable[State]) -> list[State]:
    return sorted((zone for zone in zones if all(name in zone.attributes for name in _PLACE)), key=_radius)


def _radius(zone: State) -> float:
    return float(zone.attributes.get("radius") or 0)


def _has_place(config: Shaped) -> None:
    if ("latitude" in config) != ("longitude" in config):
        raise vol.Invalid("latitude and longitude belong together; give both")
    if "latitude" not in config and "in_zones" not in config:
        raise vol.Invalid("expected latitude and longitude, or in_zones")


DEVICE_TRACKER: Final = Platform(
    TemplateDeviceTracker, dict.fromkeys(TemplateDeviceTracker.FIELDS, template), checks=(_has_place,)
)
