"""The types of device triggers and conditions, in the words of each domain, and the states that they mean."""

from collections.abc import Mapping
from typing import Final

TOGGLES: Final = frozenset({
    "fan", "humidifier", "input_boolean", "light", "remote", "siren", "switch", "update", "water_heater",
})  # fmt: skip

SENSED: Final[Mapping[str, str]] = {
    "bat_low": "not_bat_low",
    "charging": "not_charging",
    "co": "no_co",
    "cold": "not_cold",
    "connected": "not_connected",
    "gas": "no_gas",
    "hot": "not_hot",
    "light": "no_light",
    "moist": "not_moist",
    "motion": "no_motion",
    "moving": "not_moving",
    "not_locked": "locked",
    "occupied": "not_occupied",
    "opened": "not_opened",
    "plugged_in": "not_plugged_in",
    "powered": "not_powered",
    "present": "not_present",
    "problem": "no_problem",
    "running": "not_running",
    "smoke": "no_smoke",
    "sound": "no_sound",
    "tampered": "not_tampered",
    "turned_on": "turned_off",
    "unsafe": "not_unsafe",
    "update": "no_update",
    "vibration": "no_vibration",
}
"""What binary sensors sense, by the words for on and off; their conditions are ``is_`` and the word."""

_ALARM: Final = ("armed_away", "armed_home", "armed_night", "armed_vacation", "arming", "disarmed", "triggered")
_COVER: Final = {"opened": "open", "closed": "closed", "opening": "opening", "closing": "closing"}
_LOCK: Final = ("jammed", "locked", "locking", "open", "opening", "unlocked", "unlocking")
_PLAYER: Final = ("buffering", "idle", "paused", "playing")

BECOMES: Final[Mapping[str, Mapping[str, str]]] = {
    **{domain: {"turned_on": "on", "turned_off": "off"} for domain in TOGGLES},
    "alarm_control_panel": {word: word for word in _ALARM},
    "binary_sensor": {**dict.fromkeys(SENSED, "on"), **dict.fromkeys(SENSED.values(), "off")},
    "cover": _COVER,
    "lock": {word: word for word in _LOCK},
    "media_player": {"turned_on": "on", "turned_off": "off", **{word: word for word in _PLAYER}},
    "vacuum": {"cleaning": "cleaning", "docked": "docked"},
}
"""The state that an entity comes to, by domain and type of the trigger."""

_SENSED_NOW: Final[Mapping[str, str]] = {
    "opened": "open",
    "not_opened": "not_open",
    "turned_on": "on",
    "turned_off": "off",
}

IS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    **{domain: {"is_on": ("on",), "is_off": ("off",)} for domain in TOGGLES},
    "alarm_control_panel": {f"is_{word}": (word,) for word in _ALARM},
    "binary_sensor": {
        f"is_{_SENSED_NOW.get(word, word)}": (state,) for word, state in BECOMES["binary_sensor"].items()
    },
    "cover": {f"is_{state}": (state,) for state in _COVER.values()},
    "device_tracker": {"is_home": ("home",), "is_not_home": ("not_home",)},
    "lock": {f"is_{word}": (word,) for word in _LOCK},
    "media_player": {f"is_{word}": (word,) for word in ("on", "off", *_PLAYER)},
    "vacuum": {"is_cleaning": ("cleaning", "returning"), "is_docked": ("docked",)},
}
"""The states that an entity is in, by domain and type of the condition."""

MEASURED: Final[Mapping[tuple[str, str], str]] = {
    ("climate", "current_humidity_changed"): "current_humidity",
    ("climate", "current_temperature_changed"): "current_temperature",
    ("cover", "is_position"): "current_position",
    ("cover", "is_tilt_position"): "current_tilt_position",
    ("cover", "position"): "current_position",
    ("cover", "tilt_position"): "current_tilt_position",
}
"""The attribute whose number is compared, by domain and type; a sensor's types are all about its state."""

SERVICES: Final[Mapping[str, Mapping[str, str]]] = {
    **{domain: {name: name for name in ("turn_on", "turn_off", "toggle")} for domain in TOGGLES},
    "alarm_control_panel": {
        **{f"arm_{how}": f"alarm_arm_{how}" for how in ("away", "home", "night", "vacation")},
        "disarm": "alarm_disarm",
        "trigger": "alarm_trigger",
    },
    "button": {"press": "press"},
    "climate": {name: name for name in ("set_hvac_mode", "set_preset_mode")},
    "cover": {
        **{name: f"{name}_cover" for name in ("open", "close", "stop")},
        **{f"{name}_tilt": f"{name}_cover_tilt" for name in ("open", "close")},
        "set_position": "set_cover_position",
        "set_tilt_position": "set_cover_tilt_position",
    },
    "humidifier": {name: name for name in ("turn_on", "turn_off", "toggle", "set_humidity", "set_mode")},
    "lock": {name: name for name in ("lock", "unlock", "open")},
    "number": {"set_value": "set_value"},
    "select": {f"select_{which}": f"select_{which}" for which in ("first", "last", "next", "option", "previous")},
    "text": {"set_value": "set_value"},
    "vacuum": {"clean": "start", "dock": "return_to_base"},
}
"""The service that an action calls, by domain and type."""
