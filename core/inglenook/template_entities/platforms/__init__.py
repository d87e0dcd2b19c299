"""The platforms of template entities, by their names in a block."""

from collections.abc import Mapping
from typing import Final

from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.platforms.binary_sensor import BINARY_SENSOR
from inglenook.template_entities.platforms.button import BUTTON
from inglenook.template_entities.platforms.cover import COVER
from inglenook.template_entities.platforms.event import EVENT
from inglenook.template_entities.platforms.fan import FAN
from inglenook.template_entities.platforms.light import LIGHT
from inglenook.template_entities.platforms.lock import LOCK
from inglenook.template_entities.platforms.number import NUMBER
from inglenook.template_entities.platforms.select import SELECT
from inglenook.template_entities.platforms.sensor import SENSOR
from inglenook.template_entities.platforms.switch import SWITCH

PLATFORMS: Final[Mapping[str, Platform]] = {
    "binary_sensor": BINARY_SENSOR,
    "button": BUTTON,
    "cover": COVER,
    "event": EVENT,
    "fan": FAN,
    "light": LIGHT,
    "lock": LOCK,
    "number": NUMBER,
    "select": SELECT,
    "sensor": SENSOR,
    "switch": SWITCH,
}
"""In the order in which the entities of a block are made."""
