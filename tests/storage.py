"""A made-up ``.storage`` folder, in the shapes that Home Assistant wrote in 2026."""

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

STAMP = "2026-01-05T10:00:00.000000+00:00"


def hex_id(platform: str, unique_id: str) -> str:
    """Return the id of the entity's entry."""
    return uuid5(NAMESPACE_OID, f"{platform} {unique_id}").hex


def keep(folder: Path, file: str, data: Any, *, version: int = 1, minor_version: int = 1) -> Path:
    """Write one file, indented as Home Assistant does."""
    (folder / ".storage").mkdir(exist_ok=True)
    path = folder / ".storage" / file
    document = {"version": version, "minor_version": minor_version, "key": file, "data": data}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


def keep_items(folder: Path, kind: str, *items: dict[str, Any], version: int = 1) -> Path:
    """Write the helpers of one kind."""
    return keep(folder, kind, {"items": list(items)}, version=version)


def keep_areas(folder: Path, *areas: dict[str, Any]) -> Path:
    return keep(folder, "core.area_registry", {"areas": list(areas)}, minor_version=9)


def keep_floors(folder: Path, *floors: dict[str, Any]) -> Path:
    return keep(folder, "core.floor_registry", {"floors": list(floors)}, minor_version=2)


def keep_labels(folder: Path, *labels: dict[str, Any]) -> Path:
    return keep(folder, "core.label_registry", {"labels": list(labels)}, minor_version=2)


def keep_categories(folder: Path, **scopes: list[Any]) -> Path:
    return keep(folder, "core.category_registry", {"categories": scopes}, minor_version=2)


def keep_devices(folder: Path, *devices: dict[str, Any]) -> Path:
    data = {"devices": list(devices), "deleted_devices": []}
    return keep(folder, "core.device_registry", data, minor_version=12)


def keep_entities(folder: Path, *entities: dict[str, Any]) -> Path:
    data = {"entities": list(entities), "deleted_entities": []}
    return keep(folder, "core.entity_registry", data, minor_version=19)


def keep_entries(folder: Path, *entries: dict[str, Any]) -> Path:
    return keep(folder, "core.config_entries", {"entries": list(entries)}, minor_version=5)


def area(area_id: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "aliases": [], "floor_id": None, "humidity_entity_id": None, "icon": None, "id": area_id, "labels": [],
        "name": name, "picture": None, "temperature_entity_id": None, "created_at": STAMP, "modified_at": STAMP,
        **fields,
    }  # fmt: skip


def floor(floor_id: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "aliases": [], "floor_id": floor_id, "icon": None, "level": None, "name": name, "created_at": STAMP,
        "modified_at": STAMP, **fields,
    }  # fmt: skip


def label(label_id: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "color": None, "description": None, "icon": None, "label_id": label_id, "name": name, "created_at": STAMP,
        "modified_at": STAMP, **fields,
    }  # fmt: skip


def device(device_id: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "area_id": None, "config_entries": [], "config_entries_subentries": {}, "configuration_url": None,
        "connections": [["mac", "00:11:22:33:44:55"]], "created_at": STAMP, "disabled_by": None, "entry_type": None,
        "hw_version": None, "id": device_id, "identifiers": [["hue", device_id]], "labels": [],
        "manufacturer": "Signify", "model": "Bulb", "model_id": None, "modified_at": STAMP, "name_by_user": None,
        "name": name, "primary_config_entry": None, "serial_number": None, "sw_version": "1.0", "via_device_id": None,
        **fields,
    }  # fmt: skip


def keep_states(folder: Path, *states: dict[str, Any]) -> Path:
    """Write what entities last were."""
    return keep(
        folder, "core.restore_state", [{"state": one, "extra_data": None, "last_seen": STAMP} for one in states]
    )


def state(entity_id: str, text: str, **attributes: Any) -> dict[str, Any]:
    return {
        "entity_id": entity_id, "state": text, "attributes": attributes, "last_changed": STAMP, "last_reported": STAMP,
        "last_updated": STAMP, "context": {"id": "01K0000000000000000000000A", "parent_id": None, "user_id": None},
    }  # fmt: skip


def entity(entity_id: str, platform: str, unique_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "aliases": [], "area_id": None, "categories": {}, "capabilities": None, "config_entry_id": None,
        "config_subentry_id": None, "created_at": STAMP, "device_class": None, "device_id": None, "disabled_by": None,
        "entity_category": None, "entity_id": entity_id, "hidden_by": None, "icon": None,
        "id": hex_id(platform, unique_id), "has_entity_name": False, "labels": [],
        "modified_at": STAMP, "name": None, "object_id_base": None, "options": {}, "original_device_class": None,
        "original_icon": None, "original_name": None, "platform": platform, "previous_unique_id": None,
        "suggested_object_id": None, "supported_features": 0, "translation_key": None, "unique_id": unique_id,
        "unit_of_measurement": None, **fields,
    }  # fmt: skip


OBSERVATION = {
    "data": {
        "name": "Lamp", "platform": "state", "entity_id": "light.a", "to_state": "on", "prob_given_true": 0.8,
        "prob_given_false": 0.2,
    },
    "subentry_id": "s1", "subentry_type": "observation", "title": "Lamp", "unique_id": None,
}  # fmt: skip


def entry(entry_id: str, domain: str, title: str, **fields: Any) -> dict[str, Any]:
    """An integration that was set up; of a helper ``options`` says all."""
    return {
        "created_at": STAMP, "data": {}, "disabled_by": None, "discovery_keys": {}, "domain": domain,
        "entry_id": entry_id, "minor_version": 1, "modified_at": STAMP, "options": {},
        "pref_disable_new_entities": False, "pref_disable_polling": False, "source": "user", "subentries": [],
        "title": title, "unique_id": None, "version": 1, **fields,
    }  # fmt: skip
