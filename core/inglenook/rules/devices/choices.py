"""Choices: the device triggers, conditions and actions that there are for an entity, as visual editors offer them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inglenook.model import State
from inglenook.rules.devices.translation import as_condition, as_trigger
from inglenook.rules.devices.words import BECOMES, IS, SENSED, SERVICES, TOGGLES

_SENSED_BY_CLASS: Final[Mapping[str, str]] = {
    "battery": "bat_low", "battery_charging": "charging", "carbon_monoxide": "co", "connectivity": "connected",
    "door": "opened", "garage_door": "opened", "heat": "hot", "lock": "not_locked", "moisture": "moist",
    "occupancy": "occupied", "opening": "opened", "plug": "plugged_in", "power": "powered", "presence": "present",
    "safety": "unsafe", "tamper": "tampered", "window": "opened",
}  # fmt: skip
_MEASURED_BY_CLASS: Final[Mapping[str, str]] = {"None": "value", "battery": "battery_level"}
_MORE_TRIGGERS: Final[Mapping[str, tuple[str, ...]]] = {
    "button": ("pressed",),
    "climate": ("current_humidity_changed", "current_temperature_changed", "hvac_mode_changed"),
    "cover": ("position", "tilt_position"),
    "device_tracker": ("enters", "leaves"),
    "select": ("current_option_changed",),
}
_MORE_CONDITIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "climate": ("is_hvac_mode", "is_preset_mode"),
    "cover": ("is_position", "is_tilt_position"),
    "select": ("selected_option",),
}
_NEEDS: Final[Mapping[str, str]] = {
    "current_humidity_changed": "current_humidity",
    "current_temperature_changed": "current_temperature",
    "is_position": "current_position",
    "is_tilt_position": "current_tilt_position",
    "position": "current_position",
    "set_position": "current_position",
    "set_tilt_position": "current_tilt_position",
    "tilt_position": "current_tilt_position",
}
"""The attribute without which an entity has no such thing, by type."""

_FOR: Final = {"name": "for", "optional": True, "required": False, "type": "positive_time_period_dict"}
_BOUNDS: Final = [
    {"name": name, "optional": True, "required": False, "type": "float"} for name in ("above", "below")
]  # fmt: skip
_POSITION: Final = {
    "name": "position", "required": True, "type": "integer", "valueMin": 0, "valueMax": 100, "default": 0,
}  # fmt: skip


def triggers(state: State) -> list[str]:
    """Return the types of triggers for the entity that is in ``state``."""
    domain = state.domain
    if domain == "sensor":
        return _measured(state, "")
    if domain == "binary_sensor":
        word = _sensed(state)
        return [word, SENSED[word]]
    also = ("changed_states",) if domain in TOGGLES else _MORE_TRIGGERS.get(domain, ())
    return [*_there(state, also), *BECOMES.get(domain, ())]


def conditions(state: State) -> list[str]:
    """Return the types of conditions for the entity that is in ``state``."""
    domain = state.domain
    if domain == "sensor":
        return _measured(state, "is_")
    if domain == "binary_sensor":
        word = _sensed(state)
        words = list(BECOMES["binary_sensor"])
        types = list(IS["binary_sensor"])
        return [types[words.index(word)], types[words.index(SENSED[word])]]
    return [*_there(state, _MORE_CONDITIONS.get(domain, ())), *IS.get(domain, ())]


def actions(state: State) -> list[str]:
    """Return the types of actions for the entity that is in ``state``."""
    return list(_there(state, tuple(SERVICES.get(state.domain, ()))))


def fields_of_trigger(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what else a device trigger may say."""
    meant = as_trigger({"entity_id": "", **config})
    if meant is None or meant[0] == "zone":
        return []
    return [*_BOUNDS, _FOR] if meant[0] == "numeric_state" else [_FOR]


def fields_of_condition(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what else a device condition may say."""
    meant = as_condition({"entity_id": "", **config})
    if meant is None:
        return []
    return list(_BOUNDS) if meant[0] == "numeric_state" else [_FOR]


def fields_of_action(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what else a device action may say."""
    return [_POSITION] if config.get("type") in ("set_position", "set_tilt_position") else []


def _there(state: State, types: tuple[str, ...]) -> Iterator[str]:
    """Yield those of ``types`` that the entity has what they need for."""
    for kind in types:
        if kind not in _NEEDS or state.attributes.get(_NEEDS[kind]) is not None:
            yield kind


def _sensed(state: State) -> str:
    name = state.attributes.get("device_class")
    word = _SENSED_BY_CLASS.get(str(name), str(name))
    return word if word in SENSED else "turned_on"


def _measured(state: State, prefix: str) -> list[str]:
    """Return the type for a sensor that shows numbers."""
    name, has_unit = str(state.attributes.get("device_class")), state.attributes.get("unit_of_measurement")
    if not has_unit and state.attributes.get("state_class") is None:
        return []
    return [prefix + _MEASURED_BY_CLASS.get(name, name)]
