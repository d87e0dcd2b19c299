"""Commands about targets: what one reaches, and which triggers, conditions and services are for that."""

from collections.abc import Iterator
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.entities.groups import expand_groups
from inglenook.home import Home
from inglenook.model import State, Target
from inglenook.web.commands.command import Commands, Request
from inglenook.web.commands.fields import target

COMMANDS: Final = Commands()
_ALL_OF: Final = {vol.Required("target"): target, vol.Optional("expand_group", default=True): bool}
_ITSELF: Final = {vol.Required("target"): target, vol.Optional("expand_group", default=False): bool}


@COMMANDS.command("extract_from_target", Permission.READ, _ITSELF)
def extract_from_target(request: Request) -> dict[str, list[str]]:
    """Return the entities, devices and areas that a target reaches, and what of it there is not."""
    registry, aim = request.home.registry, _aim(request)
    devices, areas = registry.devices_of(aim), registry.areas_of(aim)
    return {
        "referenced_entities": sorted(_reached(request)),
        "referenced_devices": sorted(one for one in devices if one in registry.devices),
        "referenced_areas": sorted(one for one in areas if one in registry.areas),
        "missing_devices": [one for one in aim.device_id if one not in registry.devices],
        "missing_areas": [one for one in aim.area_id if one not in registry.areas],
        "missing_floors": [one for one in aim.floor_id if one not in registry.floors],
        "missing_labels": [one for one in aim.label_id if one not in registry.labels],
    }


@COMMANDS.command("get_triggers_for_target", Permission.READ, _ALL_OF)
def get_triggers_for_target(request: Request) -> list[str]:
    """Return the triggers that are for what a target reaches."""
    from inglenook.rules.purpose import offers  # noqa: PLC0415 - tables that a home without editors need not load

    return offers.triggers_for(list(_states(request)))


@COMMANDS.command("get_conditions_for_target", Permission.READ, _ALL_OF)
def get_conditions_for_target(request: Request) -> list[str]:
    """Return the conditions that are for what a target reaches."""
    from inglenook.rules.purpose import offers  # noqa: PLC0415 - the same

    return offers.conditions_for(list(_states(request)))


@COMMANDS.command("get_services_for_target", Permission.READ, _ALL_OF)
def get_services_for_target(request: Request) -> list[str]:
    """Return the services of the domains of what a target reaches, and those for entities of every domain."""
    domains = {state.domain for state in _states(request)}
    if domains:
        domains.add("homeassistant")
    return sorted(f"{one.domain}.{one.name}" for one in _targeted(request.home) if one.domain in domains)


@COMMANDS.command("trigger_platforms/subscribe", Permission.READ)
def trigger_platforms(request: Request) -> None:
    """Send what is told of each trigger that is for entities of some purpose."""
    from inglenook.rules.purpose import offers  # noqa: PLC0415 - the same

    request.accept()
    request.subscribe()
    request.event(offers.triggers())


@COMMANDS.command("condition_platforms/subscribe", Permission.READ)
def condition_platforms(request: Request) -> None:
    """Send what is told of each condition that is for entities of some purpose."""
    from inglenook.rules.purpose import offers  # noqa: PLC0415 - the same

    request.accept()
    request.subscribe()
    request.event(offers.conditions())


def _aim(request: Request) -> Target:
    return Target(**{key: tuple(ids) for key, ids in request.data["target"].items()})


def _reached(request: Request) -> tuple[str, ...]:
    registry = request.home.registry
    ids = (registry.entity_id(one) for one in registry.resolve(_aim(request), with_diagnostics=True))
    found = tuple(one for one in ids if one is not None)
    return expand_groups(request.home.states, found) if request.data["expand_group"] else found


def _states(request: Request) -> Iterator[State]:
    for entity_id in _reached(request):
        state = request.home.states.get(entity_id)
        if state is not None:
            yield state


def _targeted(home: Home) -> Iterator[Any]:
    return (service for service in home.services.all() if service.has_target and service.name != "reload")
