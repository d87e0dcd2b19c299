"""Merge: take in what another home's registries hold, now and at each start, and never undo what was changed here.

The store remembers each entry as it was last seen there. So three versions of a field are known: as it was, as it is
there now, as it is here. What changed there and not here comes in; what changed here stays, whatever became of it.
An entry that is new there comes in; one that is gone there goes, unless somebody changed it here or a platform of ours
has taken it; one that was removed here does not come back.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from inglenook.registry.cascade import cascade
from inglenook.registry.entries import AnyEntry, EntityEntry
from inglenook.registry.registry import Registry
from inglenook.registry.tables import Table

_log = logging.getLogger(__name__)

_SEEN: Final = "imported"  # the table of the store
_TIMES: Final = frozenset({"created_at", "modified_at"})
_SAID_BY_PLATFORMS: Final = frozenset({
    "capabilities", "device_id", "entity_category", "original_device_class", "original_icon", "original_name",
    "supported_features", "translation_key",
})  # fmt: skip


def merge(registry: Registry, found: Mapping[str, Mapping[str, AnyEntry]]) -> int:
    """Take in the entries of another home and return how many were made, changed or removed; no event tells of it.

    Called once at the start, after the registry was loaded.

    Args:
        registry: ours.
        found: what each table holds there, by the id that never changes. A table that is missing could not be read, and
            stays as it is.
    """
    seen: dict[str, dict[str, str]] = {}
    for key, text in registry.store.load(_SEEN):
        table, _, entry_id = key.partition("/")
        seen.setdefault(table, {})[entry_id] = text
    tables: tuple[Table[Any], ...] = (
        registry.floors, registry.labels, registry.categories, registry.areas, registry.devices, registry.entities,
    )  # fmt: skip
    gone: list[AnyEntry] = []
    changes = sum(
        _Merging(registry, table, seen.get(table.name, {}), gone).run(found[table.name])
        for table in tables
        if table.name in found
    )
    registry.index()
    for entry in gone:  # what was made here may refer to it
        cascade(registry, entry, None)
    return changes


class _Merging:
    """The merge of one table; ``seen`` is what was there the last time, as JSON, and ``gone`` takes what is dropped."""

    def __init__(self, registry: Registry, table: Table[Any], seen: Mapping[str, str], gone: list[AnyEntry]) -> None:
        self._gone = gone
        self._registry = registry
        self._table = table
        self._seen = seen
        self._here: dict[str, AnyEntry] = {entry.id: entry for entry in table}

    def run(self, found: Mapping[str, AnyEntry]) -> int:
        changes = sum(self._take(theirs) for theirs in found.values())
        return changes + sum(self._forget(entry_id) for entry_id in self._seen if entry_id not in found)

    def _take(self, theirs: AnyEntry) -> bool:
        text = msgspec.json.encode(theirs).decode()
        before = self._seen.get(theirs.id)
        if text == before:
            return False
        self._registry.store.put(_SEEN, (f"{self._table.name}/{theirs.id}", text))
        was = self._decoded(before)
        ours = self._here.get(theirs.id)
        if was is not None:
            return ours is not None and self._put(ours, _merged(was, theirs, ours))
        ours = ours or self._partner(theirs)
        return self._put(ours, theirs if ours is None else _joined(ours, theirs))

    def _forget(self, entry_id: str) -> bool:
        self._registry.store.delete(_SEEN, f"{self._table.name}/{entry_id}")
        was, ours = self._decoded(self._seen[entry_id]), self._here.get(entry_id)
        if was is None or ours is None or _changes(was, ours).keys() - _SAID_BY_PLATFORMS:
            return False
        self._table.drop(ours)
        self._gone.append(ours)
        return True

    def _put(self, old: AnyEntry | None, new: AnyEntry) -> bool:
        """Keep ``new`` in place of ``old``. Another entry here may bear its entity id: that one keeps it."""
        table = self._table
        holder = table.get(table.key(new))
        if holder is not None and (old is None or holder.id != old.id):
            if old is None or not isinstance(new, EntityEntry):
                _log.info("%s %s is another one here, and stays as it is", table.name, table.key(new))
                return False
            new = msgspec.structs.replace(new, entity_id=table.key(old))
        if new == old:
            return False
        if old is not None and (old.id, table.key(old)) != (new.id, table.key(new)):
            table.drop(old)
        table.keep(new)
        return True

    def _partner(self, theirs: AnyEntry) -> AnyEntry | None:
        """Return the entry here that is about the same entity, if it was made here."""
        if not isinstance(theirs, EntityEntry):
            return None
        return self._registry.entity_of(theirs.domain, theirs.platform, theirs.unique_id)

    def _decoded(self, text: str | None) -> AnyEntry | None:
        if text is None:
            return None
        try:
            entry: AnyEntry = msgspec.json.decode(text, type=self._table.kind)
        except msgspec.MsgspecError:
            return None  # of an older version; it counts as new
        return entry


def _merged(was: AnyEntry, theirs: AnyEntry, ours: AnyEntry) -> AnyEntry:
    """Return ours with what changed there and not here."""
    fresh = {name: value for name, value in _changes(was, theirs).items() if getattr(ours, name) == getattr(was, name)}
    return msgspec.structs.replace(ours, **fresh)


def _joined(ours: AnyEntry, theirs: AnyEntry) -> AnyEntry:
    """Return ours under the ids that theirs has, which rules know it by, with what ours leaves open."""
    defaults = dict(zip(reversed(ours.__struct_fields__), reversed(ours.__struct_defaults__), strict=False))
    empty = {name for name, value in defaults.items() if getattr(ours, name) == _default(value)}
    taken = {
        name: getattr(theirs, name) for name in ("id", "entity_id", *sorted(empty - _TIMES)) if hasattr(theirs, name)
    }
    return msgspec.structs.replace(ours, **taken)


def _default(value: Any) -> Any:
    """Return a default as it is shown: msgspec keeps an empty mapping as what makes one."""
    factory = getattr(value, "factory", None)
    return factory() if callable(factory) else value


def _changes(old: AnyEntry, new: AnyEntry) -> dict[str, Any]:
    """Return the fields of ``new`` that differ, times aside."""
    names = [name for name in old.__struct_fields__ if name not in _TIMES]
    return {name: getattr(new, name) for name in names if getattr(old, name) != getattr(new, name)}
