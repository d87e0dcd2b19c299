"""Routes about events: what is listened to, fire one, hear them as they happen."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.model import EVENT_STATE_CHANGED, Event
from inglenook.web.commands.fields import MAX_EVENT_TYPE
from inglenook.web.rest.routes import ApiError, Call, Routes, message

ROUTES: Final = Routes()


@ROUTES.route("GET", "/api/events", Permission.READ)
def listeners(call: Call) -> list[dict[str, Any]]:
    """Return how many listen to each type of event."""
    counts = call.house.home.bus.by_type()
    return [{"event": event_type, "listener_count": count} for event_type, count in counts.items()]


@ROUTES.route("POST", "/api/events/{event_type}", Permission.ADMIN)
async def fire(call: Call) -> web.Response:
    """Fire an event; its data is the body."""
    event_type, home = call.path("event_type"), call.house.home
    if len(event_type) > MAX_EVENT_TYPE:
        raise ApiError(HTTPStatus.BAD_REQUEST, f"A type of event has at most {MAX_EVENT_TYPE} characters.")
    if event_type == EVENT_STATE_CHANGED:
        raise ApiError(
            HTTPStatus.BAD_REQUEST, "This event tells of a state: write that (POST /api/states/<entity_id>)."
        )
    data = await call.json({}, refusal="Event data should be valid JSON.")
    if not isinstance(data, dict):
        raise ApiError(HTTPStatus.BAD_REQUEST, "Event data should be a JSON object.")
    home.bus.deliver(Event(event_type, data, call.context(), home.clock.now(), "REMOTE"))
    return message(f"Event {event_type} fired.")
