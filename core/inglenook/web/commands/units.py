"""Commands about units: which sensors are numbers, and what units could be chosen for one.

An entity is shown in its own unit here, so that there is nothing to choose.
"""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request
from inglenook.web.frontend.words import table

COMMANDS: Final = Commands()
_NO_NUMBERS: Final = frozenset({"date", "enum", "timestamp", "uptime"})
_OF_WEATHER: Final = ("precipitation_unit", "pressure_unit", "temperature_unit", "visibility_unit", "wind_speed_unit")
_DEVICE_CLASS: Final = {vol.Required("device_class"): str}


@COMMANDS.command("sensor/numeric_device_classes", Permission.READ)
def numeric_classes(request: Request) -> dict[str, list[str]]:
    """Return the device classes of sensors whose states are numbers."""
    del request
    return {"numeric_device_classes": sorted(table()["sensor"]["classes"].keys() - _NO_NUMBERS)}


@COMMANDS.command("sensor/device_class_convertible_units", Permission.READ, _DEVICE_CLASS)
def sensor_units(request: Request) -> dict[str, list[str]]:
    """Return the units that could be chosen for a sensor."""
    del request
    return {"units": []}


@COMMANDS.command("number/device_class_convertible_units", Permission.READ, _DEVICE_CLASS)
def number_units(request: Request) -> dict[str, list[str]]:
    """Return the units that could be chosen for a number."""
    del request
    return {"units": []}


@COMMANDS.command("weather/convertible_units", Permission.READ)
def weather_units(request: Request) -> dict[str, Any]:
    """Return the units that could be chosen for a weather."""
    del request
    return {"units": {kind: [] for kind in _OF_WEATHER}}
