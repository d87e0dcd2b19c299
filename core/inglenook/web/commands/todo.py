"""Commands about to-do lists: what stands on one, now and whenever the list changes its state."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.entities import TodoList
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_WHICH: Final = {vol.Required("entity_id"): str}


@COMMANDS.command("todo/item/list", Permission.READ, _WHICH)
def list_items(request: Request) -> dict[str, Any]:
    """Return ``items``, each with ``summary``, ``uid``, ``status`` and, where known, ``due`` and ``description``."""
    return _list(request).get_items()


@COMMANDS.command("todo/item/subscribe", Permission.READ, _WHICH)
def subscribe(request: Request) -> None:
    """Send the items of a list, now and at each change of its state."""
    todo = _list(request)

    def tell(*_: object) -> None:
        request.event(todo.get_items())

    request.accept()
    request.subscribe(request.home.states.watch(todo.entity_id, tell))
    tell()


def _list(request: Request) -> TodoList:
    entity_id = request.data["entity_id"]
    found = request.home.entities.get(entity_id)
    if not isinstance(found, TodoList):
        raise CommandError("invalid_entity_id", f"To-do list entity not found: {entity_id!r:.80}")
    return found
