"""What devices report and what they are told, as lines for a person who watches."""

from collections.abc import Iterator
from typing import Any, Final

from inglenook.devices import DeviceEntity
from inglenook.home import Home
from inglenook.model import EVENT_CALL_SERVICE, EVENT_STATE_CHANGED, Event

_EVENTS_OF_DEVICES: Final = ("inglenook_device_event", "command_failed")


def device_lines(home: Home, event: Event) -> Iterator[dict[str, Any]]:
    """Yield a line for each device that ``event`` is about; each has ``at``, ``device`` and what happened."""
    if event.event_type == EVENT_STATE_CHANGED:
        yield from _reported(home, event)
    elif event.event_type == EVENT_CALL_SERVICE:
        yield from _told(home, event)
    elif event.event_type in _EVENTS_OF_DEVICES:
        yield {"at": event.fired_at, "event": event.event_type, **event.data}


def _reported(home: Home, event: Event) -> Iterator[dict[str, Any]]:
    entity, new = home.entities.get(event.data["entity_id"]), event.data["new_state"]
    if isinstance(entity, DeviceEntity) and new is not None:
        yield {
            "at": event.fired_at,
            "device": _device_of(entity),
            "entity_id": new.entity_id,
            "state": new.state,
            **new.attributes,
        }


def _told(home: Home, event: Event) -> Iterator[dict[str, Any]]:
    data = dict(event.data["service_data"])
    for entity_id in data.pop("entity_id", ()):
        entity = home.entities.get(entity_id)
        if isinstance(entity, DeviceEntity):
            told = f"{event.data['domain']}.{event.data['service']}"
            yield {"at": event.fired_at, "device": _device_of(entity), "entity_id": entity_id, "told": told, **data}


def _device_of(entity: DeviceEntity) -> str:
    """Return the device's id, which a device entity's unique id begins with."""
    return (entity.unique_id or "").partition("/")[0]
