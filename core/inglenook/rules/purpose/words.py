"""The states and device classes that purpose-specific kinds speak of; triggers and conditions share them."""

from collections.abc import Mapping
from typing import Any, Final

from inglenook.rules.purpose.sources import Source, Sources


def of(*domains: str) -> Sources:
    """Return sources that read the state of every entity of ``domains``."""
    return {domain: Source() for domain in domains}


def attribute_of(domain: str, attribute: str) -> Sources:
    """Return the source that reads one attribute of every entity of ``domain``."""
    return {domain: Source(attribute=attribute)}


def sensing(device_class: str) -> Sources:
    """Return the binary sensors of one class."""
    return {"binary_sensor": Source(device_class)}


_CLOSED: Final[Mapping[str, Any]] = {"closed": True, "open": False, "opening": False, "closing": False}


def closing(domain: str, device_class: str | None = None) -> Sources:
    """Return what reads from covers or valves whether they are closed."""
    return {domain: Source(device_class, attribute="is_closed", otherwise=_CLOSED)}


TOGGLES: Final[Mapping[str, Sources]] = {
    "light": of("light"),
    "switch": of("switch", "input_boolean"),
    "fan": of("fan"),
    "siren": of("siren"),
    "remote": of("remote"),
    "humidifier": of("humidifier"),
}
"""What is on or off and nothing else."""

SENSES: Final[Mapping[str, Sources]] = {
    "motion": sensing("motion"),
    "occupancy": sensing("occupancy"),
    "moisture": sensing("moisture"),
    "vibration": sensing("vibration"),
    "illuminance": sensing("light"),
}
"""What a binary sensor detects, by the domain of its kinds."""

GASES: Final[Mapping[str, Sources]] = {
    "gas": sensing("gas"),
    "co": sensing("carbon_monoxide"),
    "smoke": sensing("smoke"),
}
"""What a binary sensor smells, by the word in ``air_quality.smoke_detected``."""

OPENINGS: Final[Mapping[str, Sources]] = {
    "door.": {**sensing("door"), **closing("cover", "door")},
    "window.": {**sensing("window"), **closing("cover", "window")},
    "garage_door.": {**sensing("garage_door"), **closing("cover", "garage")},
    "gate.": closing("cover", "gate"),
    "cover.awning_": closing("cover", "awning"),
    "cover.blind_": closing("cover", "blind"),
    "cover.curtain_": closing("cover", "curtain"),
    "cover.shade_": closing("cover", "shade"),
    "cover.shutter_": closing("cover", "shutter"),
    "valve.": closing("valve"),
}
"""What opens and closes, by how the names of its kinds begin."""

OPEN: Final = ("on", False)  # a binary sensor's state, and what ``is_closed`` says
SHUT: Final = ("off", True)

HVAC_ON: Final = ("auto", "cool", "dry", "fan_only", "heat", "heat_cool")
WATER_HEATER_ON: Final = ("eco", "electric", "performance", "high_demand", "heat_pump", "gas")
PLAYING: Final = ("buffering", "playing")
PLAYER_ON: Final = ("buffering", "idle", "on", "paused", "playing")

ARMED: Final[Mapping[str, int]] = {"away": 2, "home": 1, "night": 4, "vacation": 32}
"""How an alarm is armed, and the feature that it needs for that."""

ALL_ARMED: Final = ("armed_away", "armed_custom_bypass", "armed_home", "armed_night", "armed_vacation")
UNARMED: Final = ("arming", "disarmed", "disarming", "pending", "triggered")


def alarm(how: str) -> Sources:
    """Return the alarms that can be armed ``how``."""
    return {"alarm_control_panel": Source(feature=ARMED[how])}


VACUUM: Final[Mapping[str, str]] = {
    "started_cleaning": "cleaning",
    "paused_cleaning": "paused",
    "started_returning": "returning",
    "returned_to_dock": "docked",
    "errored": "error",
}
MOWER: Final[Mapping[str, str]] = {
    "started_mowing": "mowing",
    "paused_mowing": "paused",
    "started_returning": "returning",
    "returned_to_dock": "docked",
    "became_idle": "idle",
    "errored": "error",
}
SATELLITE: Final = ("idle", "listening", "processing", "responding")
LOCK: Final[Mapping[str, str]] = {"locked": "locked", "unlocked": "unlocked", "opened": "open", "jammed": "jammed"}
TIMER: Final = ("started", "paused", "restarted", "cancelled", "finished")
