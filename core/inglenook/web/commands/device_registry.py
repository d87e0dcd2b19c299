"""Commands about the entries of devices."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.devices.entity import PLATFORM as DEVICE_PLATFORM
from inglenook.registry import DeviceEntry
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


@COMMANDS.command("config/device_registry/remove", Permission.ADMIN, {vol.Required("device_id"): str})
def remove_device(request: Request) -> None:
    """Forget a device that is gone, with its entities."""
    home, entry = request.home, _known(request)
    allowed = set(home.devices.allowed())
    for platform, identifier in entry.identifiers:
        if platform == DEVICE_PLATFORM and identifier in allowed:
            remedy = f"first withdraw its token: inglenook device revoke {identifier}"
            raise CommandError("home_assistant_error", f"Device {identifier} may still connect; {remedy}")
    for entity_id in [one.entity_id for one in home.registry.entities if one.device_id == entry.id]:
        home.registry.entities.remove(entity_id)
    home.registry.devices.remove(entry.id)


@COMMANDS.command(
    "config/device_registry/remove_config_entry",
    Permission.ADMIN,
    {vol.Required("device_id"): str, vol.Required("config_entry_id"): str},
)
def remove_from_entry(request: Request) -> None:
    """Refuse to take a device from an integration's entry: none belongs to one."""
    _known(request)
    raise CommandError("home_assistant_error", "The device belongs to no config entry")


@COMMANDS.command("config/device_registry/list_linked_devices", Permission.READ, {vol.Required("device_id"): str})
def linked_devices(request: Request) -> dict[str, list[Any]]:
    """Return which other entries mean the same device, of which there are none."""
    _known(request)
    return {"linked_devices": []}


@COMMANDS.command("config/device_registry/list_composite_splits", Permission.READ)
def splits(request: Request) -> dict[str, Any]:
    """Return which devices were taken apart, of which there are none."""
    del request
    return {}


def _known(request: Request) -> DeviceEntry:
    entry = request.home.registry.devices.get(request.data["device_id"])
    if entry is None:
        raise CommandError("not_found", "Unknown device")
    return entry
