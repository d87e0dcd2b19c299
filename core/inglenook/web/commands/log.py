"""Commands about what was logged."""

from typing import Any, Final

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request

COMMANDS: Final = Commands()


@COMMANDS.command("system_log/list", Permission.ADMIN)
def entries(request: Request) -> list[dict[str, Any]]:
    """Return the last warnings and errors, the newest first."""
    return request.house.diagnostics.log.entries()
