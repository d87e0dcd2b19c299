"""Commands about what a person should mend: problems of the configuration."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request

COMMANDS: Final = Commands()


@COMMANDS.command("repairs/list_issues", Permission.READ)
def issues(request: Request) -> dict[str, Any]:
    """Return what is wrong or seldom meant in the configuration: to admins, for it quotes what stands there."""
    return {"issues": request.house.frontend.issues.all() if request.user.is_admin else []}


@COMMANDS.command(
    "repairs/ignore_issue",
    Permission.ADMIN,
    {vol.Required("domain"): str, vol.Required("issue_id"): str, vol.Required("ignore"): bool},
)
async def ignore_issue(request: Request) -> None:
    """Show an issue no more, or again."""
    request.house.frontend.issues.ignore(request.data["issue_id"], is_ignored=request.data["ignore"])
    await request.home.store.flush()
