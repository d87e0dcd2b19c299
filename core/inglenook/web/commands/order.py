"""In which order a person wants areas and floors listed."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.registry import AreaEntry, FloorEntry
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import texts

COMMANDS: Final = Commands()
_AREAS: Final = "order.areas"
_FLOORS: Final = "order.floors"
_Entry = TypeVar("_Entry", AreaEntry, FloorEntry)


@COMMANDS.command("config/area_registry/reorder", Permission.ADMIN, {vol.Required("area_ids"): texts})
async def reorder_areas(request: Request) -> None:
    """List areas in another order."""
    await _keep(request, _AREAS, request.data["area_ids"], request.home.registry.areas)
    request.home.bus.fire("area_registry_updated", {"action": "reorder", "area_id": None}, request.context())


@COMMANDS.command("config/floor_registry/reorder", Permission.ADMIN, {vol.Required("floor_ids"): texts})
async def reorder_floors(request: Request) -> None:
    """List floors in another order."""
    await _keep(request, _FLOORS, request.data["floor_ids"], request.home.registry.floors)
    request.home.bus.fire("floor_registry_updated", {"action": "reorder", "floor_id": None}, request.context())


def areas_in_order(request: Request) -> list[AreaEntry]:
    """Return every area, those that nobody has put anywhere last."""
    return _sorted(request, _AREAS, request.home.registry.areas)


def floors_in_order(request: Request) -> list[FloorEntry]:
    """Return every floor, likewise."""
    return _sorted(request, _FLOORS, request.home.registry.floors)


def _sorted(request: Request, key: str, entries: Iterable[_Entry]) -> list[_Entry]:
    kept: Sequence[str] = request.house.frontend.memory.get(key, ())
    places = {entry_id: place for place, entry_id in enumerate(kept)}
    return sorted(entries, key=lambda entry: places.get(entry.id, len(places)))


async def _keep(request: Request, key: str, wanted: list[str], entries: Iterable[Any]) -> None:
    known = {entry.id for entry in entries}
    if len(wanted) != len(set(wanted)) or set(wanted) != known:
        raise CommandError("invalid_format", "Each entry has to be named once, and no other")
    request.house.frontend.memory.set(key, wanted)
    await request.home.store.flush()
