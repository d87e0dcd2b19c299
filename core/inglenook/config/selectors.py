"""Selectors: how a client lets a person choose a value, for a script's field or a blueprint's input."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import near_miss, shown

SELECTORS: Final = frozenset({
    "action", "addon", "app", "area", "assist_pipeline", "attribute", "automation_behavior", "backup_location",
    "boolean", "choose", "color_rgb", "color_temp", "condition", "config_entry", "constant", "conversation_agent",
    "country", "date", "datetime", "device", "device_class", "duration", "entity", "file", "floor", "icon", "label",
    "language", "location", "media", "number", "numeric_threshold", "object", "qr_code", "select", "serial_port",
    "state", "state_class", "statistic", "target", "template", "text", "theme", "time", "trigger",
    "unit_of_measurement",
})  # fmt: skip
_REQUIRED: Final = {"constant": "value", "qr_code": "data", "select": "options"}


def selector(value: Any) -> Mapping[str, Any]:
    """Return ``value`` if it is a mapping of one kind of selector to its settings, or to nothing."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise vol.Invalid(f"expected one kind of selector, like 'text:', got {shown(value)}")
    ((kind, settings),) = value.items()
    if kind not in SELECTORS:
        raise vol.Invalid(f"there is no selector {kind!r}{near_miss(kind, SELECTORS)}", [kind])
    if settings is not None and not isinstance(settings, Mapping):
        raise vol.Invalid(f"expected settings or nothing, got {shown(settings)}", [kind])
    needed = _REQUIRED.get(kind)
    if needed is not None and needed not in (settings or {}):
        raise vol.Invalid(f"this selector needs the key {needed!r}", [kind])
    return value
