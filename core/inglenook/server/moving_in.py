"""Moving in: a home whose folder was Home Assistant's takes over the registries that it finds there."""

from collections.abc import Iterable
from typing import Final

from inglenook.config.configuration import Configuration
from inglenook.config.storage import Registries, read_registries
from inglenook.devices.entity import PLATFORM as DEVICE
from inglenook.entities.scenes import PLATFORM as SCENES
from inglenook.errors import ConfigError
from inglenook.home import Home
from inglenook.plugins.finder import find_sections
from inglenook.registry import EntityEntry
from inglenook.registry.merge import merge
from inglenook.server.rule_sources import SECTIONS
from inglenook.server.template_section import DOMAIN as TEMPLATE

_OWN: Final = frozenset({*SECTIONS, TEMPLATE, SCENES, DEVICE})


def move_in(home: Home, configuration: Configuration) -> list[ConfigError]:
    """Merge what ``.storage`` holds into the registry, which was loaded; return what could not be read. Blocking."""
    found = read_registries(configuration.folder)
    if found.files:
        merge(home.registry, {table: file.entries for table, file in found.files.items()})
        home.registry.vacant_platforms = absent_platforms(found, configuration)
    return found.warnings


def absent_platforms(found: Registries, configuration: Configuration) -> frozenset[str]:
    """Return the integrations that entities were registered by and that nothing here brings."""
    here = _OWN | find_sections().keys() | configuration.plugins.keys()
    return frozenset(_platforms(found.entries("entities").values()) - here)


def _platforms(entries: Iterable[object]) -> set[str]:
    return {entry.platform for entry in entries if isinstance(entry, EntityEntry)}
