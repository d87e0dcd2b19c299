"""Sightings: ``device_tracker.see``, by which rules and other programs tell where a thing is."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.config.values import between, float_, integer, positive_float, string
from inglenook.entities import DeviceTracker
from inglenook.entities.fields import numbers
from inglenook.home import Home
from inglenook.model import ServiceCall, State
from inglenook.registry import slugify
from inglenook.templates.functions.geodesy import distance_m

DOMAIN: Final = "device_tracker"
CONSIDER_HOME_S: Final = 180.0  # after a sighting that tells no place; Home Assistant's default

_FIELDS: Final = {
    "mac": string,
    "dev_id": string,
    "host_name": string,
    "location_name": string,
    "gps": numbers(between(float_, -90, 90), between(float_, -180, 180)),
    "gps_accuracy": positive_float,
    "battery": between(integer, 0, 100),
}


class SeenThing(DeviceTracker):
    """A thing that somebody tells of. Seen without a place it is at home, until nobody has seen it for a while."""

    _timer: Timer | None = None

    def see(self, home: Home, data: Mapping[str, Any]) -> None:
        """Take a sighting in, as :func:`register_sightings` validated it."""
        if self._timer is not None:
            self._timer.cancel()
        self.mac, self.host_name = data.get("mac", self.mac), data.get("host_name", self.host_name)
        self.battery_level = data.get("battery", self.battery_level)
        self.latitude, self.longitude = data.get("gps", (None, None))
        self.gps_accuracy = data.get("gps_accuracy", 0.0) if "gps" in data else None
        self.source_type = "gps"
        if "location_name" in data:
            self.location_name = data["location_name"]
        elif "gps" in data:
            self.location_name = zone_name(home.states.domain("zone"), data["gps"], self.gps_accuracy or 0.0)
        else:
            self.location_name = "home"
            self._timer = home.clock.call_later(CONSIDER_HOME_S, self._lost)

    def removed(self) -> None:
        """Wait for nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _lost(self) -> None:
        self.location_name = "not_home"
        self.write()


def register_sightings(home: Home) -> None:
    """Offer ``device_tracker.see``; a thing that nobody told of before becomes an entity."""
    home.services.register(DOMAIN, "see", partial(_see, home, {}), vol.Schema(vol.All(_FIELDS, _some_name)))


def zone_name(zones: Iterable[State], place: tuple[float, float], accuracy_m: float) -> str:
    """Return where ``place`` is: ``home``, the name of the smallest zone around it, or ``not_home``; no passive one."""
    around: list[tuple[float, str]] = []
    for zone in zones:
        shown = zone.attributes
        latitude, longitude, radius_m = shown.get("latitude"), shown.get("longitude"), shown.get("radius", 0.0)
        if latitude is None or longitude is None or shown.get("passive"):
            continue
        if distance_m(place, (latitude, longitude)) - accuracy_m >= radius_m:
            continue
        name = "home" if zone.entity_id == "zone.home" else shown.get("friendly_name", zone.entity_id)
        around.append((radius_m, name))
    return min(around)[1] if around else "not_home"


def _some_name(data: dict[str, Any]) -> dict[str, Any]:
    if "mac" not in data and "dev_id" not in data:
        raise vol.Invalid("give mac or dev_id")
    return data


def _see(home: Home, seen: dict[str, SeenThing], call: ServiceCall) -> None:
    data = call.data
    name = slugify(data.get("dev_id") or data.get("host_name") or data["mac"])
    thing = seen.get(name)
    if thing is not None:
        thing.see(home, data)
        thing.write(call.context)
        return
    thing = seen[name] = SeenThing()
    thing.name = data.get("host_name") or name
    thing.see(home, data)
    home.entities.add(thing, DOMAIN, name)
