"""The nouns that every ring speaks of: Context, Event, State, Target, ServiceCall.

Plain immutable values without behaviour. They are msgspec structs, which cost a tenth of a frozen dataclass to make;
times are seconds since the epoch, and become datetimes only where a person or a client reads them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct
from ulid_transform import ulid_at_time

MAX_STATE_LENGTH: Final = 255
STATE_UNKNOWN: Final = "unknown"
STATE_UNAVAILABLE: Final = "unavailable"

EVENT_STATE_CHANGED: Final = "state_changed"
EVENT_CALL_SERVICE: Final = "call_service"
EVENT_START: Final = "homeassistant_start"
EVENT_STARTED: Final = "homeassistant_started"
EVENT_STOP: Final = "homeassistant_stop"

NO_DATA: Final[Mapping[str, Any]] = {}


class Context(Struct, frozen=True, gc=False):
    """Who or what caused something. ``id`` is a ULID; ``parent_id`` is the id of the context that led to this one."""

    id: str
    parent_id: str | None = None
    user_id: str | None = None


def new_context(now: float, parent: Context | None = None, user_id: str | None = None) -> Context:
    """Return a fresh context made at ``now`` (seconds since the epoch), as a child of ``parent``."""
    if parent is None:
        return Context(ulid_at_time(now), None, user_id)
    return Context(ulid_at_time(now), parent.id, user_id)


class Event(Struct, frozen=True, gc=False):
    """One thing that happened. ``data`` belongs to the event: nobody changes it."""

    event_type: str
    data: Mapping[str, Any]
    context: Context
    fired_at: float
    origin: str = "LOCAL"

    @property
    def time_fired(self) -> datetime:
        """When it was fired, in UTC."""
        return datetime.fromtimestamp(self.fired_at, UTC)


class State(Struct, frozen=True, gc=False):
    """What an entity was at one time: ``state`` text of at most 255 characters and ``attributes`` that nobody changes.

    ``changed_at``: when ``state`` became this text. ``updated_at``: when the text or an attribute last changed.
    ``reported_at``: when it was last reported, the same or not (the only field that moves in place).
    ``is_restored``: it is what a former run of the hub last knew, not something reported since.
    """

    entity_id: str
    state: str
    attributes: Mapping[str, Any]
    context: Context
    changed_at: float
    updated_at: float
    reported_at: float
    is_restored: bool = False

    @property
    def domain(self) -> str:
        """The part before the dot."""
        return self.entity_id.partition(".")[0]

    @property
    def object_id(self) -> str:
        """The part after the dot."""
        return self.entity_id.partition(".")[2]

    @property
    def name(self) -> str:
        """The friendly name, or the object id with spaces."""
        name = self.attributes.get("friendly_name")
        return str(name) if name is not None else self.object_id.replace("_", " ")

    @property
    def last_changed(self) -> datetime:
        """``changed_at`` in UTC."""
        return datetime.fromtimestamp(self.changed_at, UTC)

    @property
    def last_updated(self) -> datetime:
        """``updated_at`` in UTC."""
        return datetime.fromtimestamp(self.updated_at, UTC)

    @property
    def last_reported(self) -> datetime:
        """``reported_at`` in UTC."""
        return datetime.fromtimestamp(self.reported_at, UTC)

    def as_dict(self) -> dict[str, Any]:
        """Return the state as clients see it: times as ISO text in UTC, the context as a dict."""
        return {
            "entity_id": self.entity_id,
            "state": self.state,
            "attributes": dict(self.attributes),
            "last_changed": self.last_changed.isoformat(),
            "last_reported": self.last_reported.isoformat(),
            "last_updated": self.last_updated.isoformat(),
            "context": {
                "id": self.context.id,
                "parent_id": self.context.parent_id,
                "user_id": self.context.user_id,
            },
        }


class Target(Struct, frozen=True):
    """What a call is aimed at; everything named is reached once. ``("all",)`` means every entity of the domain."""

    entity_id: tuple[str, ...] = ()
    device_id: tuple[str, ...] = ()
    area_id: tuple[str, ...] = ()
    floor_id: tuple[str, ...] = ()
    label_id: tuple[str, ...] = ()

    @property
    def is_direct(self) -> bool:
        """True when entities alone are named, so that nothing has to be looked up."""
        return not (self.device_id or self.area_id or self.floor_id or self.label_id)


NO_TARGET: Final = Target()  # no key of a target was given at all; an empty list gives another, equal Target


class ServiceCall(Struct, frozen=True):
    """One call of a service. ``data`` has passed the service's schema and does not hold the target.

    ``given``: the same data as the caller wrote it, which is what others hear of the call; None when nobody kept it.
    ``wants_ack``: the caller waits until the devices acknowledged, and hears of it when one does not. Rules do not.
    """

    domain: str
    service: str
    data: Mapping[str, Any]
    target: Target
    context: Context
    return_response: bool = False
    wants_ack: bool = False
    given: Mapping[str, Any] | None = None
