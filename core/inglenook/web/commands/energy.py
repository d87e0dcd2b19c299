"""Commands of the energy dashboard: which entities measure energy, and what is wrong with the choice."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from inglenook.auth import Permission
from inglenook.home import Home
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_ENERGY: Final = "energy"
_SECTIONS: Final = ("energy_sources", "device_consumption", "device_consumption_water")
# Where entities stand in a source or a device; flows are lists of these.
_CHOICES: Final = (
    "stat_energy_from", "stat_energy_to", "stat_consumption", "stat_rate", "stat_cost", "stat_compensation",
    "entity_energy_price", "entity_energy_price_export",
)  # fmt: skip
_FLOWS: Final = ("flow_from", "flow_to")


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
    {section: [dict] for section in _SECTIONS},
)
async def save_energy_preferences(request: Request) -> Any:
    """Keep which entities measure energy."""
    memory = request.house.frontend.memory
    empty: dict[str, Any] = {section: [] for section in _SECTIONS}
    memory.set(_ENERGY, {**empty, **memory.get(_ENERGY, {}), **request.data})
    await request.home.store.flush()
    return memory.get(_ENERGY)


@COMMANDS.command("energy/info", Permission.READ)
def energy_info(request: Request) -> dict[str, Any]:
    """Say that the home forecasts no sun and computes no costs."""
    del request
    return {"cost_sensors": {}, "solar_forecast_domains": []}


@COMMANDS.command("energy/validate", Permission.READ)
def validate_energy(request: Request) -> dict[str, list[list[dict[str, Any]]]]:
    """Return what is wrong with each source and each device, in the order in which they are kept."""
    kept = request.house.frontend.memory.get(_ENERGY, {})
    return {section: [_issues(request.home, one) for one in kept.get(section, ())] for section in _SECTIONS}


@COMMANDS.command("energy/solar_forecast", Permission.READ)
def solar_forecast(request: Request) -> dict[str, Any]:
    """Return what the sun is expected to yield: nothing is forecast."""
    del request
    return {}


def _issues(home: Home, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each kind of what is wrong, with the entities and what they are instead."""
    found: dict[str, list[list[str | None]]] = {}
    for entity_id in _entities(given):
        kind, value = _wrong(home, entity_id)
        if kind:
            found.setdefault(kind, []).append([entity_id, value])
    return [
        {"type": kind, "affected_entities": entities, "translation_placeholders": None}
        for kind, entities in found.items()
    ]


def _entities(given: Mapping[str, Any]) -> Iterable[str]:
    """Return the entities that a source or device names, each once; what has a colon is no entity."""
    return dict.fromkeys(name for name in _names(given) if isinstance(name, str) and "." in name and ":" not in name)


def _names(given: Mapping[str, Any]) -> Iterator[Any]:
    for key in _CHOICES:
        yield given.get(key)
    for key in _FLOWS:
        flows = given.get(key)
        for flow in flows if isinstance(flows, list) else ():
            if isinstance(flow, dict):
                yield from _names(flow)


def _wrong(home: Home, entity_id: str) -> tuple[str, str | None]:
    state = home.states.get(entity_id)
    if state is None:
        return "entity_not_defined", None
    if state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return "entity_unavailable", state.state
    try:
        number = float(state.state)
    except ValueError:
        return "entity_state_non_numeric", state.state
    return ("entity_negative_state", state.state) if number < 0 else ("", None)
