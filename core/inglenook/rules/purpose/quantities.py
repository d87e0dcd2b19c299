"""The quantities that purpose-specific kinds compare: which entities show them, and in which units."""

from collections.abc import Mapping
from typing import Final

from inglenook.rules.purpose import units
from inglenook.rules.purpose.sources import Source
from inglenook.rules.purpose.threshold import Quantity
from inglenook.rules.purpose.units import Scale

_HOME: Final = ""  # the home's unit of temperature


def _sensor(device_class: str, unit: str | None, scale: Scale | None = None) -> Quantity:
    return Quantity({"sensor": Source(device_class)}, unit, scale)


def _attribute(domain: str, name: str, unit: str | None = None, factor: float = 1.0) -> Quantity:
    return Quantity({domain: Source(attribute=name)}, unit, factor=factor)


def _target_temperature(domain: str) -> Quantity:
    return Quantity({domain: Source(attribute="temperature", unit=_HOME)}, _HOME, units.TEMPERATURE)


TEMPERATURE: Final = Quantity(
    {
        "sensor": Source("temperature"),
        "climate": Source(attribute="current_temperature", unit=_HOME),
        "water_heater": Source(attribute="current_temperature", unit=_HOME),
        "weather": Source(attribute="temperature", unit="temperature_unit"),
    },
    _HOME,
    units.TEMPERATURE,
)
HUMIDITY: Final = Quantity(
    {
        "sensor": Source("humidity"),
        "climate": Source(attribute="current_humidity"),
        "humidifier": Source(attribute="current_humidity"),
        "weather": Source(attribute="humidity"),
    },
    "%",
)
ILLUMINANCE: Final = _sensor("illuminance", "lx")
MOISTURE: Final = _sensor("moisture", "%")
POWER: Final = _sensor("power", "W", units.POWER)
BATTERY: Final = _sensor("battery", "%")
COUNT: Final = Quantity({"counter": Source()})
BRIGHTNESS: Final = _attribute("light", "brightness", "%", 100 / 255)
VOLUME: Final = _attribute("media_player", "volume_level", "%", 100.0)
SUN_ELEVATION: Final = _attribute("sun", "elevation", "°")
CLIMATE_TARGET: Final = _target_temperature("climate")
CLIMATE_TARGET_HUMIDITY: Final = _attribute("climate", "humidity", "%")
HUMIDIFIER_TARGET: Final = _attribute("humidifier", "humidity", "%")
WATER_HEATER_TARGET: Final = _target_temperature("water_heater")

AIR: Final[Mapping[str, Quantity]] = {
    "co": _sensor("carbon_monoxide", "ppm", units.CARBON_MONOXIDE),
    "co2": _sensor("carbon_dioxide", "ppm"),
    "no": _sensor("nitrogen_monoxide", "μg/m³", units.NITROGEN_MONOXIDE),
    "no2": _sensor("nitrogen_dioxide", "μg/m³", units.NITROGEN_DIOXIDE),
    "n2o": _sensor("nitrous_oxide", "μg/m³", units.MASS_PER_VOLUME),
    "so2": _sensor("sulphur_dioxide", "μg/m³", units.SULPHUR_DIOXIDE),
    "ozone": _sensor("ozone", "μg/m³", units.OZONE),
    "voc": _sensor("volatile_organic_compounds", "μg/m³", units.MASS_PER_VOLUME),
    "voc_ratio": _sensor("volatile_organic_compounds_parts", "ppb", units.SHARE),
    "pm1": _sensor("pm1", "μg/m³", units.MASS_PER_VOLUME),
    "pm25": _sensor("pm25", "μg/m³", units.MASS_PER_VOLUME),
    "pm4": _sensor("pm4", "μg/m³", units.MASS_PER_VOLUME),
    "pm10": _sensor("pm10", "μg/m³", units.MASS_PER_VOLUME),
    "radon": _sensor("radon", "Bq/m³", units.RADIATION),
}
"""What is in the air, by its name in kinds like ``air_quality.co2_changed``."""

EVERYWHERE: Final[Mapping[str, Quantity]] = {
    "temperature.": TEMPERATURE,
    "humidity.": HUMIDITY,
    "illuminance.": ILLUMINANCE,
    "moisture.": MOISTURE,
    "power.": POWER,
    "battery.level_": BATTERY,
    "light.brightness_": BRIGHTNESS,
    "climate.target_temperature_": CLIMATE_TARGET,
    "climate.target_humidity_": CLIMATE_TARGET_HUMIDITY,
    "water_heater.target_temperature_": WATER_HEATER_TARGET,
    "media_player.volume_": VOLUME,
    **{f"air_quality.{name}_": quantity for name, quantity in AIR.items()},
}
"""Quantities by how the names of their triggers begin: ``temperature.changed``, ``light.brightness_changed``."""
