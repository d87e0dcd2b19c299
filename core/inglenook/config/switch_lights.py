"""Switches that are lights: items of ``light:`` with ``platform: switch``, as blocks of ``template:``."""

from typing import Final

import voluptuous as vol

from inglenook.config.legacy_templates import Item
from inglenook.config.schema import validate
from inglenook.config.sections import Sections
from inglenook.config.storage.rewriting import alone, nested, rewritten
from inglenook.config.storage.switch_as_x import template_of
from inglenook.config.trees import ConfigDict
from inglenook.config.values import entity_domain, string
from inglenook.errors import ConfigError, ConfigErrors

LIGHT: Final = "light"
PLATFORM: Final = "switch"
HANDLED: Final = frozenset({f"{LIGHT}.{PLATFORM}"})
"""What is taken, as ``Sections.unhandled`` wants to know it."""

_KEYS: Final = vol.Schema(
    {
        vol.Required("platform"): PLATFORM,
        vol.Required("entity_id"): entity_domain("switch"),
        vol.Optional("name", default="Light Switch"): string,
        "unique_id": string,
    }
)


def switch_lights(sections: Sections) -> tuple[list[Item], list[ConfigError]]:
    """Return a block for each, with its place, and what is wrong with others."""
    blocks: list[Item] = []
    problems: list[ConfigError] = []
    for item in sections.items_of(PLATFORM).get(LIGHT, ()):
        try:
            blocks.append(_block(item))
        except ConfigErrors as errors:
            problems += errors.errors
    return blocks, problems


def _block(item: ConfigDict) -> Item:
    settings = validate(_KEYS, item, where=LIGHT)
    made = template_of({**settings, "target_domain": LIGHT}, settings["name"], settings.get("unique_id"))
    assert made is not None  # a light of a switch is a template entity
    light = rewritten(item, made[1], without=item.keys())
    return nested(alone(light, item), LIGHT, item), item.source.position(item.start)
