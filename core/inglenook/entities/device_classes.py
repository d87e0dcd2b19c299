"""The device classes and state classes of the field: a word that looks like one of them, and is none, is a slip."""

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
        "precipitation_intensity", "pressure", "reactive_energy", "reactive_power", "signal_strength", "sound_pressure",
        "speed", "sulphur_dioxide", "temperature", "temperature_delta", "timestamp", "uptime",
        "volatile_organic_compounds", "volatile_organic_compounds_parts", "voltage", "volume", "volume_flow_rate",
        "volume_storage", "water", "weight", "wind_direction", "wind_speed",
    ),
    "switch": ("outlet", "switch"),
    "update": ("firmware",),
}  # fmt: skip
STATE_CLASSES: Final = ("measurement", "measurement_angle", "total", "total_increasing")

_SAME_AS: Final = {"number": "sensor"}  # a number has the device classes of a sensor


def device_class(domain: str) -> Validator:
    """Return a validator of the device class of an entity of ``domain``, one of :data:`DEVICE_CLASSES` or ``number``.

    A class that nobody has heard of is let through, for the field goes on; one that looks like another is refused.
    """
    known = DEVICE_CLASSES[_SAME_AS.get(domain, domain)]

    def validate(value: Any) -> str:
        name = string(value)
        hint = "" if name in known else near_miss(name, known)
        if hint:
            raise vol.Invalid(f"there is no device class {name!r} of a {domain}{hint}")
        return name

    return validate
