"""Commands about the entries of devices."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.registry.registry import BY_USER
from inglenook.web import entries
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import optional_text, texts

COMMANDS: Final = Commands()


@COMMANDS.command("config/device_registry/list", Permission.READ)
def list_devices(request: Request) -> list[dict[str, Any]]:
    """Return every device."""
    return [entries.device(entry) for entry in request.home.registry.devices]


@COMMANDS.command(
    "config/device_registry/update",
    Permission.ADMIN,
    {
        vol.Required("device_id"): str,
        "area_id": optional_text,
        "disabled_by": vol.Any(None, vol.In((BY_USER,), f"expected null or {BY_USER}")),
        "labels": texts,
        "name_by_user": optional_text,
    },
)
def update_device(request: Request) -> dict[str, Any]:
    """Change a device; its entities are disabled and enabled with it."""
    registry, changes = request.home.registry, dict(request.data)
    device_id, area_id = changes.pop("device_id"), changes.get("area_id")
    device = registry.devices.get(device_id)
    if device is not None and area_id not in (None, device.area_id) and area_id not in registry.areas:
        raise CommandError("invalid_info", f"there is no area {area_id}")
    if "labels" in changes:
        changes["labels"] = sorted(set(changes["labels"]))
    return entries.device(registry.devices.update(device_id, **changes))
