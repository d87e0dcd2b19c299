"""What a person declares in the configuration: an entity, and the set of them that a section is."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import voluptuous as vol

from inglenook import Domain, DomainEntity, Home, PluginScope, hookimpl
from inglenook_helpers.schemas import Config

Schema = Callable[[Any], dict[str, Config]]


class Declared(DomainEntity):
    """An entity that stands in the configuration under its object id.

    A subclass takes its settings in :meth:`configure`, which is called again when they changed, and its last state in
    :meth:`added`.

    Attributes:
        is_editable: whether clients may change it.
        is_registered: whether a person may rename it and give it an area; what has no name of its own cannot.
    """

    is_registered: ClassVar[bool] = True
    is_editable: bool = False
    extra_attributes: Mapping[str, Any] = {"editable": False}

    def __init__(self, object_id: str, config: Config) -> None:
        self.unique_id = object_id if self.is_registered else None
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take the settings, at the start and when a reload brings others."""
        self.name = config.get("name")
        self.icon = config.get("icon")

    def mark(self, *, is_editable: bool) -> None:
        """Note whether clients may change it, and show that where it is shown at all."""
        self.is_editable = is_editable
        if "editable" in self.extra_attributes:
            self.extra_attributes = {**self.extra_attributes, "editable": is_editable}

    def adapt(self) -> None:
        """Called when a reload has changed the settings of one that is there, before it is written; for subclasses."""


ListedHooks = tuple[Callable[[], Schema], Callable[[], str], Callable[[Home, Mapping[str, Config], PluginScope], None]]
Hooks = tuple[
    Callable[[], vol.Schema],
    Callable[[], str],
    Callable[[], Mapping[str, Domain]],
    Callable[[Home, Mapping[str, Config], PluginScope], None],
]


def hooks(domain: Domain, schema: vol.Schema, make: Callable[[str, Config], Declared]) -> Hooks:
    """Return the hooks of a section that is a domain of its own: ``config_schema`` to ``setup``, and ``client_items``.

    Args:
        domain: with its services.
        schema: of the section.
        make: makes an entity of its object id and settings.
    """

    @hookimpl
    def config_schema() -> vol.Schema:
        return schema

    @hookimpl
    def client_items() -> str:
        return "named"

    @hookimpl
    def register_entity_domains() -> Mapping[str, Domain]:
        return {domain.name: domain}

    @hookimpl
    def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
        Section(home, scope, make).bring(config)

    return config_schema, client_items, register_entity_domains, setup


def listed_hooks(schema: Schema, make_section: "Callable[[Home, PluginScope], ListedSection]") -> ListedHooks:
    """Return the hooks of a section that is a list: ``config_schema``, ``client_items`` and ``setup``.

    Args:
        schema: of the section, which makes settings by object id of it.
        make_section: makes the section of a home and the scope of its plugin.
    """

    @hookimpl
    def config_schema() -> Schema:
        return schema

    @hookimpl
    def client_items() -> str:
        return "listed"

    @hookimpl
    def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
        make_section(home, scope).bring(config)

    return config_schema, client_items, setup


class Section:
    """The entities of one section by object id. A reload adds, removes and changes those whose settings did.

    Args:
        home: where the entities live.
        scope: the plugin's.
        make: makes an entity of its object id and settings.
    """

    def __init__(self, home: Home, scope: PluginScope, make: Callable[[str, Config], Declared]) -> None:
        self._home = home
        self._scope = scope
        self._make = make
        self._declared: dict[str, tuple[Config, Declared]] = {}
        scope.on_reload(self.bring)

    def bring(self, config: Mapping[str, Config]) -> None:
        """Bring the entities in line with ``config``."""
        for object_id in [known for known in self._declared if known not in config]:
            self.drop(object_id)
        for object_id, settings in config.items():
            self.take(object_id, settings)
        self._forget_the_removed()

    def take(self, object_id: str, settings: Config) -> None:
        """Add an entity, or change it to ``settings``; the same settings again do nothing."""
        known, entity = self._declared.get(object_id, (None, None))
        is_editable = self.item_id(object_id, settings) in self._scope.editable
        if entity is None:
            entity = self._make(object_id, settings)
            entity.mark(is_editable=is_editable)
            self._scope.add_entity(entity, object_id)
        elif known != settings or entity.is_editable != is_editable:
            entity.mark(is_editable=is_editable)
            entity.configure(settings)
            if entity.entity_id in self._home.entities:  # a person may have disabled it
                entity.adapt()
                self._home.entities.refresh(entity.entity_id)
        self._declared[object_id] = settings, entity

    def item_id(self, object_id: str, settings: Config) -> str | None:
        """Return the id by which clients know what ``settings`` are of; None if they cannot. For subclasses."""
        del settings
        return object_id

    def drop(self, object_id: str) -> None:
        """Remove an entity; one that is not there is no matter."""
        known = self._declared.pop(object_id, None)
        if known is not None:
            self._home.entities.remove(known[1].entity_id)

    def settings_of(self, object_id: str) -> Config | None:
        """Return the settings of an entity, or None."""
        known = self._declared.get(object_id)
        return known[0] if known is not None else None

    def entities(self) -> list[Declared]:
        """Return the entities, in the order they came."""
        return [entity for _, entity in self._declared.values()]

    def _forget_the_removed(self) -> None:
        """Drop the last states of what was declared when the home last ran, and is no more."""
        for state in self._home.states.domain(self._scope.name):
            if state.is_restored and "editable" in state.attributes:
                self._home.states.remove(state.entity_id)


class ListedSection(Section):
    """A section that is a list: clients know an item by the ``id`` among its settings, not by its object id."""

    def item_id(self, object_id: str, settings: Config) -> str | None:
        """Return the id that stands among the settings."""
        del object_id
        return settings.get("id")
