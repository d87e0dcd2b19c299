"""Commands about which entities measure energy."""

from typing import Any, Final

from inglenook.auth import Permission
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_ENERGY: Final = "energy"


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
