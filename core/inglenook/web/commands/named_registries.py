"""Commands about what a person makes and names: areas, floors, labels, categories."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.registry import CategoryEntry, Registry
from inglenook.web import entries
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import color, optional_text, texts
from inglenook.web.commands.order import areas_in_order, floors_in_order

COMMANDS: Final = Commands()

_AREA: Final = {
    "aliases": texts,
    "floor_id": optional_text,
    "humidity_entity_id": optional_text,
    "icon": optional_text,
    "labels": texts,
    "picture": optional_text,
    "temperature_entity_id": optional_text,
}
_FLOOR: Final = {"aliases": texts, "icon": optional_text, "level": vol.Any(None, int)}
_LABEL: Final = {"color": color, "description": optional_text, "icon": optional_text}
_NAME: Final = {vol.Required("name"): str}

# -- areas --------------------------------------------------------------------------------------------------------


@COMMANDS.command("config/area_registry/list", Permission.READ)
def list_areas(request: Request) -> list[dict[str, Any]]:
    """Return every area, in the order that a person chose."""
    return [entries.area(entry) for entry in areas_in_order(request)]


@COMMANDS.command("config/area_registry/create", Permission.ADMIN, {**_NAME, **_AREA})
def create_area(request: Request) -> dict[str, Any]:
    """Make an area."""
    with _told():
        return entries.area(request.home.registry.areas.create(**_of_area(request)))


@COMMANDS.command("config/area_registry/update", Permission.ADMIN, {vol.Required("area_id"): str, "name": str, **_AREA})
def update_area(request: Request) -> dict[str, Any]:
    """Change an area."""
    changes = _of_area(request)
    with _told():
        return entries.area(request.home.registry.areas.update(changes.pop("area_id"), **changes))


@COMMANDS.command("config/area_registry/delete", Permission.ADMIN, {vol.Required("area_id"): str})
def delete_area(request: Request) -> str:
    """Remove an area; what was in it is in none then."""
    with _told():
        request.home.registry.areas.remove(request.data["area_id"])
    return "success"


def _of_area(request: Request) -> dict[str, Any]:
    given, registry = _sorted(request.data), request.home.registry
    floor_id = given.get("floor_id")
    if floor_id is not None and floor_id not in registry.floors:
        raise CommandError("invalid_info", f"there is no floor {floor_id}")
    return given


# -- floors -------------------------------------------------------------------------------------------------------


@COMMANDS.command("config/floor_registry/list", Permission.READ)
def list_floors(request: Request) -> list[dict[str, Any]]:
    """Return every floor, in the order that a person chose."""
    return [entries.floor(entry) for entry in floors_in_order(request)]


@COMMANDS.command("config/floor_registry/create", Permission.ADMIN, {**_NAME, **_FLOOR})
def create_floor(request: Request) -> dict[str, Any]:
    """Make a floor."""
    with _told():
        return entries.floor(request.home.registry.floors.create(**_sorted(request.data)))


@COMMANDS.command(
    "config/floor_registry/update", Permission.ADMIN, {vol.Required("floor_id"): str, "name": str, **_FLOOR}
)
def update_floor(request: Request) -> dict[str, Any]:
    """Change a floor."""
    changes = _sorted(request.data)
    with _told():
        return entries.floor(request.home.registry.floors.update(changes.pop("floor_id"), **changes))


@COMMANDS.command("config/floor_registry/delete", Permission.ADMIN, {vol.Required("floor_id"): str})
def delete_floor(request: Request) -> None:
    """Remove a floor; its areas are on none then."""
    with _told():
        request.home.registry.floors.remove(request.data["floor_id"])


# -- labels -------------------------------------------------------------------------------------------------------


@COMMANDS.command("config/label_registry/list", Permission.READ)
def list_labels(request: Request) -> list[dict[str, Any]]:
    """Return every label."""
    return [entries.label(entry) for entry in request.home.registry.labels]


@COMMANDS.command("config/label_registry/create", Permission.ADMIN, {**_NAME, **_LABEL})
def create_label(request: Request) -> dict[str, Any]:
    """Make a label."""
    with _told():
        return entries.label(request.home.registry.labels.create(**request.data))


@COMMANDS.command(
    "config/label_registry/update", Permission.ADMIN, {vol.Required("label_id"): str, "name": str, **_LABEL}
)
def update_label(request: Request) -> dict[str, Any]:
    """Change a label."""
    changes = dict(request.data)
    with _told():
        return entries.label(request.home.registry.labels.update(changes.pop("label_id"), **changes))


@COMMANDS.command("config/label_registry/delete", Permission.ADMIN, {vol.Required("label_id"): str})
def delete_label(request: Request) -> None:
    """Remove a label, wherever it is."""
    with _told():
        request.home.registry.labels.remove(request.data["label_id"])


# -- categories ---------------------------------------------------------------------------------------------------

_SCOPE: Final = {vol.Required("scope"): vol.All(str, vol.Length(min=1, max=64))}
_ONE: Final = {**_SCOPE, vol.Required("category_id"): str}


@COMMANDS.command("config/category_registry/list", Permission.READ, _SCOPE)
def list_categories(request: Request) -> list[dict[str, Any]]:
    """Return the categories of a scope."""
    return [entries.category(entry) for entry in request.home.registry.categories.of(request.data["scope"])]


@COMMANDS.command("config/category_registry/create", Permission.ADMIN, {**_SCOPE, **_NAME, "icon": optional_text})
def create_category(request: Request) -> dict[str, Any]:
    """Make a category."""
    with _told():
        return entries.category(request.home.registry.categories.create(**request.data))


@COMMANDS.command("config/category_registry/update", Permission.ADMIN, {**_ONE, "name": str, "icon": optional_text})
def update_category(request: Request) -> dict[str, Any]:
    """Change a category."""
    registry, changes = request.home.registry, dict(request.data)
    with _told():
        known = _category(registry, changes.pop("scope"), changes.pop("category_id"))
        return entries.category(registry.categories.update(known.id, **changes))


@COMMANDS.command("config/category_registry/delete", Permission.ADMIN, _ONE)
def delete_category(request: Request) -> None:
    """Remove a category; what was in it is in none then."""
    registry = request.home.registry
    with _told():
        registry.categories.remove(_category(registry, **request.data).id)


def _category(registry: Registry, scope: str, category_id: str) -> CategoryEntry:
    found = registry.categories.get(category_id)
    if found is None or found.scope != scope:
        raise UnknownEntry(f"no entry {category_id!r} among the categories of {scope}")
    return found


# -- all ----------------------------------------------------------------------------------------------------------


@contextmanager
def _told() -> Iterator[None]:
    """Tell clients what is wrong under the code that they know for it."""
    try:
        yield
    except (InvalidEntry, UnknownEntry) as error:
        raise CommandError("invalid_info", str(error)) from error


def _sorted(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came, with labels and aliases in an order of their own, each once."""
    return {name: sorted(set(value)) if name in ("labels", "aliases") else value for name, value in data.items()}
