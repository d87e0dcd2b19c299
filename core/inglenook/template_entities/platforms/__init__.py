"""The platforms of template entities, by their names in a block."""

from collections.abc import Mapping
from typing import Final

from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.platforms.alarm_control_panel import ALARM_CONTROL_PANEL
from inglenook.template_entities.platforms.binary_sensor import BINARY_SENSOR
from inglenook.template_entities.platforms.button import BUTTON
from inglenook.template_entities.platforms.climate import CLIMATE
from inglenook.template_entities.platforms.cover import COVER
from inglenook.template_entities.platforms.device_tracker import DEVICE_TRACKER
from inglenook.template_entities.platforms.event import EVENT
from inglenook.template_entities.platforms.fan import FAN
from inglenook.template_entities.platforms.image import IMAGE
from inglenook.template_entities.platforms.light import LIGHT
from inglenook.template_entities.platforms.lock import LOCK
from inglenook.template_entities.platforms.media_player import MEDIA_PLAYER
from inglenook.template_entities.platforms.number import NUMBER
from inglenook.template_entities.platforms.select import SELECT
from inglenook.template_entities.platforms.sensor import SENSOR
from inglenook.template_entities.platforms.switch import SWITCH
from inglenook.template_entities.platforms.update import UPDATE
from inglenook.template_entities.platforms.vacuum import VACUUM
from inglenook.template_entities.platforms.water_heater import WATER_HEATER
from inglenook.template_entities.platforms.weather import WEATHER

PLATFORMS: Final[Mapping[str, Platform]] = {
    "alarm_control_panel": ALARM_CONTROL_PANEL,
    "binary_sensor": BINARY_SENSOR,
    "button": BUTTON,
    "climate": CLIMATE,
    "cover": COVER,
    "device_tracker": DEVICE_TRACKER,
    "event": EVENT,
    "fan": FAN,
    "image": IMAGE,
    "light": LIGHT,
    "lock": LOCK,
    "media_player": MEDIA_PLAYER,
    "number": NUMBER,
    "select": SELECT,
    "sensor": SENSOR,
    "switch": SWITCH,
    "update": UPDATE,
    "vacuum": VACUUM,
    "water_heater": WATER_HEATER,
    "weather": WEATHER,
}
"""In the order in which the entities of a block are made."""
