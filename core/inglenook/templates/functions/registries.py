"""Functions of the registries: areas, floors, labels, devices, integrations."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from inglenook.errors import TemplateError
from inglenook.registry import DeviceEntry, FloorEntry, LabelEntry, Registry
from inglenook.templates.library import Library
from inglenook.templates.view import View

_CONFIG_ENTRY_ATTRIBUTES: Final = ("domain", "title", "state", "source", "disabled_by", "pref_disable_polling")


def offer(library: Library, view: View) -> None:
    """Offer the functions of this module."""
    lookups = Lookups(view.home.registry)
    reading = {
        "area_id": lookups.area_id,
        "area_name": lookups.area_name,
        "floor_id": lookups.floor_id,
        "floor_name": lookups.floor_name,
        "label_id": lookups.label_id,
        "label_name": lookups.label_name,
        "device_id": lookups.device_id,
        "device_name": lookups.device_name,
        "device_attr": lookups.device_attr,
    }
    library.offer_all(reading, "gf", "home")
    listing = {
        "area_entities": lookups.area_entities,
        "area_devices": lookups.area_devices,
        "floor_areas": lookups.floor_areas,
        "floor_entities": lookups.floor_entities,
        "labels": lookups.labels,
        "label_description": lookups.label_description,
        "label_areas": lookups.label_areas,
        "label_devices": lookups.label_devices,
        "label_entities": lookups.label_entities,
        "device_entities": lookups.device_entities,
        "integration_entities": lookups.integration_entities,
        "config_entry_id": lambda _entity_id: None,  # there are no config entries here
        "config_entry_attr": config_entry_attr,
    }
    library.offer_all(listing, "gf", "live")
    library.offer("is_device_attr", lambda it, name, value: lookups.device_attr(it, name) == value, "gt", "home")
    library.offer("areas", lambda: [area.id for area in view.home.registry.areas], "g", "live")
    library.offer("floors", lambda: [floor.id for floor in view.home.registry.floors], "g", "live")
    library.offer("issues", dict, "g")
    library.offer("issue", lambda _domain, _id: None, "g")


def config_entry_attr(entry_id: Any, name: Any) -> None:
    """Return none: there are no config entries here.

    Raises:
        TemplateError: ``entry_id`` is no text, or config entries have no such attribute elsewhere, either.
    """
    if not isinstance(entry_id, str):
        raise TemplateError(f"config_entry_attr: expected the id of a config entry, got {entry_id!r}")
    if name not in _CONFIG_ENTRY_ATTRIBUTES:
        known = ", ".join(_CONFIG_ENTRY_ATTRIBUTES)
        raise TemplateError(f"config_entry_attr: config entries have no {name!r} (expected one of {known})")


class Lookups:
    """What the dialect's functions find in the registries by id, name or alias."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    # -- areas ----------------------------------------------------------------------------------------------------

    def area_id(self, what: Any) -> str | None:
        """Return the area of a name, alias, entity or device."""
        named = self._registry.area_named(str(what))
        return named.id if named else self._area_of(str(what))

    def area_name(self, what: Any) -> str | None:
        """Return the name of an area, or of that of an entity or device."""
        area = self._registry.areas.get(str(what)) or self._registry.areas.get(self._area_of(str(what)) or "")
        return area.name if area else None

    def area_entities(self, what: str) -> list[str]:
        """Return the entities in an area: its own, then those of its devices."""
        area_id = self._area(what)
        entries = list(self._registry.entities)
        own = [entry.entity_id for entry in entries if area_id is not None and entry.area_id == area_id]
        devices = set(self.area_devices(what))
        return own + [e.entity_id for e in entries if e.area_id is None and e.device_id in devices]

    def area_devices(self, what: str) -> list[str]:
        """Return the devices in an area."""
        area_id = self._area(what)
        return [device.id for device in self._registry.devices if area_id is not None and device.area_id == area_id]

    # -- floors ---------------------------------------------------------------------------------------------------

    def floor_id(self, what: Any) -> str | None:
        """Return the floor of a name, alias, area, entity or device."""
        named = _named(self._registry.floors, str(what))
        if named is not None:
            return named.id
        area = self._registry.areas.get(str(what)) or self._registry.areas.get(self.area_id(what) or "")
        return area.floor_id if area else None

    def floor_name(self, what: Any) -> str | None:
        """Return the name of a floor, or of that of an area, entity or device."""
        floor = self._registry.floors.get(str(what)) or self._registry.floors.get(self.floor_id(what) or "")
        return floor.name if floor else None

    def floor_areas(self, what: str) -> list[str]:
        """Return the areas on a floor."""
        floor = self._registry.floors.get(str(what)) or _named(self._registry.floors, str(what))
        return [area.id for area in self._registry.areas if floor is not None and area.floor_id == floor.id]

    def floor_entities(self, what: str) -> list[str]:
        """Return the entities on a floor."""
        return [entity_id for area_id in self.floor_areas(what) for entity_id in self.area_entities(area_id)]

    # -- labels ---------------------------------------------------------------------------------------------------

    def labels(self, what: Any = None) -> list[str]:
        """Return every label, or those of an entity, device or area."""
        if what is None:
            return [label.id for label in self._registry.labels]
        registry, name = self._registry, str(what)
        entry = registry.entities.get(name) or registry.devices.get(name) or registry.areas.get(self._area(name) or "")
        return list(entry.labels) if entry else []

    def label_id(self, name: Any) -> str | None:
        """Return the label of a name."""
        label = self._registry.labels.get(str(name)) or _named(self._registry.labels, str(name))
        return label.id if label else None

    def label_name(self, label_id: str) -> str | None:
        """Return the name of a label."""
        label = self._registry.labels.get(str(label_id))
        return label.name if label else None

    def label_description(self, label_id: str) -> str | None:
        """Return the description of a label."""
        label = self._registry.labels.get(str(label_id))
        return label.description if label else None

    def label_areas(self, what: str) -> list[str]:
        """Return the areas with a label."""
        return [area.id for area in self._labelled(self._registry.areas, what)]

    def label_devices(self, what: str) -> list[str]:
        """Return the devices with a label."""
        return [device.id for device in self._labelled(self._registry.devices, what)]

    def label_entities(self, what: str) -> list[str]:
        """Return the entities with a label."""
        return [entry.entity_id for entry in self._labelled(self._registry.entities, what)]

    # -- devices --------------------------------------------------------------------------------------------------

    def device_id(self, what: Any) -> str | None:
        """Return the device of an entity, or of that name."""
        entry = self._registry.entities.get(str(what))
        if entry is not None:
            return entry.device_id
        return next((d.id for d in self._registry.devices if what in (d.name_by_user, d.name)), None)

    def device_name(self, what: Any) -> str | None:
        """Return the name of a device, or of that of an entity."""
        device = self._device(what)
        return (device.name_by_user or device.name) if device else None

    def device_attr(self, what: Any, name: str) -> Any:
        """Return an attribute of a device, or of that of an entity; none for an unknown device or attribute.

        Raises:
            TemplateError: ``what`` is no text.
        """
        if not isinstance(what, str):
            raise TemplateError(f"device_attr: expected the id of a device or entity, got {what!r}")
        device = self._device(what)
        if device is None or name not in DeviceEntry.__struct_fields__:
            return None
        value = getattr(device, name)
        return set(value) if name in ("identifiers", "labels") else value

    def device_entities(self, device_id: str) -> list[str]:
        """Return the entities of a device."""
        return [e.entity_id for e in self._registry.entities if e.device_id is not None and e.device_id == device_id]

    def integration_entities(self, integration: str) -> list[str]:
        """Return the entities that come from an integration."""
        return [entry.entity_id for entry in self._registry.entities if entry.platform == integration]

    # -- one lookup -----------------------------------------------------------------------------------------------

    def _area(self, what: str) -> str | None:
        if what in self._registry.areas:
            return what
        named = self._registry.area_named(str(what))
        return named.id if named else None

    def _area_of(self, what: str) -> str | None:
        entry = self._registry.entities.get(what)
        if entry is not None:
            return self._registry.area_of(entry)
        device = self._registry.devices.get(what)
        return device.area_id if device else None

    def _device(self, what: Any) -> DeviceEntry | None:
        entry = self._registry.entities.get(str(what))
        return self._registry.devices.get((entry.device_id or "") if entry else str(what))

    def _labelled(self, entries: Iterable[Any], what: str) -> Iterator[Any]:
        label_id = self.label_id(what)
        return (entry for entry in entries if label_id is not None and label_id in entry.labels)


def _named(entries: Iterable[FloorEntry | LabelEntry], name: str) -> FloorEntry | LabelEntry | None:
    wanted = name.casefold().replace(" ", "")
    for entry in entries:
        names = (entry.name, *(entry.aliases if isinstance(entry, FloorEntry) else ()))
        if any(wanted == known.casefold().replace(" ", "") for known in names):
            return entry
    return None
