"""Tables: the entries of one kind, and the doors by which they are made, changed and removed."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Generic, Protocol, get_type_hints
from uuid import uuid4

import msgspec

from inglenook.clock import Clock
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.registry.entries import AnyEntry, CategoryEntry, DeviceEntry, EntityEntry, Entry, Named
from inglenook.registry.naming import first_free, folded, slugify
from inglenook.store import Store

_log = logging.getLogger(__name__)

_FIXED: Final = frozenset({"id", "created_at", "modified_at"})
_ENTITY_ID: Final = re.compile(r"[a-z0-9](?:_?[a-z0-9])*\.[a-z0-9](?:_?[a-z0-9])*")


class Keeper(Protocol):
    """What a table needs of the registry that it belongs to."""

    store: Store
    clock: Clock

    def announce(
        self, event_type: str, data: dict[str, Any], old: AnyEntry | None = None, new: AnyEntry | None = None
    ) -> None:
        """Note that an entry changed, and tell everybody."""


class Table(Generic[Entry]):
    """The entries of one kind by id, in the order they were made.

    Args:
        keeper: the registry.
        table: its name in the store.
        kind: the class of its entries.
        event: fired at each change.
        id_key: under which key the event tells the id.
    """

    tells_changes = False

    def __init__(self, keeper: Keeper, table: str, kind: type[Entry], event: str, id_key: str) -> None:
        self.name = table
        self.kind: type[Any] = kind
        self._keeper = keeper
        self._event = event
        self._id_key = id_key
        self._entries: dict[str, Entry] = {}

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._entries

    def get(self, entry_id: str) -> Entry | None:
        """Return the entry, or None."""
        return self._entries.get(entry_id)

    def add(self, entry: Entry) -> Entry:
        """Keep a new entry, stamp it, store and announce it (action ``create``)."""
        now = self._keeper.clock.now()
        entry = msgspec.structs.replace(entry, created_at=now, modified_at=now)
        self.keep(entry)
        self._keeper.announce(self._event, self._told("create", entry), None, entry)
        return entry

    def update(self, entry_id: str, **changes: Any) -> Entry:
        """Change fields as a person asks, and return the entry; the same values again do nothing.

        A field that holds several takes a list or a set, too.

        Raises:
            UnknownEntry: there is none of that id.
            InvalidEntry: it has no such field, or cannot have that value.
        """
        old, given = self._known(entry_id), self._given(changes)
        self.check(old, {name: value for name, value in given.items() if getattr(old, name) != value})
        return self.revise(entry_id, given)

    def revise(self, entry_id: str, fields: Mapping[str, Any]) -> Entry:
        """As :meth:`update`, with what the house itself says: it is not looked at."""
        old = self._known(entry_id)
        changed = {name: value for name, value in fields.items() if getattr(old, name) != value}
        if not changed:
            return old
        new = msgspec.structs.replace(old, **changed, modified_at=self._keeper.clock.now())
        if self.key(new) != entry_id:
            del self._entries[entry_id]
        self.keep(new)
        data = self._told("update", new)
        if self.tells_changes:
            data["changes"] = {name: getattr(old, name) for name in changed}
        if self.key(new) != entry_id:
            data[f"old_{self._id_key}"] = entry_id
        self._keeper.announce(self._event, data, old, new)
        return new

    def remove(self, entry_id: str) -> None:
        """Forget an entry and announce it (action ``remove``); who refers to it does so no more.

        Raises:
            UnknownEntry: there is none of that id.
        """
        entry = self._known(entry_id)
        self.drop(entry)
        self._keeper.announce(self._event, self._told("remove", entry), entry, None)

    def load(self) -> None:
        """Read the stored entries; one that cannot be read is logged and left out."""
        for row_id, text in self._keeper.store.load(self.name):
            try:
                entry = msgspec.json.decode(text, type=self.kind)
            except msgspec.MsgspecError:
                _log.exception("%s entry %s cannot be read and is left out", self.name, row_id)
                continue
            self._entries[self.key(entry)] = entry

    def key(self, entry: Entry) -> str:
        """Return the id that the entry is known by."""
        return entry.entity_id if isinstance(entry, EntityEntry) else entry.id

    def keep(self, entry: Entry) -> None:
        """Hold and store an entry, without a word to anybody: for who tells them of many at once."""
        self._entries[self.key(entry)] = entry
        self._keeper.store.put(self.name, (entry.id, msgspec.json.encode(entry).decode()))

    def drop(self, entry: Entry) -> None:
        """Forget an entry, without a word to anybody."""
        del self._entries[self.key(entry)]
        self._keeper.store.delete(self.name, entry.id)

    def check(self, old: Entry | None, changed: dict[str, Any]) -> None:
        """Raise InvalidEntry if an entry cannot become that; for subclasses."""

    def _told(self, action: str, entry: Entry) -> dict[str, Any]:
        """Return what the event tells of a change."""
        return {"action": action, self._id_key: self.key(entry)}

    def _given(self, fields: dict[str, Any]) -> dict[str, Any]:
        unknown = [name for name in fields if name not in self.kind.__struct_fields__ or name in _FIXED]
        if unknown:
            known = ", ".join(name for name in self.kind.__struct_fields__ if name not in _FIXED)
            raise InvalidEntry(f"{self.name} have no {', '.join(unknown)} to set; there is {known}")
        return {name: self._typed(name, value) for name, value in fields.items()}

    def _typed(self, name: str, value: Any) -> Any:
        try:
            return msgspec.convert(value, self._types[name])
        except msgspec.ValidationError as error:
            raise InvalidEntry(f"{name} of {self.name}: {_lower(str(error))}") from None

    @cached_property
    def _types(self) -> dict[str, Any]:
        return get_type_hints(self.kind)

    def _known(self, entry_id: str) -> Entry:
        entry = self._entries.get(entry_id)
        if entry is None:
            raise UnknownEntry(f"no entry {entry_id!r} among the {self.name}")
        return entry


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


class DeviceTable(Table[DeviceEntry]):
    """The devices."""

    tells_changes = True


class EntityTable(Table[EntityEntry]):
    """The entities, by entity id."""

    tells_changes = True

    def check(self, old: EntityEntry | None, changed: dict[str, Any]) -> None:
        """A new entity id is free, well formed and of the same domain."""
        entity_id = changed.get("entity_id")
        if entity_id is None or old is None:
            return
        if not isinstance(entity_id, str) or not _ENTITY_ID.fullmatch(entity_id):
            raise InvalidEntry(f"expected an entity id like {old.domain}.hall, got {entity_id!r}")
        if entity_id.partition(".")[0] != old.domain:
            raise InvalidEntry(f"{old.entity_id} cannot become {entity_id}: expected an id that begins {old.domain}.")
        if entity_id in self:
            raise InvalidEntry(f"{old.entity_id} cannot become {entity_id}: there is one of that id")


class NamedTable(Table[Named]):
    """Entries that a person makes and names: areas, floors, labels. No two bear the same name."""

    def create(self, name: str, **fields: Any) -> Named:
        """Make an entry; its id is a slug of ``name``, with ``_2``, ``_3`` … when taken.

        Raises:
            InvalidEntry: the name is empty or taken, or there is no such field.
        """
        given = self._given(fields)
        self.check(None, {"name": name, **given})
        entry: Named = self.kind(id=first_free(slugify(name), self.__contains__), name=name, **given)
        return self.add(entry)

    def named(self, name: str, aliases: Callable[[Named], tuple[str, ...]] | None = None) -> Named | None:
        """Return the entry of that name, case and spaces aside, or None; ``aliases`` tells the other names of one."""
        wanted = folded(name)

        def names(entry: Named) -> tuple[str, ...]:
            return (entry.name, *(aliases(entry) if aliases else ()))

        return next((entry for entry in self._entries.values() if wanted in map(folded, names(entry))), None)

    def check(self, old: Named | None, changed: dict[str, Any]) -> None:
        """A name is there, and nobody else's."""
        if "name" not in changed:
            return
        name = changed["name"]
        if not isinstance(name, str) or not name.strip():
            raise InvalidEntry(f"expected a name, got {name!r}")
        other = self.named(name)
        if other is not None and (old is None or other.id != old.id):
            raise InvalidEntry(f"the name {name} is taken by {other.id} already")


class CategoryTable(Table[CategoryEntry]):
    """The categories. No two of a scope bear the same name."""

    def create(self, scope: str, name: str, icon: str | None = None) -> CategoryEntry:
        """Make a category.

        Raises:
            InvalidEntry: the name is empty, or taken in that scope.
        """
        entry = CategoryEntry(uuid4().hex, scope, name, icon)
        self._check_name(entry)
        return self.add(entry)

    def of(self, scope: str) -> list[CategoryEntry]:
        """Return the categories of a scope."""
        return [entry for entry in self if entry.scope == scope]

    def check(self, old: CategoryEntry | None, changed: dict[str, Any]) -> None:
        """A name is there, and nobody else's; a category stays in its scope."""
        if "scope" in changed:
            raise InvalidEntry("the scope of a category does not change")
        if old is not None and "name" in changed:
            self._check_name(msgspec.structs.replace(old, name=changed["name"]))

    def _check_name(self, entry: CategoryEntry) -> None:
        if not entry.name.strip():
            raise InvalidEntry(f"expected a name, got {entry.name!r}")
        if any(other.id != entry.id and folded(other.name) == folded(entry.name) for other in self.of(entry.scope)):
            raise InvalidEntry(f"the name {entry.name} is taken among the categories of {entry.scope} already")

    def _told(self, action: str, entry: CategoryEntry) -> dict[str, Any]:
        return {**super()._told(action, entry), "scope": entry.scope}
