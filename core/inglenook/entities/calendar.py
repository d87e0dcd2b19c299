"""Calendars: events that begin and end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntFlag
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import day, moment, positive_duration, positive_int, shown
from inglenook.entities.domain import Domain, DomainService, Field, Prepared
from inglenook.entities.domain_entity import ToggleEntity
from inglenook.entities.fields import word
from inglenook.entities.moments import zoned
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


class CalendarFeature(IntFlag):
    """What a calendar can do beside answering; bits as everywhere in the field."""

    CREATE_EVENT = 1
    DELETE_EVENT = 2
    UPDATE_EVENT = 4


class Calendar(ToggleEntity):
    """A calendar; ``is_on`` while an event goes on, and the other fields tell of it or the next one.

    An author writes ``get_events(start, end)``, which returns ``{"events": [...]}`` with ``start``, ``end`` and
    ``summary`` of each, and ``create_event(**event)`` if it can. Without the former it answers with no events.
    """

    domain = "calendar"
    SHOWN = ("message", "all_day", "start_time", "end_time", "location", "description")
    FEATURES: ClassVar[Mapping[str, int]] = {"create_event": CalendarFeature.CREATE_EVENT}

    message: str | None = None
    all_day: bool | None = None
    start_time: str | None = None
    end_time: str | None = None
    location: str | None = None
    description: str | None = None

    def get_events(self, start: datetime, end: datetime) -> Mapping[str, Any]:
        """Return the events between ``start`` and ``end``; here none."""
        del start, end
        return {"events": []}


_BEGINNINGS: Final = ("start_date", "start_date_time", "in")
_PAIRS: Final = (("start_date", "end_date"), ("start_date_time", "end_date_time"))


def _begins_and_ends(data: dict[str, Any]) -> dict[str, Any]:
    """Require one way of saying when, and an end that comes after the start."""
    if sum(key in data for key in _BEGINNINGS) != 1:
        raise vol.Invalid(f"give exactly one of {', '.join(_BEGINNINGS)}")
    for start, end in _PAIRS:
        if (start in data) != (end in data):
            raise vol.Invalid(f"{start} and {end} belong together; give both")
        if start in data and data[end] <= data[start]:
            raise vol.Invalid(f"{end} {data[end]} does not come after {start} {data[start]}")
    return data


def _from_now(value: Any) -> dict[str, int]:
    if isinstance(value, Mapping) and len(value) == 1 and value.keys() <= {"days", "weeks"}:
        return {str(unit): positive_int(count) for unit, count in value.items()}
    raise vol.Invalid(f"expected either days or weeks, got {shown(value)}")


def _create_event(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    """Return the event with ``dtstart`` and ``dtend`` alone, whatever way it was said."""
    event = {key: data[key] for key in ("summary", "description", "location") if key in data}
    if "in" in data:
        start = entity.clock.local().date() + timedelta(**data["in"])
        return "create_event", {**event, "dtstart": start, "dtend": start + timedelta(days=1)}
    first, last = next(pair for pair in _PAIRS if pair[0] in data)
    return "create_event", {**event, "dtstart": zoned(entity, data[first]), "dtend": zoned(entity, data[last])}


def _some_end(data: dict[str, Any]) -> dict[str, Any]:
    if ("end_date_time" in data) == ("duration" in data):
        raise vol.Invalid("give either end_date_time or duration")
    return data


def _get_events(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    start = zoned(entity, data.get("start_date_time") or entity.clock.local())
    end = (
        zoned(entity, data["end_date_time"]) if "end_date_time" in data else start + timedelta(seconds=data["duration"])
    )
    if end <= start:
        raise ServiceValidationError(f"{entity.entity_id}: end_date_time {end} does not come after {start}")
    return "get_events", {"start": start, "end": end}


_START: Final = Field("start_date_time", moment, {"datetime": {}}, "When it begins.")
_END: Final = Field("end_date_time", moment, {"datetime": {}}, "When it ends.")

CALENDAR: Final = Domain(
    "calendar",
    Calendar,
    (
        DomainService(
            "create_event",
            "Add an event.",
            (
                word("summary", "What it is.", required=True),
                word("description", "More about it."),
                word("location", "Where it is."),
                _START,
                _END,
                Field("start_date", day, {"date": {}}, "The first day of an event of whole days."),
                Field("end_date", day, {"date": {}}, "The day after its last one."),
                Field("in", _from_now, {"object": {}}, "In how many days or weeks it is, for a whole day."),
            ),
            features=(CalendarFeature.CREATE_EVENT,),
            check=_begins_and_ends,
            prepare=_create_event,
        ),
        DomainService(
            "get_events",
            "Answer with the events of a span of time.",
            (
                _START,
                _END,
                Field("duration", positive_duration, {"duration": {}}, "How long the span is, instead of its end."),
            ),
            check=_some_end,
            prepare=_get_events,
            supports_response="only",
        ),
    ),
)
