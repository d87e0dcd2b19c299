"""Items of a platform, like ``sensor: [{platform: min_max}]``: their shape, and the entities that are made of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import voluptuous as vol

from inglenook import Home, PluginScope, ServiceValidationError, hookimpl
from inglenook.values import positive_duration, string
from inglenook_sensors.following import Config, Following

Make = Callable[[Home, Config], Sequence[Following]]


def item(platform: str, keys: Mapping[Any, Any], *checks: Callable[[Config], Config]) -> vol.Schema:
    """Return the schema of one item.

    Args:
        platform: the name after ``platform:``.
        keys: those of its own, beside the ones that an item of any platform may have.
        checks: each takes a whole item that is right in its parts, and returns it or raises ``vol.Invalid``.
    """
    everywhere = {vol.Required("platform"): platform, "unique_id": string, "scan_interval": positive_duration}
    return vol.Schema(vol.All({**everywhere, **keys}, *checks))


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings of a platform beside its items: none."""
    return vol.Schema({})


class Roster:
    """Entities by the settings they are made of. Those whose settings stayed are kept when others come.

    Args:
        home: where the entities live.
        scope: the plugin's.
        make: makes the entities of a key and the settings under it.
    """

    def __init__(self, home: Home, scope: PluginScope, make: Callable[[str, Config], Sequence[Following]]) -> None:
        self._home = home
        self._scope = scope
        self._make = make
        self._there: list[tuple[str, Config, Sequence[Following]]] = []

    def bring(self, wanted: Iterable[tuple[str, Config]]) -> None:
        """Bring the entities in line with ``wanted``: keys and the settings under them."""
        fresh = list(wanted)
        before, self._there = self._there, []
        for key, settings, entities in before:
            if (key, settings) in fresh:
                fresh.remove((key, settings))
                self._there.append((key, settings, entities))
            else:
                self._remove(entities)
        for key, settings in fresh:
            entities = [entity for entity in self._make(key, settings) if self._is_added(entity)]
            self._there.append((key, settings, entities))

    def _is_added(self, entity: Following) -> bool:
        """Add an entity; one whose unique_id is taken is told and left out, and the others are there."""
        try:
            self._scope.add_entity(entity, entity.object_id)
        except ServiceValidationError as error:
            self._scope.log.error("%s is left out: %s", entity.name, error)  # noqa: TRY400 - told, not traced
            return False
        return True

    def _remove(self, entities: Sequence[Following]) -> None:
        for entity in entities:
            self._home.entities.remove(entity.entity_id)


def set_up_items(home: Home, scope: PluginScope, make: Mapping[str, Make]) -> None:
    """Add the entities of a platform's items, and offer its reload.

    Args:
        home: where the entities live.
        scope: the plugin's.
        make: what makes the entities of an item, by the key it stands under.
    """
    roster = Roster(home, scope, lambda key, settings: make[key](home, settings))

    def bring(_: Any = None) -> None:
        roster.bring((key, settings) for key, items in scope.items.items() for settings in items)

    scope.on_reload(bring)
    bring()


def one(make: Callable[[Home, Config], Following]) -> Make:
    """Return what makes a single entity of an item."""
    return lambda home, config: (make(home, config),)
