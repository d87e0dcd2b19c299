"""What a change of one entry leads to in others: nothing refers to what is gone, a device takes its entities along."""

from typing import Protocol

from inglenook.registry.entries import AnyEntry, AreaEntry, CategoryEntry, DeviceEntry, FloorEntry, LabelEntry
from inglenook.registry.tables import DeviceTable, EntityTable, NamedTable

BY_DEVICE = "device"  # why an entity is disabled whose device is


class Tables(Protocol):
    """The tables that refer to one another."""

    devices: DeviceTable
    entities: EntityTable
    areas: NamedTable[AreaEntry]


def cascade(tables: Tables, old: AnyEntry | None, new: AnyEntry | None) -> None:
    """Change what refers to an entry that was removed, or changed in a way that matters to others."""
    if isinstance(old, DeviceEntry):
        _from_device(tables, old, new)
    elif new is not None:
        return
    elif isinstance(old, AreaEntry):
        _from_area(tables, old.id)
    elif isinstance(old, FloorEntry):
        _from_floor(tables, old.id)
    elif isinstance(old, LabelEntry):
        _from_label(tables, old.id)
    elif isinstance(old, CategoryEntry):
        _from_category(tables, old)


def _from_device(tables: Tables, old: DeviceEntry, new: AnyEntry | None) -> None:
    if new is None:
        for device in tables.devices:
            if device.via_device_id == old.id:
                tables.devices.update(device.id, via_device_id=None)
        for entity in tables.entities:
            if entity.device_id == old.id:
                tables.entities.update(entity.entity_id, device_id=None)
    elif isinstance(new, DeviceEntry) and bool(old.disabled_by) != bool(new.disabled_by):
        was, now = (None, BY_DEVICE) if new.disabled_by else (BY_DEVICE, None)
        for entity in tables.entities:
            if entity.device_id == new.id and entity.disabled_by == was:
                tables.entities.update(entity.entity_id, disabled_by=now)


def _from_area(tables: Tables, area_id: str) -> None:
    for device in tables.devices:
        if device.area_id == area_id:
            tables.devices.update(device.id, area_id=None)
    for entity in tables.entities:
        if entity.area_id == area_id:
            tables.entities.update(entity.entity_id, area_id=None)


def _from_floor(tables: Tables, floor_id: str) -> None:
    for area in tables.areas:
        if area.floor_id == floor_id:
            tables.areas.update(area.id, floor_id=None)


def _from_category(tables: Tables, old: CategoryEntry) -> None:
    for entity in tables.entities:
        if entity.categories.get(old.scope) == old.id:
            left = {scope: ident for scope, ident in entity.categories.items() if scope != old.scope}
            tables.entities.update(entity.entity_id, categories=left)


def _from_label(tables: Tables, label_id: str) -> None:
    for area in tables.areas:
        if label_id in area.labels:
            tables.areas.update(area.id, labels=_without(area.labels, label_id))
    for device in tables.devices:
        if label_id in device.labels:
            tables.devices.update(device.id, labels=_without(device.labels, label_id))
    for entity in tables.entities:
        if label_id in entity.labels:
            tables.entities.update(entity.entity_id, labels=_without(entity.labels, label_id))


def _without(labels: tuple[str, ...], label_id: str) -> tuple[str, ...]:
    return tuple(label for label in labels if label != label_id)
