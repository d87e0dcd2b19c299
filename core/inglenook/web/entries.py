"""What clients are told of the entries of the registries and of integrations, in the shapes of the wire."""

from typing import Any, Final

from inglenook.config.storage import StoredHelper
from inglenook.registry import AreaEntry, CategoryEntry, DeviceEntry, EntityEntry, FloorEntry, LabelEntry

ENTITY_CATEGORIES: Final = {0: "config", 1: "diagnostic"}
_NUMBERS: Final = {name: number for number, name in ENTITY_CATEGORIES.items()}


def entity(entry: EntityEntry) -> dict[str, Any]:
    """Return an entity as lists show it."""
    return {
        "area_id": entry.area_id,
        "categories": entry.categories,
        "config_entry_id": None,
        "config_subentry_id": None,
        "created_at": entry.created_at,
        "device_id": entry.device_id,
        "disabled_by": entry.disabled_by,
        "entity_category": entry.entity_category,
        "entity_id": entry.entity_id,
        "has_entity_name": False,
        "hidden_by": entry.hidden_by,
        "icon": entry.icon,
        "id": entry.id,
        "labels": entry.labels,
        "modified_at": entry.modified_at,
        "name": entry.name,
        "next_name_part": None,
        "options": entry.options,
        "original_name": entry.original_name,
        "platform": entry.platform,
        "translation_key": entry.translation_key,
        "unique_id": entry.unique_id,
    }


def whole_entity(entry: EntityEntry) -> dict[str, Any]:
    """Return an entity with all that is known of it."""
    return {
        **entity(entry),
        "aliases": entry.aliases,
        "capabilities": entry.capabilities or None,
        "device_class": entry.device_class,
        "original_device_class": entry.original_device_class,
        "original_icon": entry.original_icon,
    }


def entity_in_short(entry: EntityEntry) -> dict[str, Any]:
    """Return what is needed to show an entity, under keys of two letters; what is not there is left out."""
    short: dict[str, Any] = {
        "ei": entry.entity_id,
        "pl": entry.platform,
        "lb": entry.labels,
        "ai": entry.area_id,
        "di": entry.device_id,
        "ic": entry.icon,
        "tk": entry.translation_key,
        "ec": _NUMBERS.get(entry.entity_category or ""),
        "hb": True if entry.hidden_by else None,
        "en": entry.name or entry.original_name,
        "dp": _digits(entry),
    }
    return {key: value for key, value in short.items() if value is not None}


def device(entry: DeviceEntry) -> dict[str, Any]:
    """Return a device."""
    return {
        "area_id": entry.area_id,
        "configuration_url": entry.configuration_url,
        "config_entries": [],
        "config_entries_subentries": {},
        "config_entry_id": None,
        "config_subentry_id": None,
        "connections": entry.connections,
        "created_at": entry.created_at,
        "disabled_by": entry.disabled_by,
        "entry_type": entry.entry_type,
        "hw_version": entry.hw_version,
        "id": entry.id,
        "identifiers": entry.identifiers,
        "labels": entry.labels,
        "manufacturer": entry.manufacturer,
        "model": entry.model,
        "model_id": entry.model_id,
        "modified_at": entry.modified_at,
        "name": entry.name,
        "name_by_user": entry.name_by_user,
        "next_name_part": None,
        "parent_device_id": None,
        "primary_config_entry": None,
        "serial_number": entry.serial_number,
        "sw_version": entry.sw_version,
        "via_device_id": entry.via_device_id,
    }


def area(entry: AreaEntry) -> dict[str, Any]:
    """Return an area."""
    return {
        "aliases": entry.aliases,
        "area_id": entry.id,
        "created_at": entry.created_at,
        "floor_id": entry.floor_id,
        "humidity_entity_id": entry.humidity_entity_id,
        "icon": entry.icon,
        "labels": entry.labels,
        "modified_at": entry.modified_at,
        "name": entry.name,
        "picture": entry.picture,
        "temperature_entity_id": entry.temperature_entity_id,
    }


def floor(entry: FloorEntry) -> dict[str, Any]:
    """Return a floor."""
    return {
        "aliases": entry.aliases,
        "created_at": entry.created_at,
        "floor_id": entry.id,
        "icon": entry.icon,
        "level": entry.level,
        "modified_at": entry.modified_at,
        "name": entry.name,
    }


def label(entry: LabelEntry) -> dict[str, Any]:
    """Return a label."""
    return {
        "color": entry.color,
        "created_at": entry.created_at,
        "description": entry.description,
        "icon": entry.icon,
        "label_id": entry.id,
        "modified_at": entry.modified_at,
        "name": entry.name,
    }


def category(entry: CategoryEntry) -> dict[str, Any]:
    """Return a category."""
    return {
        "category_id": entry.id,
        "created_at": entry.created_at,
        "icon": entry.icon,
        "modified_at": entry.modified_at,
        "name": entry.name,
    }


def config_entry(helper: StoredHelper) -> dict[str, Any]:
    """Return a helper that was set up as an integration."""
    return {
        "created_at": 0.0,
        "disabled_by": None,
        "domain": helper.kind,
        "entry_id": helper.entry_id,
        "error_reason_translation_domain": None,
        "error_reason_translation_key": None,
        "error_reason_translation_placeholders": None,
        "modified_at": 0.0,
        "num_subentries": 0,
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "reason": None,
        "source": "user",
        "state": "loaded",
        "supported_subentry_types": {},
        "supports_options": False,
        "supports_reconfigure": False,
        "supports_remove_device": False,
        "supports_unload": False,
        "title": helper.name,
    }


def _digits(entry: EntityEntry) -> int | None:
    """Return how many digits of a sensor's number are shown, if anybody has said so."""
    options = entry.options.get("sensor")
    if not isinstance(options, dict):
        return None
    chosen = options.get("display_precision")
    found = chosen if chosen is not None else options.get("suggested_display_precision")
    return found if isinstance(found, int) else None
