"""Commands about what people wrote: the configuration behind an automation or a script."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.encoding import jsonable

COMMANDS: Final = Commands()
_ENTITY: Final = {vol.Required("entity_id"): str}


@COMMANDS.command("automation/config", Permission.ADMIN, _ENTITY)
def automation_config(request: Request) -> dict[str, Any]:
    """Return an automation as it was written."""
    return _config(request, "automation")


@COMMANDS.command("script/config", Permission.ADMIN, _ENTITY)
def script_config(request: Request) -> dict[str, Any]:
    """Return a script as it was written."""
    return _config(request, "script")


def _config(request: Request, domain: str) -> dict[str, Any]:
    entity_id, engine = request.data["entity_id"], request.house.engine
    for entity in engine:
        if entity.domain == domain and entity.entity_id == entity_id:
            return {"config": jsonable(entity.rule.as_written)}
    raise CommandError("not_found", "Entity not found")
