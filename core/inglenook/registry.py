"""The registries: names, places and ids that outlive a restart - devices, entities, areas, floors, labels.

A state says what an entity is now; an entry says that it exists, what it is called and where it is. Entries are
immutable; ``update`` replaces one. Every change is stored and announced (``entity_registry_updated`` …).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar
from uuid import uuid4

import msgspec
from msgspec import Struct
from slugify import slugify as _slugify

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.errors import UnknownEntry
from inglenook.model import Target
from inglenook.store import Store

_log = logging.getLogger(__name__)


class DeviceEntry(Struct, frozen=True):
    """A physical or virtual thing. ``identifiers``: pairs (integration, id there) that recognise it again."""

    id: str
    identifiers: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    name_by_user: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    sw_version: str | None = None
    hw_version: str | None = None
    serial_number: str | None = None
    area_id: str | None = None
    labels: tuple[str, ...] = ()
    via_device_id: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


class EntityEntry(Struct, frozen=True):
    """An entity that is known by a ``unique_id`` of its ``platform``, so that a person may rename it.

    ``id`` is 32 hex digits and never changes; ``name`` and ``icon`` are a person's, ``original_*`` the platform's.
    """

    entity_id: str
    id: str
    unique_id: str
    platform: str
    device_id: str | None = None
    area_id: str | None = None
    labels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    name: str | None = None
    icon: str | None = None
    original_name: str | None = None
    original_icon: str | None = None
    original_device_class: str | None = None
    device_class: str | None = None
    unit_of_measurement: str | None = None
    entity_category: str | None = None
    hidden_by: str | None = None
    disabled_by: str | None = None
    supported_features: int = 0
    capabilities: dict[str, Any] = {}
    created_at: float = 0.0
    modified_at: float = 0.0

    @property
    def domain(self) -> str:
        """The part of the entity id before the dot."""
        return self.entity_id.partition(".")[0]


class AreaEntry(Struct, frozen=True):
    """A room or place. ``id`` is a slug of its first name."""

    id: str
    name: str
    floor_id: str | None = None
    aliases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


class FloorEntry(Struct, frozen=True):
    """A floor; ``level`` 0 is the ground floor."""

    id: str
    name: str
    level: int | None = None
    aliases: tuple[str, ...] = ()
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


class LabelEntry(Struct, frozen=True):
    """A mark that a person puts on entities, devices and areas."""

    id: str
    name: str
    color: str | None = None
    icon: str | None = None
    description: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


Entry = TypeVar("Entry", DeviceEntry, EntityEntry, AreaEntry, FloorEntry, LabelEntry)


class Table(Generic[Entry]):
    """The entries of one kind by id, in the order they were made."""

    def __init__(self, registry: "Registry", table: str, kind: type[Entry], event: str, id_key: str) -> None:
        self._registry = registry
        self._table = table
        self._kind: type[Any] = kind
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
        now = self._registry.clock.now()
        entry = msgspec.structs.replace(entry, created_at=now, modified_at=now)
        self._keep(entry)
        self._registry.announce(self._event, {"action": "create", self._id_key: self._key(entry)})
        return entry

    def update(self, entry_id: str, **changes: Any) -> Entry:
        """Replace fields of an entry and return it; the same values again do nothing.

        Raises:
            UnknownEntry: there is none of that id.
        """
        old = self._known(entry_id)
        changed = {name: value for name, value in changes.items() if getattr(old, name) != value}
        if not changed:
            return old
        new = msgspec.structs.replace(old, **changed, modified_at=self._registry.clock.now())
        if self._key(new) != entry_id:
            del self._entries[entry_id]
        self._keep(new)
        was = {name: getattr(old, name) for name in changed}
        data: dict[str, Any] = {"action": "update", self._id_key: self._key(new), "changes": was}
        if self._key(new) != entry_id:
            data[f"old_{self._id_key}"] = entry_id
        self._registry.announce(self._event, data)
        return new

    def remove(self, entry_id: str) -> None:
        """Forget an entry and announce it (action ``remove``).

        Raises:
            UnknownEntry: there is none of that id.
        """
        entry = self._known(entry_id)
        del self._entries[entry_id]
        self._registry.store.delete(self._table, entry.id)
        self._registry.announce(self._event, {"action": "remove", self._id_key: entry_id})

    def load(self) -> None:
        """Read the stored entries; one that cannot be read is logged and left out."""
        for row_id, text in self._registry.store.load(self._table):
            try:
                entry = msgspec.json.decode(text, type=self._kind)
            except msgspec.MsgspecError:
                _log.exception("%s entry %s cannot be read and is left out", self._table, row_id)
                continue
            self._entries[self._key(entry)] = entry

    def _key(self, entry: Entry) -> str:
        return entry.entity_id if isinstance(entry, EntityEntry) else entry.id

    def _known(self, entry_id: str) -> Entry:
        entry = self._entries.get(entry_id)
        if entry is None:
            raise UnknownEntry(f"no entry {entry_id!r} among the {self._table}")
        return entry

    def _keep(self, entry: Entry) -> None:
        self._entries[self._key(entry)] = entry
        self._registry.store.put(self._table, (entry.id, msgspec.json.encode(entry).decode()))


class Registry:
    """All registries of a home, and the lookups that cross them.

    ``version`` rises with every change, so that what was looked up may be kept until it differs.
    """

    def __init__(self, bus: EventBus, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.version = 0
        self._bus = bus
        self._targets: dict[tuple[Target, bool], tuple[str, ...]] = {}
        self._by_unique_id: dict[tuple[str, str, str], str] = {}
        self._by_hex_id: dict[str, str] = {}
        self._by_identifier: dict[tuple[str, str], str] = {}
        self.devices = Table(self, "devices", DeviceEntry, "device_registry_updated", "device_id")
        self.entities = Table(self, "entities", EntityEntry, "entity_registry_updated", "entity_id")
        self.areas = Table(self, "areas", AreaEntry, "area_registry_updated", "area_id")
        self.floors = Table(self, "floors", FloorEntry, "floor_registry_updated", "floor_id")
        self.labels = Table(self, "labels", LabelEntry, "label_registry_updated", "label_id")

    def load(self) -> None:
        """Read everything from the store. Called once, at the start."""
        for table in (self.devices, self.entities, self.areas, self.floors, self.labels):
            table.load()
        self._index()

    def announce(self, event_type: str, data: dict[str, Any]) -> None:
        """Note that something changed, and fire ``event_type``. For the tables."""
        self.version += 1
        self._targets.clear()
        self._follow(event_type, data)
        self._bus.fire(event_type, data)

    # -- make -----------------------------------------------------------------------------------------------------

    def ensure_device(self, platform: str, identifier: str, **fields: Any) -> DeviceEntry:
        """Return the device that ``platform`` knows as ``identifier``, made or updated with ``fields``."""
        known = self.device_of(platform, identifier)
        if known is None:
            entry = DeviceEntry(uuid4().hex, ((platform, identifier),), **fields)
            return self.devices.add(entry)
        fields.pop("area_id", None)  # a suggestion: a person's choice stays
        return self.devices.update(known.id, **fields)

    def device_of(self, platform: str, identifier: str) -> DeviceEntry | None:
        """Return the device that ``platform`` knows as ``identifier``, or None."""
        device_id = self._by_identifier.get((platform, identifier))
        return self.devices.get(device_id) if device_id else None

    def ensure_entity(
        self, domain: str, platform: str, unique_id: str, *, suggested_object_id: str, **fields: Any
    ) -> EntityEntry:
        """Return the entity of that unique id, made or updated with ``fields``.

        At first sight its entity id is ``domain.<slug of suggested_object_id>``, with ``_2``, ``_3`` … when taken; from
        then on it stays until a person renames it.
        """
        known = self._by_unique_id.get((domain, platform, unique_id))
        if known is not None:
            fields.pop("area_id", None)
            return self.entities.update(known, **fields)
        entity_id = self.free_entity_id(domain, suggested_object_id)
        return self.entities.add(EntityEntry(entity_id, uuid4().hex, unique_id, platform, **fields))

    def free_entity_id(self, domain: str, name: str, taken: Callable[[str], bool] = lambda _: False) -> str:
        """Return ``domain.<slug of name>`` with the first free ``_2``, ``_3`` …; ``taken`` may know of more ids."""
        return _first_free(f"{domain}.{slugify(name)}", lambda one: one in self.entities or taken(one))

    def ensure_area(self, name: str) -> AreaEntry:
        """Return the area of that name (case and spaces aside), made if there is none."""
        known = self.area_named(name)
        return known or self.areas.add(AreaEntry(_first_free(slugify(name), self.areas.__contains__), name))

    def add_floor(self, name: str, level: int | None = None) -> FloorEntry:
        """Make a floor; its id is a slug of ``name``."""
        return self.floors.add(FloorEntry(_first_free(slugify(name), self.floors.__contains__), name, level))

    def add_label(self, name: str) -> LabelEntry:
        """Make a label; its id is a slug of ``name``."""
        return self.labels.add(LabelEntry(_first_free(slugify(name), self.labels.__contains__), name))

    # -- look up --------------------------------------------------------------------------------------------------

    def area_named(self, name: str) -> AreaEntry | None:
        """Return the area of that name or alias, case and spaces aside, or None."""
        wanted = _folded(name)
        return next(
            (area for area in self.areas if wanted in map(_folded, (area.name, *area.aliases))),
            None,
        )

    def entity_of(self, domain: str, platform: str, unique_id: str) -> EntityEntry | None:
        """Return the entity of that unique id, or None."""
        entity_id = self._by_unique_id.get((domain, platform, unique_id))
        return self.entities.get(entity_id) if entity_id else None

    def entity_id(self, entity_id_or_hex: str) -> str | None:
        """Return the entity id for an entity id (as it is) or an entry's 32-digit id (None if unknown)."""
        if "." in entity_id_or_hex:
            return entity_id_or_hex
        return self._by_hex_id.get(entity_id_or_hex)

    def area_of(self, entry: EntityEntry) -> str | None:
        """Return the entity's own area, or that of its device."""
        if entry.area_id or not entry.device_id:
            return entry.area_id
        device = self.devices.get(entry.device_id)
        return device.area_id if device else None

    def resolve(self, target: Target, *, with_diagnostics: bool = False) -> tuple[str, ...]:
        """Return the entity ids that ``target`` reaches: those named, then those of its devices, areas, floors, labels.

        What is found indirectly leaves out hidden entities, and without ``with_diagnostics`` also those with an entity
        category. Unknown ids reach nothing.
        """
        if target.is_direct:
            return target.entity_id
        known = self._targets.get((target, with_diagnostics))
        if known is None:
            found = dict.fromkeys((*target.entity_id, *self._indirect(target, with_diagnostics)))
            known = self._targets[target, with_diagnostics] = tuple(found)
        return known

    def unknown_references(self, target: Target) -> list[str]:
        """Return what ``target`` names that no registry holds, like ``area attic``; entities are not looked at."""
        tables: Sequence[tuple[str, Iterable[str], Any]] = (
            ("device", target.device_id, self.devices),
            ("area", target.area_id, self.areas),
            ("floor", target.floor_id, self.floors),
            ("label", target.label_id, self.labels),
        )
        return [f"{kind} {entry_id}" for kind, ids, table in tables for entry_id in ids if entry_id not in table]

    def _indirect(self, target: Target, with_diagnostics: bool) -> Iterator[str]:
        floors, labels = set(target.floor_id), set(target.label_id)
        areas = set(target.area_id) | {
            area.id for area in self.areas if area.floor_id in floors or labels.intersection(area.labels)
        }
        devices = set(target.device_id) | {
            device.id for device in self.devices if device.area_id in areas or labels.intersection(device.labels)
        }
        for entry in self.entities:
            if entry.hidden_by or entry.disabled_by or (entry.entity_category and not with_diagnostics):
                continue
            if (
                entry.area_id in areas
                or labels.intersection(entry.labels)
                or (entry.device_id in target.device_id)
                or (entry.device_id in devices and entry.area_id is None)
            ):
                yield entry.entity_id

    def _index(self) -> None:
        self._by_unique_id = {(e.domain, e.platform, e.unique_id): e.entity_id for e in self.entities}
        self._by_hex_id = {e.id: e.entity_id for e in self.entities}
        self._by_identifier = {identifier: d.id for d in self.devices for identifier in d.identifiers}

    def _follow(self, event_type: str, data: dict[str, Any]) -> None:
        """Bring the indexes up to date: at once for a new entry, so that ten thousand of them cost no square."""
        if event_type not in ("entity_registry_updated", "device_registry_updated"):
            return
        if data["action"] != "create":
            self._index()
        elif event_type == "entity_registry_updated":
            entry = self.entities.get(data["entity_id"])
            assert entry is not None
            self._by_unique_id[entry.domain, entry.platform, entry.unique_id] = entry.entity_id
            self._by_hex_id[entry.id] = entry.entity_id
        else:
            device = self.devices.get(data["device_id"])
            assert device is not None
            self._by_identifier.update(dict.fromkeys(device.identifiers, device.id))


def slugify(text: str, separator: str = "_") -> str:
    """Return ``text`` as ``a-z0-9_``, transliterated: all else is one separator, and ``unknown`` if nothing is left."""
    if not text:
        return ""
    return _slugify(text, separator=separator) or "unknown"


def _first_free(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return ``name``, or ``name`` with the first of ``_2``, ``_3`` … that is not taken."""
    free, number = name, 2
    while is_taken(free):
        free, number = f"{name}_{number}", number + 1
    return free


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "")
