"""Translation: what a device trigger, condition or action says, as one on the entity that it names."""

from collections.abc import Mapping
from typing import Any, Final

from inglenook.rules.devices.words import BECOMES, IS, MEASURED, SERVICES

Config = Mapping[str, Any]
Translated = tuple[str, dict[str, Any]]
"""The kind that is meant, and its keys."""

_OF_THE_DEVICE: Final = frozenset({"device_id", "domain", "entity_id", "metadata", "subtype", "type"})


def as_trigger(config: Config) -> Translated | None:
    """Return the trigger that is meant; None when only the device's plugin knows."""
    domain, kind = _named(config)
    more = _picked(config, "entity_id", "for")
    if "entity_id" not in config:
        return None
    if kind in BECOMES.get(domain, ()):
        return "state", {**more, "to": BECOMES[domain][kind]}
    if kind == "changed_states" or (domain, kind) == ("button", "pressed"):
        return "state", {**more, "to": None}
    if (domain, kind) in (("climate", "hvac_mode_changed"), ("select", "current_option_changed")):
        return "state", {"to": None, **more, **_picked(config, "from", "to")}
    if domain == "device_tracker" and kind in ("enters", "leaves"):
        return "zone", {**_picked(config, "entity_id", "zone"), "event": kind.removesuffix("s")}
    return _measured(config, more)


def as_condition(config: Config) -> Translated | None:
    """Return the condition that is meant; None when only the device's plugin knows."""
    domain, kind = _named(config)
    more = _picked(config, "entity_id", "for")
    if "entity_id" not in config:
        return None
    if kind in IS.get(domain, ()):
        return "state", {**more, "state": list(IS[domain][kind])}
    if (domain, kind) == ("climate", "is_hvac_mode"):
        return "state", {**more, "state": config.get("hvac_mode")}
    if (domain, kind) == ("climate", "is_preset_mode"):
        return "state", {**_picked(config, "entity_id"), "attribute": "preset_mode", "state": config.get("preset_mode")}
    if (domain, kind) == ("select", "selected_option"):
        return "state", {**more, "state": config.get("option")}
    return _measured(config, _picked(config, "entity_id"))


def as_call(config: Config) -> dict[str, Any] | None:
    """Return the call that is meant; None when only the device's plugin knows."""
    domain, kind = _named(config)
    service = SERVICES.get(domain, {}).get(kind)
    if service is None or "entity_id" not in config:
        return None
    data = {key: value for key, value in config.items() if key not in _OF_THE_DEVICE}
    if service == "set_cover_tilt_position" and "position" in data:
        data["tilt_position"] = data.pop("position")
    return {"action": f"{domain}.{service}", "target": {"entity_id": config["entity_id"]}, "data": data}


def _measured(config: Config, more: dict[str, Any]) -> Translated | None:
    domain, kind = _named(config)
    if domain != "sensor" and (domain, kind) not in MEASURED:
        return None
    attribute = {} if domain == "sensor" else {"attribute": MEASURED[domain, kind]}
    return "numeric_state", {**more, **attribute, **_picked(config, "above", "below")}


def _named(config: Config) -> tuple[str, str]:
    return str(config.get("domain")), str(config.get("type"))


def _picked(config: Config, *keys: str) -> dict[str, Any]:
    return {key: config[key] for key in keys if key in config}
