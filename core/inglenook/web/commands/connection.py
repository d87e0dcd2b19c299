"""Commands about the connection itself: ping, features, events, entities."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission, may
from inglenook.bus import ALL_EVENTS
from inglenook.errors import Unauthorized
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import event_type, texts

COMMANDS: Final = Commands()

# What everybody may hear; everything else tells of the inside of the home, and is for admins.
PUBLIC_EVENTS: Final = frozenset(
    {
        "area_registry_updated", "category_registry_updated", "component_loaded", "core_config_updated",
        "device_registry_updated", "entity_registry_updated", "floor_registry_updated", "homeassistant_start",
        "homeassistant_started", "homeassistant_stop", "label_registry_updated", "lovelace_updated", "panels_updated",
        "persistent_notifications_updated", "repairs_issue_registry_updated", "service_registered", "service_removed",
        "shopping_list_updated", "state_changed", "themes_updated",
    }
)  # fmt: skip


@COMMANDS.command("ping", Permission.READ)
def ping(request: Request) -> None:
    """Answer that the home is there."""
    request.pong()


@COMMANDS.command("supported_features", Permission.READ, {vol.Required("features"): {str: int}})
def supported_features(request: Request) -> None:
    """Learn what the client can read."""
    request.outbox.coalesces = request.data["features"].get("coalesce_messages", 0) > 0


@COMMANDS.command(
    "subscribe_entities",
    Permission.READ,
    {"entity_ids": texts, "include": dict, "exclude": dict},
)
def subscribe_entities(request: Request) -> None:
    """Send every state, and each change of one, in short."""
    ids, data = request.data.get("entity_ids"), request.data
    wanted = frozenset(ids).__contains__ if ids is not None else _filter(data.get("include"), data.get("exclude"))
    request.accept()
    request.subscribe(request.house.feeds.entities.subscribe(request.outbox, request.id, wanted))


@COMMANDS.command(
    "subscribe_events",
    Permission.READ,
    {vol.Optional("event_type", default=ALL_EVENTS): event_type},
)
def subscribe_events(request: Request) -> None:
    """Send every event of one type, or of all."""
    wanted = request.data["event_type"]
    if wanted not in PUBLIC_EVENTS and not may(request.user, Permission.ADMIN):
        raise Unauthorized("Unauthorized")
    request.subscribe(request.house.feeds.events.subscribe(wanted, request.outbox, request.id))


@COMMANDS.command("unsubscribe_events", Permission.READ, {vol.Required("subscription"): int})
def unsubscribe_events(request: Request) -> None:
    """End a subscription, whatever it is to."""
    if not request.unsubscribe(request.data["subscription"]):
        raise CommandError("not_found", "Subscription not found.")


def _filter(include: dict[str, Any] | None, exclude: dict[str, Any] | None) -> Any:
    """Return what tells whether an entity id is wanted; None when all are."""
    if not include and not exclude:
        return None
    included, excluded = _named(include), _named(exclude)

    def wanted(entity_id: str) -> bool:
        domain = entity_id.partition(".")[0]
        if include and not (entity_id in included or domain in included):
            return False
        return not (entity_id in excluded or domain in excluded)

    return wanted


def _named(given: dict[str, Any] | None) -> frozenset[str]:
    return frozenset(name for key in ("entities", "domains") for name in texts((given or {}).get(key, [])))
