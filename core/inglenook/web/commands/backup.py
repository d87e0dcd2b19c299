"""Commands about backups. The home makes none itself: they say so in the words of clients."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_NEVER: Final = {
    "last_attempted_automatic_backup": None,
    "last_completed_automatic_backup": None,
    "next_automatic_backup": None,
    "next_automatic_backup_additional": False,
}


@COMMANDS.command("backup/info", Permission.ADMIN)
def info(request: Request) -> dict[str, Any]:
    """Return the backups, of which there are none."""
    del request
    return {
        "agent_errors": {},
        "agent_error_translations": {},
        "backups": [],
        "last_action_event": None,
        "state": "idle",
        **_NEVER,
    }


@COMMANDS.command("backup/agents/info", Permission.ADMIN)
def agents(request: Request) -> dict[str, list[Any]]:
    """Return the places where backups could be kept, of which there are none."""
    del request
    return {"agents": []}


@COMMANDS.command("backup/config/info", Permission.ADMIN)
def config(request: Request) -> dict[str, Any]:
    """Return when backups are made by themselves: never."""
    del request
    return {
        "config": {
            "agents": {},
            "automatic_backups_configured": True,  # nobody is asked to set up what is not there
            "create_backup": {
                "agent_ids": [], "include_addons": None, "include_all_addons": False, "include_database": False,
                "include_folders": None, "name": None, "password": None,
            },
            "retention": {"copies": None, "days": None},
            "schedule": {"days": [], "recurrence": "never", "time": None},
            **_NEVER,
        }
    }  # fmt: skip


def _refuse(request: Request) -> None:
    del request
    raise CommandError(
        "not_supported", "The home makes no backups itself: keep copies of its configuration and of its data folder."
    )


for _kind in ("backup/config/update", "backup/generate", "backup/generate_with_automatic_settings"):
    COMMANDS.take(_kind, Permission.ADMIN, _refuse, vol.Schema({}, extra=vol.ALLOW_EXTRA))


@COMMANDS.command("backup/subscribe_events", Permission.ADMIN)
def subscribe(request: Request) -> None:
    """Send that no backup is being made; that does not change."""
    request.accept()
    request.subscribe()
    request.event({"manager_state": "idle"})
