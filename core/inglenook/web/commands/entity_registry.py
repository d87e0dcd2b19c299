"""Commands about the entries of entities: list them, rename them, move, hide, disable and remove them."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.config.device_classes import class_fault
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.registry import EntityEntry, Registry, slugify
from inglenook.registry.registry import BY_USER
from inglenook.web import entries
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import optional_text, texts

COMMANDS: Final = Commands()
ASSISTANTS: Final = ("conversation", "cloud.alexa", "cloud.google_assistant")
_PREFIX: Final = "config/entity_registry"
_PLAIN: Final = ("area_id", "device_class", "disabled_by", "hidden_by", "icon", "labels", "name")
_BY_USER: Final = vol.Any(None, vol.In((BY_USER,), f"expected null or {BY_USER}"))


@COMMANDS.command(f"{_PREFIX}/list", Permission.READ)
def list_entities(request: Request) -> list[dict[str, Any]]:
    """Return every entry."""
    return [entries.entity(entry) for entry in request.home.registry.entities]


@COMMANDS.command(f"{_PREFIX}/list_for_display", Permission.READ)
def list_for_display(request: Request) -> dict[str, Any]:
    """Return what is needed to show the entities that are not disabled."""
    shown = (entry for entry in request.home.registry.entities if not entry.disabled_by)
    return {
        "entity_categories": entries.ENTITY_CATEGORIES,
        "entities": [entries.entity_in_short(entry) for entry in shown],
    }


@COMMANDS.command(f"{_PREFIX}/get", Permission.READ, {vol.Required("entity_id"): str})
def get_entity(request: Request) -> dict[str, Any]:
    """Return an entry; it may be named by the id that never changes."""
    return entries.whole_entity(_known(request.home.registry, request.data["entity_id"]))


@COMMANDS.command(f"{_PREFIX}/get_entries", Permission.READ, {vol.Required("entity_ids"): texts})
def get_entities(request: Request) -> dict[str, dict[str, Any] | None]:
    """Return several entries by entity id; null for one that there is not."""
    found = {entity_id: request.home.registry.entities.get(entity_id) for entity_id in request.data["entity_ids"]}
    return {entity_id: entries.whole_entity(entry) if entry else None for entity_id, entry in found.items()}


@COMMANDS.command(f"{_PREFIX}/settings/get", Permission.READ)
def get_settings(request: Request) -> dict[str, Any]:
    """Return of what the ids of new entities are made: the names of their device and their own."""
    del request
    return {"entity_id_parts": ["device", "entity"]}


@COMMANDS.command(f"{_PREFIX}/settings/update", Permission.ADMIN, {"entity_id_parts": vol.Any(None, texts)})
def update_settings(request: Request) -> None:
    """Refuse to make ids of anything else."""
    raise CommandError("not_supported", "The ids of new entities are made of the names of their device and their own.")


@COMMANDS.command("slugify", Permission.READ, {vol.Required("text"): str})
def slug(request: Request) -> dict[str, str]:
    """Return what an id makes of a text."""
    return {"slug": slugify(request.data["text"])}


@COMMANDS.command(f"{_PREFIX}/get_automatic_entity_ids", Permission.ADMIN, {vol.Required("entity_ids"): texts})
def get_automatic_entity_ids(request: Request) -> dict[str, str | None]:
    """Return which entity ids entities would have by their names; null for one that there is not."""
    home = request.home

    def automatic(entry: EntityEntry) -> str:
        def is_other(entity_id: str) -> bool:
            return entity_id != entry.entity_id and (entity_id in home.states or entity_id in home.registry.entities)

        name = entry.name or entry.original_name or f"{entry.platform}_{entry.unique_id}"
        return home.registry.entity_id_for(entry.domain, name, is_other)

    found = {entity_id: home.registry.entities.get(entity_id) for entity_id in request.data["entity_ids"]}
    return {entity_id: automatic(entry) if entry else None for entity_id, entry in found.items()}


@COMMANDS.command(
    f"{_PREFIX}/update",
    Permission.ADMIN,
    {
        vol.Required("entity_id"): str,
        "aliases": [vol.Any(None, str)],
        "area_id": optional_text,
        "categories": {str: optional_text},
        "device_class": optional_text,
        "disabled_by": _BY_USER,
        "hidden_by": _BY_USER,
        "icon": optional_text,
        "labels": texts,
        "name": optional_text,
        "new_entity_id": str,
        "options_domain": str,
        "options": vol.Any(None, {str: object}),
    },
)
def update_entity(request: Request) -> dict[str, Any]:
    """Change an entry; the entity shows it at once."""
    home, data = request.home, request.data
    if ("options" in data) != ("options_domain" in data):
        raise CommandError("invalid_format", "expected options together with options_domain, or neither")
    entry = _known(home.registry, data["entity_id"])
    new_id = data.get("new_entity_id", entry.entity_id)
    if new_id != entry.entity_id and new_id in home.states:
        raise CommandError("invalid_info", f"{entry.entity_id} cannot become {new_id}: there is one of that id")
    _check_references(home.registry, entry, data)
    if data.get("device_class") and (fault := class_fault(entry.domain, data["device_class"])):
        raise CommandError("invalid_info", fault)
    try:
        changed = home.registry.entities.update(entry.entity_id, entity_id=new_id, **_changes(entry, data))
    except InvalidEntry as error:
        raise CommandError("invalid_info", str(error)) from error
    return {"entity_entry": entries.whole_entity(changed)}


@COMMANDS.command(f"{_PREFIX}/remove", Permission.ADMIN, {vol.Required("entity_id"): str})
def remove_entity(request: Request) -> None:
    """Forget an entry, and with it its entity."""
    registry = request.home.registry
    registry.entities.remove(_known(registry, request.data["entity_id"]).entity_id)


@COMMANDS.command("homeassistant/expose_entity/list", Permission.ADMIN)
def list_exposed(request: Request) -> dict[str, Any]:
    """Return to which assistants entities are shown."""
    found = {entry.entity_id: _assistants(entry) for entry in request.home.registry.entities}
    return {"exposed_entities": {entity_id: assistants for entity_id, assistants in found.items() if assistants}}


@COMMANDS.command(
    "homeassistant/expose_entity",
    Permission.ADMIN,
    {
        vol.Required("assistants"): [vol.In(ASSISTANTS)],
        vol.Required("entity_ids"): texts,
        vol.Required("should_expose"): bool,
    },
)
def expose_entity(request: Request) -> None:
    """Show entities to assistants, or do not."""
    registry, data = request.home.registry, request.data
    for entry in [_known(registry, entity_id) for entity_id in data["entity_ids"]]:
        options = dict(entry.options)
        for assistant in data["assistants"]:
            options[assistant] = {**(options.get(assistant) or {}), "should_expose": data["should_expose"]}
        registry.entities.update(entry.entity_id, options=options)


def _assistants(entry: EntityEntry) -> dict[str, bool]:
    asked = {assistant: entry.options.get(assistant) for assistant in ASSISTANTS}
    return {name: True for name, options in asked.items() if isinstance(options, dict) and options.get("should_expose")}


def _known(registry: Registry, entity_id_or_hex: str) -> EntityEntry:
    entry = registry.entities.get(registry.entity_id(entity_id_or_hex) or "")
    if entry is None:
        raise UnknownEntry("Entity not found")
    return entry


def _check_references(registry: Registry, entry: EntityEntry, data: Any) -> None:
    """An entity does not go to an area that there is not, nor is it enabled while its device is disabled."""
    area_id = data.get("area_id")
    if area_id is not None and area_id != entry.area_id and area_id not in registry.areas:
        raise CommandError("invalid_info", f"there is no area {area_id}")
    if entry.disabled_by and "disabled_by" in data and data["disabled_by"] is None and entry.device_id:
        device = registry.devices.get(entry.device_id)
        if device is not None and device.disabled_by:
            raise CommandError("invalid_info", "Device is disabled")


def _changes(entry: EntityEntry, data: Any) -> dict[str, Any]:
    """Return the fields of an entry that a command changes."""
    changes = {name: data[name] for name in _PLAIN if name in data}
    if "labels" in changes:
        changes["labels"] = sorted(set(changes["labels"]))
    if "aliases" in data:  # null stands for the entity's name, which it is known by in any case
        changes["aliases"] = [alias for alias in data["aliases"] if alias]
    if "categories" in data:
        merged = {**entry.categories, **data["categories"]}
        changes["categories"] = {scope: ident for scope, ident in merged.items() if ident is not None}
    if "options_domain" in data:
        options = {**entry.options, data["options_domain"]: data["options"]}
        changes["options"] = {domain: given for domain, given in options.items() if given is not None}
    return changes
