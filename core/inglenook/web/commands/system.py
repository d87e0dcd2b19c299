"""Commands about the system: the state of the home, what was logged, and what a client asks that has no answer here."""

import secrets
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.model import EVENT_STARTED, EVENT_STOP
from inglenook.web.commands.command import Commands, Request

COMMANDS: Final = Commands()
_BRANDS_TOKEN: Final = secrets.token_urlsafe(32)
_TILES_TOKEN: Final = secrets.token_urlsafe(32)


@COMMANDS.command("brands/access_token", Permission.READ)
def brands_token(request: Request) -> dict[str, str]:
    """Return what asks for pictures of brands, of which the home has none."""
    del request
    return {"token": _BRANDS_TOKEN}


@COMMANDS.command("map_tiles/access_token", Permission.READ)
def map_tiles_token(request: Request) -> dict[str, str]:
    """Return what asks for pictures of maps, of which the home has none: they would come from outside."""
    del request
    return {"token": _TILES_TOKEN}


@COMMANDS.command("conversation/agent/list", Permission.READ, {"language": str, "country": vol.Any(None, str)})
def agents(request: Request) -> dict[str, list[Any]]:
    """Return who could be spoken to, which is nobody."""
    del request
    return {"agents": []}


@COMMANDS.command("labs/list", Permission.READ)
def previews(request: Request) -> dict[str, list[Any]]:
    """Return what could be tried before it is ready, which is nothing."""
    del request
    return {"features": []}


@COMMANDS.command(
    "labs/subscribe", Permission.READ, {vol.Required("domain"): str, vol.Required("preview_feature"): str}
)
def subscribe_preview(request: Request) -> None:
    """Say that a preview is not on; none ever is."""
    request.accept()
    request.event({**request.data, "enabled": False})
    request.subscribe()


@COMMANDS.command("subscribe_system_state", Permission.READ)
def subscribe_system_state(request: Request) -> None:
    """Send in which state the home is, now and whenever it changes."""
    house, bus = request.house, request.home.bus

    def tell(_: object = None) -> None:
        request.event({"state": house.run_state, "home_assistant_restart_required": False})

    request.accept()
    tell()
    stops = [bus.listen(event, tell) for event in (EVENT_STARTED, EVENT_STOP)]

    def stop() -> None:
        for unlisten in stops:
            unlisten()

    request.subscribe(stop)


@COMMANDS.command("system_log/list", Permission.ADMIN)
def entries(request: Request) -> list[dict[str, Any]]:
    """Return the last warnings and errors, the newest first."""
    return request.house.diagnostics.log.entries()
