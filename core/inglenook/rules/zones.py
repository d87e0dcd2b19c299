"""Zones: whether a person, a tracker or any other thing with a place is inside one."""

from typing import Any, Final

from inglenook.errors import ConditionError
from inglenook.model import State
from inglenook.templates.functions.geodesy import distance_m

_PLACE: Final = ("latitude", "longitude")


def has_place(state: State | None) -> bool:
    """True when a state says where its entity is, by coordinates or by the zones that it is in."""
    if state is None:
        return False
    return "in_zones" in state.attributes or all(_number(state.attributes.get(name)) is not None for name in _PLACE)


def is_inside(zone: State, state: State) -> bool:
    """Return whether an entity is in a zone: by its ``in_zones``, else by its distance less its ``gps_accuracy``.

    Raises:
        ConditionError: it, or the zone, has no place.
    """
    in_zones = state.attributes.get("in_zones")
    if isinstance(in_zones, list | tuple | set | frozenset):
        return zone.entity_id in in_zones
    accuracy_m = _number(state.attributes.get("gps_accuracy")) or 0.0
    radius_m = _number(zone.attributes.get("radius")) or 0.0
    return distance_m(_place(zone), _place(state)) - accuracy_m < radius_m


def _place(state: State) -> tuple[float, float]:
    latitude, longitude = (_number(state.attributes.get(name)) for name in _PLACE)
    if latitude is None or longitude is None:
        raise ConditionError(f"zone: {state.entity_id} has no latitude and longitude")
    return latitude, longitude


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
