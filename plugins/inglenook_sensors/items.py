"""Items of a platform, like ``sensor: [{platform: min_max}]``: their shape, and the entities that are made of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import voluptuous as vol

from inglenook import Home, PluginScope, hookimpl
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


class Items:
    """The entities of one platform. A reload keeps those whose settings stayed.

    Args:
        home: where the entities live.
        scope: the plugin's.
        make: what makes the entities of an item, by the key it stands under.
    """

    def __init__(self, home: Home, scope: PluginScope, make: Mapping[str, Make]) -> None:
        self._home = home
        self._scope = scope
        self._make = make
        self._there: list[tuple[str, Config, Sequence[Following]]] = []
        scope.on_reload(lambda _: self.bring())

    def bring(self) -> None:
        """Bring the entities in line with the items of the scope."""
        wanted = [(key, item) for key, items in self._scope.items.items() for item in items]
        before, self._there = self._there, []
        for key, settings, entities in before:
            if (key, settings) in wanted:
                wanted.remove((key, settings))
                self._there.append((key, settings, entities))
            else:
                self._remove(entities)
        for key, settings in wanted:
            entities = self._make[key](self._home, settings)
            for entity in entities:
                self._scope.add_entity(entity, entity.object_id)
            self._there.append((key, settings, entities))

    def _remove(self, entities: Sequence[Following]) -> None:
        for entity in entities:
            self._home.entities.remove(entity.entity_id)


def one(make: Callable[[Home, Config], Following]) -> Make:
    """Return what makes a single entity of an item."""
    return lambda home, config: (make(home, config),)
