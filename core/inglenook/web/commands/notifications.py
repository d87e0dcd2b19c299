"""Commands about the messages of the home that nobody has dismissed."""

from typing import Any, Final

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request

COMMANDS: Final = Commands()


@COMMANDS.command("persistent_notification/get", Permission.READ)
def notifications(request: Request) -> list[dict[str, Any]]:
    """Return the messages that nobody has dismissed."""
    return list(request.house.frontend.notices.all().values())


@COMMANDS.command("persistent_notification/subscribe", Permission.READ)
def subscribe_notifications(request: Request) -> None:
    """Send the messages that are there, and each change of one."""
    notices = request.house.frontend.notices
    request.accept()
    request.event({"type": "current", "notifications": notices.all()})
    request.subscribe(notices.listen(lambda kind, changed: request.event({"type": kind, "notifications": changed})))
