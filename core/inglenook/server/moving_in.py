"""Moving in: a home whose folder was Home Assistant's takes over the registries that it finds there."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from inglenook.config.configuration import Configuration
from inglenook.config.sections import RULE_SECTIONS
from inglenook.config.storage import Registries, read_last_states, read_registries
from inglenook.config.storage.switch_as_x import PLATFORM as SWITCH_AS_X
from inglenook.config.switch_lights import PLATFORM as SWITCH
from inglenook.devices.entity import PLATFORM as DEVICE
from inglenook.entities.scenes import PLATFORM as SCENES
from inglenook.errors import ConfigError
from inglenook.home import Home
from inglenook.model import STATE_UNAVAILABLE
from inglenook.plugins.finder import find_sections
from inglenook.registry import EntityEntry
from inglenook.registry.entries import AnyEntry
from inglenook.registry.merge import merge
from inglenook.server.template_section import DOMAIN as TEMPLATE
from inglenook.web.tag_entity import DOMAIN as TAGS

RESTORED: Final = "restored"  # the attribute of an entity that is known and not there
_OWN: Final = frozenset({*RULE_SECTIONS, TEMPLATE, SWITCH, SCENES, DEVICE, TAGS})


def move_in(home: Home, configuration: Configuration) -> list[ConfigError]:
    """Merge what ``.storage`` holds into the registry, which was loaded; return what could not be read. Blocking."""
    found = read_registries(configuration.folder)
    if found.files:
        tables = {table: file.entries for table, file in found.files.items()}
        if "entities" in tables:
            tables["entities"] = {key: _adapted(one, configuration) for key, one in tables["entities"].items()}
        merge(home.registry, tables)
        home.registry.vacant_platforms = absent_platforms(found, configuration)
    return found.warnings


class FormerStates:
    """What entities last were in Home Assistant: with that this home begins, as far as it never ran them.

    Args:
        home: after its own last states were restored: those come first.
        configuration: says where the folder is.

    Attributes:
        problems: what could not be read.
    """

    def __init__(self, home: Home, configuration: Configuration) -> None:
        self.problems: list[ConfigError] = []
        self._home = home
        self._folder = configuration.folder
        self._unregistered: list[str] = []

    def restore(self) -> None:
        """Restore the states of all that may be here. Blocking."""
        states, registry = self._home.states, self._home.registry
        strangers = {*registry.vacant_platforms, DEVICE}
        for state in read_last_states(self._folder, self.problems):
            entry = registry.entities.get(state.entity_id)
            if state.entity_id in states or (entry is not None and entry.platform in strangers):
                continue
            if entry is None:
                self._unregistered.append(state.entity_id)
            states.restore(state)

    def forget_the_rest(self) -> None:
        """Forget those of no entity that is here, once all are."""
        states = self._home.states
        for entity_id in self._unregistered:
            state = states.get(entity_id)
            if state is not None and state.is_restored and self._home.entities.get(entity_id) is None:
                states.remove(entity_id)
        self._unregistered.clear()


def show_vacant(home: Home) -> None:
    """Show as unavailable what is registered and nothing here brings; forget what was shown so and is gone.

    Called once at the start, after last states were restored and before anybody listens: no rule is run by it.
    """
    registry = home.registry
    for state in home.states:
        if state.is_restored and state.attributes.get(RESTORED) and state.entity_id not in registry.entities:
            home.states.remove(state.entity_id)
    for entry in registry.entities:
        if entry.platform in registry.vacant_platforms and not entry.disabled_by:
            home.states.set(entry.entity_id, STATE_UNAVAILABLE, _shown(entry))


def _shown(entry: EntityEntry) -> dict[str, Any]:
    shown = {
        **entry.capabilities,
        "device_class": entry.device_class or entry.original_device_class,
        "icon": entry.icon or entry.original_icon,
        "friendly_name": entry.name or entry.original_name,
        "supported_features": entry.supported_features or None,
        RESTORED: True,
    }
    return {key: value for key, value in shown.items() if value is not None}


def absent_platforms(found: Registries, configuration: Configuration) -> frozenset[str]:
    """Return the integrations that entities were registered by and that nothing here brings."""
    here = _OWN | find_sections().keys() | configuration.plugins.keys()
    return frozenset(_platforms(found.entries("entities").values()) - here)


def _adapted(entry: AnyEntry, configuration: Configuration) -> AnyEntry:
    """Return the entry of a switch that is shown as something else under the platform that makes that here."""
    if not isinstance(entry, EntityEntry) or entry.platform != SWITCH_AS_X:
        return entry
    is_made = any(helper.entry_id == entry.unique_id for helper in configuration.helpers)
    return msgspec.structs.replace(entry, platform=TEMPLATE) if is_made else entry


def _platforms(entries: Iterable[object]) -> set[str]:
    return {entry.platform for entry in entries if isinstance(entry, EntityEntry)}
