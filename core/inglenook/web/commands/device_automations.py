"""Commands for editors that speak of devices: which triggers, conditions and actions a device has."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.errors import UnknownEntry
from inglenook.model import State
from inglenook.web.commands.command import Commands, Request

COMMANDS: Final = Commands()
_DEVICE: Final = {vol.Required("device_id"): str}


@COMMANDS.command("device_automation/trigger/list", Permission.READ, _DEVICE)
def list_triggers(request: Request) -> list[dict[str, Any]]:
    """Return the triggers of a device."""
    from inglenook.rules.devices import choices  # noqa: PLC0415 - tables that few homes need

    return list(_of_device(request, choices.triggers, {"platform": "device"}))


@COMMANDS.command("device_automation/condition/list", Permission.READ, _DEVICE)
def list_conditions(request: Request) -> list[dict[str, Any]]:
    """Return the conditions of a device."""
    from inglenook.rules.devices import choices  # noqa: PLC0415 - the same

    return list(_of_device(request, choices.conditions, {"condition": "device"}))


@COMMANDS.command("device_automation/action/list", Permission.READ, _DEVICE)
def list_actions(request: Request) -> list[dict[str, Any]]:
    """Return the actions of a device."""
    from inglenook.rules.devices import choices  # noqa: PLC0415 - the same

    return list(_of_device(request, choices.actions, {}))


@COMMANDS.command("device_automation/trigger/capabilities", Permission.READ, {vol.Required("trigger"): dict})
def trigger_capabilities(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return what else a trigger may say."""
    from inglenook.rules.devices import choices  # noqa: PLC0415 - the same

    return {"extra_fields": choices.fields_of_trigger(request.data["trigger"])}


@COMMANDS.command("device_automation/condition/capabilities", Permission.READ, {vol.Required("condition"): dict})
def condition_capabilities(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return what else a condition may say."""
    from inglenook.rules.devices import choices  # noqa: PLC0415 - the same

    return {"extra_fields": choices.fields_of_condition(request.data["condition"])}


@COMMANDS.command("device_automation/action/capabilities", Permission.READ, {vol.Required("action"): dict})
def action_capabilities(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return what else an action may say."""
    from inglenook.rules.devices import choices  # noqa: PLC0415 - the same

    return {"extra_fields": choices.fields_of_action(request.data["action"])}


def _of_device(
    request: Request, types: Callable[[State], list[str]], mark: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield what each entity of a device has, as it would stand in a rule."""
    home, device_id = request.home, request.data["device_id"]
    if device_id not in home.registry.devices:
        raise UnknownEntry("Device not found")
    for entry in home.registry.entities:
        state = home.states.get(entry.entity_id) if entry.device_id == device_id else None
        if state is None:
            continue
        is_secondary = bool(entry.entity_category or entry.hidden_by)
        for kind in types(state):
            yield {
                **mark,
                "device_id": device_id,
                "domain": entry.domain,
                "entity_id": entry.id,
                "metadata": {"secondary": is_secondary},
                "type": kind,
            }
