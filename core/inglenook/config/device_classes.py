"""The device classes and state classes of the field: another word is a slip."""

from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, near_miss, string

DEVICE_CLASSES: Final = {
    "binary_sensor": (
        "battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat",
        "light", "lock", "moisture", "motion", "moving", "occupancy", "opening", "plug", "power", "presence", "problem",
        "running", "safety", "smoke", "sound", "tamper", "update", "vibration", "window",
    ),
    "button": ("identify", "restart", "update"),
    "cover": ("awning", "blind", "curtain", "damper", "door", "garage", "gate", "shade", "shutter", "window"),
    "event": ("button", "doorbell", "motion"),
    "media_player": ("projector", "receiver", "speaker", "tv"),
    "sensor": (
        "absolute_humidity", "apparent_power", "aqi", "area", "atmospheric_pressure", "battery",
        "blood_glucose_concentration", "carbon_dioxide", "carbon_monoxide", "conductivity", "current", "data_rate",
        "data_size", "date", "distance", "duration", "energy", "energy_distance", "energy_storage", "enum", "frequency",
        "gas", "humidity", "illuminance", "irradiance", "moisture", "monetary", "nitrogen_dioxide", "nitrogen_monoxide",
        "nitrous_oxide", "ozone", "ph", "pm1", "pm10", "pm25", "pm4", "power", "power_factor", "precipitation",
        "precipitation_intensity", "pressure", "radon", "reactive_energy", "reactive_power", "signal_strength",
        "sound_pressure", "speed", "sulphur_dioxide", "temperature", "temperature_delta", "timestamp", "uptime",
        "volatile_organic_compounds", "volatile_organic_compounds_parts", "voltage", "volume", "volume_flow_rate",
        "volume_storage", "water", "weight", "wind_direction", "wind_speed",
    ),
    "switch": ("outlet", "switch"),
    "update": ("firmware",),
}  # fmt: skip
STATE_CLASSES: Final = ("measurement", "measurement_angle", "total", "total_increasing")

_SAME_AS: Final = {"number": "sensor"}  # a number has the device classes of a sensor


def device_class(domain: str) -> Validator:
    """Return a validator of the device class of an entity of ``domain``, in any case; of one without classes: any."""

    def validate(value: Any) -> str:
        name = string(value).lower()
        if fault := class_fault(domain, name):
            raise vol.Invalid(fault)
        return name

    return validate


def class_fault(domain: str, name: str) -> str:
    """Return a sentence if the device class ``name`` is none of an entity of ``domain``."""
    known = DEVICE_CLASSES.get(_SAME_AS.get(domain, domain), ())
    if not known or name in known:
        return ""
    return f"there is no device class {name!r} of a {domain}{near_miss(name, known)}"
