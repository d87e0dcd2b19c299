"""Commands that list, make, change and remove helpers, zones and persons that stand in no file that people write."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import CommandError, Commands, Request, Run
from inglenook.web.persons import KIND as PERSON
from inglenook.web.stores import ItemStore

COMMANDS: Final = Commands()
_KINDS: Final = (
    "counter", "input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text",
    "schedule", "timer", "zone",
)  # fmt: skip


def _list_of(kind: str) -> Run:
    def run(request: Request) -> list[dict[str, Any]]:
        return list(request.house.stores.made(kind))

    return run


def _create(kind: str) -> Run:
    async def run(request: Request) -> dict[str, Any]:
        settings = _said(request.data)
        _check_options(settings)
        if kind == PERSON:
            request.house.persons.check(settings)
        return await _items(request).create(kind, settings)

    return run


def _update(kind: str) -> Run:
    async def run(request: Request) -> dict[str, Any]:
        settings = dict(request.data)
        item_id = settings.pop(f"{kind}_id")
        _check_options(settings)
        if kind == PERSON:
            request.house.persons.check(settings, item_id)
        return await _items(request).update(kind, item_id, settings)

    return run


def _delete(kind: str) -> Run:
    async def run(request: Request) -> None:
        await _items(request).delete(kind, request.data[f"{kind}_id"])

    return run


def item_commands(kinds: Iterable[str]) -> Commands:
    """Return the commands about items of sections, by the keys of these."""
    found = Commands()
    for kind in kinds:
        known = {vol.Required(f"{kind}_id"): str}
        found.command(f"{kind}/list", Permission.READ)(_list_of(kind))
        found.take(f"{kind}/create", Permission.ADMIN, _create(kind), vol.Schema({}, extra=vol.ALLOW_EXTRA))
        found.take(f"{kind}/update", Permission.ADMIN, _update(kind), vol.Schema(known, extra=vol.ALLOW_EXTRA))
        found.command(f"{kind}/delete", Permission.ADMIN, known)(_delete(kind))
    return found


COMMANDS.update(item_commands((*_KINDS, PERSON)))


@COMMANDS.command("person/list", Permission.READ)
def list_persons(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return the persons that were made in the interface, and those that stand in the configuration."""
    persons = request.house.persons
    return {"storage": persons.stored(), "config": persons.written()}


def _items(request: Request) -> ItemStore:
    if request.house.stores.items is None:
        raise CommandError("not_supported", "This home has no plugins, so it keeps no such items.")
    return request.house.stores.items


def _check_options(settings: Mapping[str, Any]) -> None:
    """Refuse options of which one stands there twice, before they are kept."""
    options = settings.get("options")
    if isinstance(options, list) and len(set(map(str, options))) != len(options):
        raise CommandError("invalid_format", f"expected options that differ, got {', '.join(map(str, options))}")


def _said(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said: None says nothing."""
    return {key: value for key, value in settings.items() if value is not None}
