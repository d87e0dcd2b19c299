"""Commands of what the frontend shows beside entities: messages, repairs, energy, and the state of the system."""

import secrets
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.model import EVENT_STARTED, EVENT_STOP
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_ENERGY: Final = "energy"
_BRANDS_TOKEN: Final = secrets.token_urlsafe(32)


# -- messages -------------------------------------------------------------------------------------------------------


@COMMANDS.command("persistent_notification/get", Permission.READ)
def notifications(request: Request) -> list[dict[str, Any]]:
    """Return the messages that nobody has dismissed."""
    return list(request.house.frontend.notices.all().values())


@COMMANDS.command("persistent_notification/subscribe", Permission.READ)
def subscribe_notifications(request: Request) -> None:
    """Send the messages that are there, and each change of one."""
    notices = request.house.frontend.notices
    request.answer()
    request.event({"type": "current", "notifications": notices.all()})
    request.subscribe(notices.listen(lambda kind, changed: request.event({"type": kind, "notifications": changed})))


# -- repairs --------------------------------------------------------------------------------------------------------


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


# -- energy ---------------------------------------------------------------------------------------------------------


@COMMANDS.command("energy/get_prefs", Permission.READ)
def energy_preferences(request: Request) -> Any:
    """Return which entities measure energy."""
    kept = request.house.frontend.memory.get(_ENERGY)
    if kept is None:
        raise CommandError("not_found", "No prefs")
    return kept


@COMMANDS.command(
    "energy/save_prefs",
    Permission.ADMIN,
    {"energy_sources": [dict], "device_consumption": [dict], "device_consumption_water": [dict]},
)
async def save_energy_preferences(request: Request) -> Any:
    """Keep which entities measure energy."""
    memory = request.house.frontend.memory
    empty: dict[str, Any] = {"energy_sources": [], "device_consumption": [], "device_consumption_water": []}
    memory.set(_ENERGY, {**empty, **memory.get(_ENERGY, {}), **request.data})
    await request.home.store.flush()
    return memory.get(_ENERGY)


@COMMANDS.command("energy/info", Permission.READ)
def energy_info(request: Request) -> dict[str, Any]:
    """Say that the home forecasts no sun and computes no costs."""
    del request
    return {"cost_sensors": {}, "solar_forecast_domains": []}


# -- the system -----------------------------------------------------------------------------------------------------


@COMMANDS.command("brands/access_token", Permission.READ)
def brands_token(request: Request) -> dict[str, str]:
    """Return what asks for pictures of brands, of which the home has none."""
    del request
    return {"token": _BRANDS_TOKEN}


@COMMANDS.command(
    "labs/subscribe", Permission.READ, {vol.Required("domain"): str, vol.Required("preview_feature"): str}
)
def subscribe_preview(request: Request) -> None:
    """Say that a preview is not on; none ever is."""
    request.answer()
    request.event({**request.data, "enabled": False})
    request.subscribe()


@COMMANDS.command("subscribe_system_state", Permission.READ)
def subscribe_system_state(request: Request) -> None:
    """Send in which state the home is, now and whenever it changes."""
    house, bus = request.house, request.home.bus

    def tell(_: object = None) -> None:
        request.event({"state": house.run_state, "home_assistant_restart_required": False})

    request.answer()
    tell()
    stops = [bus.listen(event, tell) for event in (EVENT_STARTED, EVENT_STOP)]

    def stop() -> None:
        for unlisten in stops:
            unlisten()

    request.subscribe(stop)
