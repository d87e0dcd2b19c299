"""What clients do to items of sections: make, change and remove them, at once and for good."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from inglenook.config.sections import Sections
from inglenook.errors import ConfigError, PluginError, StoreError, UnknownEntry
from inglenook.home import Home
from inglenook.plugins.items import NAMED, Form, Items, Settings, Undo, alone, stored, written_ids
from inglenook.registry import slugify
from inglenook.registry.naming import first_free

MAX_NAME: Final = 255  # characters; the entity id is made of it


class ItemSection:
    """A section whose items clients may make.

    Args:
        kind: its key.
        form: how its items stand under it.
        sections: returns what the files say.
        check: raises ConfigErrors for a section that is not in order.
        bring: has the plugin take the section as it is now.
        problem: returns why the plugin does not run; empty if it does.
    """

    def __init__(
        self,
        kind: str,
        form: Form,
        *,
        sections: Callable[[], Sections],
        check: Callable[[Any], object],
        bring: Callable[[], Awaitable[None] | None],
        problem: Callable[[], str],
    ) -> None:
        self.kind = kind
        self.form: Form = form
        self.sections = sections
        self.check = check
        self.bring = bring
        self.problem = problem


class ItemEditor:
    """The items of all sections of a home that clients may make, by the key of the section.

    Args:
        home: where they live.
        items: keeps them.
        section: returns the section of a key; None if there is none that is open to clients.
        kinds: returns the keys of all that are.
    """

    def __init__(
        self,
        home: Home,
        items: Items,
        section: Callable[[str], ItemSection | None],
        kinds: Callable[[], Iterable[str]],
    ) -> None:
        self.kinds = kinds
        self._home = home
        self._items = items
        self._section = section

    def list(self, kind: str) -> list[dict[str, Any]]:
        """Return what clients may change, each with its ``id``; nothing for a section that there is not."""
        section = self._section(kind)
        if section is None:
            return []
        found = self._items.editable(kind, section.form, section.sections())
        return [{"id": item_id, **settings} for item_id, settings in found.items()]

    async def create(self, kind: str, settings: Settings) -> dict[str, Any]:
        """Make an item, whose id is a slug of its name, and return it with that.

        Raises:
            UnknownEntry: there is no such section.
            ConfigError: the settings are not in order.
            PluginError: the plugin of the section does not run.
            StoreError: it is there, but could not be stored yet.
        """
        section = self._running(kind)
        sections = section.sections()
        known = self._items.editable(kind, section.form, sections)
        taken = {*known, *written_ids(kind, section.form, sections)}
        item_id = first_free(slugify(_name(kind, settings)), taken.__contains__)
        await self._keep(section, item_id, settings)
        return {"id": item_id, **settings}

    async def update(self, kind: str, item_id: str, settings: Settings) -> dict[str, Any]:
        """Change an item: what stands under names becomes what is given, of what is listed only that changes.

        What is None is taken away.

        Raises:
            UnknownEntry: there is none of that id that clients may change.
            ConfigError, PluginError, StoreError: as of :meth:`create`.
        """
        section = self._running(kind)
        known = self._known(section, item_id)
        before: Settings = {} if section.form == NAMED else known
        wanted = {key: value for key, value in {**before, **settings}.items() if value is not None}
        _name(kind, wanted)
        await self._keep(section, item_id, wanted)
        return {"id": item_id, **wanted}

    async def delete(self, kind: str, item_id: str) -> None:
        """Take an item away, with its entity and that one's entry in the registry.

        Raises:
            UnknownEntry, PluginError, StoreError: as of :meth:`update`.
        """
        section = self._running(kind)
        self._known(section, item_id)
        if item_id in dict(stored(kind, section.form, section.sections())):
            undo = self._items.put(kind, item_id, None)
        else:
            undo = self._items.forget(kind, item_id)
        await self._bring(section, undo)
        entry = self._home.registry.entity_of(kind, kind, item_id)
        if entry is not None:
            self._home.registry.entities.remove(entry.entity_id)
        await self._settle()

    def _running(self, kind: str) -> ItemSection:
        section = self._section(kind)
        if section is None:
            raise UnknownEntry(f"there is no {kind} here; write {kind}: or default_config: into the configuration")
        if problem := section.problem():
            raise PluginError(kind, f"does not run: {problem}")
        return section

    def _known(self, section: ItemSection, item_id: str) -> Settings:
        known = self._items.editable(section.kind, section.form, section.sections())
        if item_id in known:
            return known[item_id]
        if item_id in written_ids(section.kind, section.form, section.sections()):
            raise UnknownEntry(f"{section.kind} {item_id} stands in the configuration; change it there")
        raise UnknownEntry(f"there is no {section.kind} {item_id}")

    async def _keep(self, section: ItemSection, item_id: str, settings: Settings) -> None:
        section.check(alone(section.form, item_id, settings))
        undo = self._items.put(section.kind, item_id, settings)
        await self._bring(section, undo)
        await self._settle()

    async def _bring(self, section: ItemSection, undo: Undo) -> None:
        """Have the plugin take the section; what it does not take is not kept."""
        try:
            result = section.bring()
            if isinstance(result, Awaitable):
                await result
        except BaseException:
            undo()
            raise

    async def _settle(self) -> None:
        if not await self._home.store.flush():
            raise StoreError("the change holds, but could not be stored yet; see the log")


def _name(kind: str, settings: Settings) -> str:
    name = settings.get("name")
    if isinstance(name, str) and name.strip() and len(name) <= MAX_NAME:
        return name
    raise ConfigError(f"{kind}: expected a name of 1 to {MAX_NAME} characters, got {name!r:.80}")
