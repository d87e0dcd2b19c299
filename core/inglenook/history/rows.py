"""What a history consists of, and what it is asked: the door that every kind of history has."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Protocol

from msgspec import Struct

from inglenook.bus import Unsubscribe
from inglenook.model import Context, State
from inglenook.rules.firing import Firing

EVENT_LOGBOOK_ENTRY: Final = "logbook_entry"


class Change(Struct, frozen=True, gc=False):
    """An entity got another state, or other attributes. ``before`` is None for its first state."""

    state: State
    before: State | None

    @property
    def at(self) -> float:
        """When, in seconds since the epoch."""
        return self.state.updated_at

    @property
    def context(self) -> Context:
        """What caused it."""
        return self.state.context

    @property
    def entity_id(self) -> str | None:
        """Of which entity."""
        return self.state.entity_id


class Happening(Struct, frozen=True, gc=False):
    """An event that a logbook tells of, or that explains what does: the home starts, a service is called."""

    event_type: str
    at: float
    context: Context
    data: Mapping[str, Any]

    @property
    def entity_id(self) -> str | None:
        """The entity that it is about."""
        entity_id = self.data.get("entity_id")
        return entity_id if isinstance(entity_id, str) else None


class RunStart(Struct, frozen=True, gc=False):
    """A rule began a run. ``firing`` is the trigger; None when a service call started it."""

    event_type: str
    at: float
    context: Context
    entity_id: str
    name: str
    firing: Firing | None

    @property
    def source(self) -> str | None:
        """Why, like ``state of light.hall``."""
        return None if self.firing is None else self.firing.description


Row = Change | Happening | RunStart
RowListener = Callable[[Row], object]


class History(Protocol):
    """The past of a home. Times are seconds since the epoch.

    Attributes:
        is_recording: whether what happens now is kept.
        room: how many changes may wait to be kept or are kept, whichever is the bound.
    """

    is_recording: bool
    room: int

    @property
    def begins_at(self) -> float:
        """Since when every change of a state is known, in epoch seconds."""

    async def states(
        self, entity_ids: Collection[str], start: float, end: float, *, with_start: bool = True
    ) -> dict[str, list[State]]:
        """Return by entity id the states that came after ``start``, up to ``end``, in order.

        Args:
            entity_ids: whose; one of which nothing is known has no entry.
            start: from when on.
            end: until when.
            with_start: put the state that held at ``start`` first, as though it had been written then.
        """

    async def rows(self, start: float, end: float, entity_ids: Collection[str] | None = None) -> list[Row]:
        """Return what happened from ``start`` to ``end``, in order; of ``entity_ids`` alone if they are given."""

    async def causes(self, context_ids: Collection[str]) -> dict[str, Row]:
        """Return by the id of a context the first that happened in it; unknown ids have no entry."""

    def recent_causes(self, context_ids: Collection[str]) -> dict[str, Row]:
        """As :meth:`causes`, at once and of the last while alone: for what has just happened."""

    def subscribe(self, listener: RowListener) -> Unsubscribe:
        """Call ``listener`` for each row from now on."""
