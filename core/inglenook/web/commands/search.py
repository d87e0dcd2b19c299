"""The command that finds what is related to something."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request
from inglenook.web.related import TYPES, Related

COMMANDS: Final = Commands()


@COMMANDS.command(
    "search/related", Permission.READ, {vol.Required("item_type"): vol.In(TYPES), vol.Required("item_id"): str}
)
def related(request: Request) -> dict[str, Any]:
    """Return what is related to something, by type."""
    return Related(request.home, request.house.engine).to(**request.data)
