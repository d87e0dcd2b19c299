"""Registry: all tables of a home, what one change leads to in another, and the lookups that cross them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from secrets import token_hex
from typing import Any, Final

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.model import Target
from inglenook.registry.cascade import cascade
from inglenook.registry.entries import (
    AnyEntry,
    AreaEntry,
    CategoryEntry,
    DeviceEntry,
    EntityEntry,
    FloorEntry,
    LabelEntry,
)
from inglenook.registry.naming import first_free, slugify
from inglenook.registry.tables import CategoryTable, DeviceTable, EntityTable, NamedTable, Table
from inglenook.store import Store

BY_USER: Final = "user"  # why an entity is disabled that a person disabled

_log = logging.getLogger(__name__)

Watcher = Callable[[AnyEntry | None, AnyEntry | None], object]


class Registry:
    """All registries of a home, and the lookups that cross them.

    ``version`` rises with every change, so that what was looked up may be kept until it differs.

    Attributes:
        vacant_platforms: integrations that the entries of a former home name and nothing here brings. A new entity that
            asks for the id of one of their entities takes its place: name, area and labels stay.
    """

    def __init__(self, bus: EventBus, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.version = 0
        self.vacant_platforms: frozenset[str] = frozenset()
        self._bus = bus
        self._watchers: list[Watcher] = []
        self._targets: dict[tuple[Target, bool], tuple[str, ...]] = {}
        self._by_unique_id: dict[tuple[str, str, str], str] = {}
        self._by_hex_id: dict[str, str] = {}
        self._by_identifier: dict[tuple[str, str], str] = {}
        self.devices = DeviceTable(self, "devices", DeviceEntry, "device_registry_updated", "device_id")
        self.entities = EntityTable(self, "entities", EntityEntry, "entity_registry_updated", "entity_id")
        self.areas = NamedTable(self, "areas", AreaEntry, "area_registry_updated", "area_id")
        self.floors = NamedTable(self, "floors", FloorEntry, "floor_registry_updated", "floor_id")
        self.labels = NamedTable(self, "labels", LabelEntry, "label_registry_updated", "label_id")
        self.categories = CategoryTable(self, "categories", CategoryEntry, "category_registry_updated", "category_id")

    def load(self) -> None:
        """Read everything from the store. Called once, at the start."""
        tables: tuple[Table[Any], ...] = (
            self.devices, self.entities, self.areas, self.floors, self.labels, self.categories,
        )  # fmt: skip
        for table in tables:
            table.load()
        self.index()

    def index(self) -> None:
        """Look at all entries anew. Called by who changed many at once, without a word to anybody."""
        self.version += 1
        self._targets.clear()
        self._by_unique_id = {(e.domain, e.platform, e.unique_id): e.entity_id for e in self.entities}
        self._by_hex_id = {e.id: e.entity_id for e in self.entities}
        self._by_identifier = {identifier: d.id for d in self.devices for identifier in d.identifiers}

    def watch(self, watcher: Watcher) -> None:
        """Call ``watcher`` with the old and the new entry at each change, before the event tells of it.

        One of the two is None for an entry that is new, or that is gone.
        """
        self._watchers.append(watcher)

    def announce(
        self, event_type: str, data: dict[str, Any], old: AnyEntry | None = None, new: AnyEntry | None = None
    ) -> None:
        """Note that something changed, tell who watches, and fire ``event_type``. For the tables."""
        self.version += 1
        self._targets.clear()
        self._forget(old)
        self._learn(new)
        for watcher in self._watchers:
            try:
                watcher(old, new)
            except Exception:  # noqa: BLE001 - an entity's own code may run here; the change stands all the same
                _log.exception("%s: %r failed", event_type, watcher)
        self._bus.fire(event_type, data)
        cascade(self, old, new)

    # -- make -----------------------------------------------------------------------------------------------------

    def ensure_device(self, platform: str, identifier: str, **fields: Any) -> DeviceEntry:
        """Return the device that ``platform`` knows as ``identifier``, made or updated with ``fields``."""
        known = self.device_of(platform, identifier)
        if known is None:
            entry = DeviceEntry(token_hex(16), ((platform, identifier),), **fields)
            return self.devices.add(entry)
        fields.pop("area_id", None)  # a suggestion: a person's choice stays
        return self.devices.revise(known.id, fields)

    def device_of(self, platform: str, identifier: str) -> DeviceEntry | None:
        """Return the device that ``platform`` knows as ``identifier``, or None."""
        device_id = self._by_identifier.get((platform, identifier))
        return self.devices.get(device_id) if device_id else None

    def ensure_entity(
        self,
        domain: str,
        platform: str,
        unique_id: str,
        *,
        suggested_object_id: str,
        is_taken: Callable[[str], bool] = lambda _: False,
        **fields: Any,
    ) -> EntityEntry:
        """Return the entity of that unique id, made or updated with ``fields``.

        At first sight its entity id is ``domain.<slug of suggested_object_id>``, with ``_2``, ``_3`` … when taken; from
        then on it stays until a person renames it. ``is_taken`` may know of more ids than the registry. An id of
        ``vacant_platforms`` is not taken: its entry becomes this entity's, and stays with its device.
        """
        known = self._by_unique_id.get((domain, platform, unique_id))
        if known is not None:
            fields.pop("area_id", None)
            return self.entities.revise(known, self._settled(known, platform, fields))
        vacant = self.vacant_platforms and self.entities.get(f"{domain}.{slugify(suggested_object_id)}")
        if vacant and vacant.platform in self.vacant_platforms:
            taken = {"platform": platform, "unique_id": unique_id, **self._settled(vacant.entity_id, platform, fields)}
            if vacant.disabled_by != BY_USER:  # the old platform's reason is not the new one's
                taken["disabled_by"] = None
            return self.entities.revise(vacant.entity_id, taken)
        entity_id = self.free_entity_id(domain, suggested_object_id, is_taken)
        return self.entities.add(EntityEntry(entity_id, token_hex(16), unique_id, platform, **fields))

    def free_entity_id(self, domain: str, name: str, taken: Callable[[str], bool] = lambda _: False) -> str:
        """Return ``domain.<slug of name>`` with the first free ``_2``, ``_3`` …; ``taken`` may know of more ids."""
        return self.entity_id_for(domain, name, lambda one: one in self.entities or taken(one))

    def entity_id_for(self, domain: str, name: str, taken: Callable[[str], bool]) -> str:
        """Return ``domain.<slug of name>`` with the first ``_2``, ``_3`` … that is not ``taken``."""
        return first_free(f"{domain}.{slugify(name)}", taken)

    def ensure_area(self, name: str) -> AreaEntry:
        """Return the area of that name (case and spaces aside), made if there is none."""
        return self.area_named(name) or self.areas.create(name)

    # -- look up --------------------------------------------------------------------------------------------------

    def area_named(self, name: str) -> AreaEntry | None:
        """Return the area of that name or alias, case and spaces aside, or None."""
        return self.areas.named(name, lambda area: area.aliases)

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
            found = dict.fromkeys((*target.entity_id, *self._indirect(target, with_diagnostics=with_diagnostics)))
            known = self._targets[target, with_diagnostics] = tuple(found)
        return known

    def areas_of(self, target: Target) -> set[str]:
        """Return the ids of the areas that ``target`` names, itself or by their floors and labels."""
        floors, labels = set(target.floor_id), set(target.label_id)
        return set(target.area_id) | {
            area.id for area in self.areas if area.floor_id in floors or labels.intersection(area.labels)
        }

    def devices_of(self, target: Target) -> set[str]:
        """Return the ids of the devices that ``target`` names, itself or by their areas and labels."""
        labels, areas = set(target.label_id), self.areas_of(target)
        return set(target.device_id) | {
            device.id for device in self.devices if device.area_id in areas or labels.intersection(device.labels)
        }

    def unknown_references(self, target: Target) -> list[str]:
        """Return what ``target`` names that no registry holds, like ``area attic``; entities are not looked at."""
        tables: Sequence[tuple[str, Iterable[str], Any]] = (
            ("device", target.device_id, self.devices),
            ("area", target.area_id, self.areas),
            ("floor", target.floor_id, self.floors),
            ("label", target.label_id, self.labels),
        )
        return [f"{kind} {entry_id}" for kind, ids, table in tables for entry_id in ids if entry_id not in table]

    def _settled(self, entity_id: str, platform: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Return ``fields`` without a device for an entity that lives with the device of another platform."""
        entry = self.entities.get(entity_id)
        device = self.devices.get(entry.device_id) if entry is not None and entry.device_id else None
        if device is None or any(of == platform for of, _ in device.identifiers):
            return fields
        return {name: value for name, value in fields.items() if name != "device_id"}

    def _indirect(self, target: Target, *, with_diagnostics: bool) -> Iterator[str]:
        """Yield the entities that ``target`` means by an area, a device, a floor or a label."""
        labels, areas = set(target.label_id), self.areas_of(target)
        devices = self.devices_of(target)
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

    def _forget(self, old: AnyEntry | None) -> None:
        """Take an entry out of the indexes; one by one, so that ten thousand of them cost no square."""
        if isinstance(old, EntityEntry):
            self._by_unique_id.pop((old.domain, old.platform, old.unique_id), None)
            self._by_hex_id.pop(old.id, None)
        elif isinstance(old, DeviceEntry):
            for identifier in old.identifiers:
                self._by_identifier.pop(identifier, None)

    def _learn(self, new: AnyEntry | None) -> None:
        if isinstance(new, EntityEntry):
            self._by_unique_id[new.domain, new.platform, new.unique_id] = new.entity_id
            self._by_hex_id[new.id] = new.entity_id
        elif isinstance(new, DeviceEntry):
            self._by_identifier.update(dict.fromkeys(new.identifiers, new.id))
