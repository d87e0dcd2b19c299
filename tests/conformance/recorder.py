"""Writes down what the engine does: calls, events and watched states, in the order in which they were made.

Events are delivered one after the other, so what is fired while one is delivered comes later. A call has its place in
that order by an event of the recorder's own, fired as the call is made.
"""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

from tests.conformance.tagging import Tagger, tagged

from inglenook.home import Home
from inglenook.model import EVENT_CALL_SERVICE, EVENT_STATE_CHANGED, Context, Event, ServiceCall, State
from inglenook.services import Response, Service, Services, target_as_data

_CALL: Final = "conformance_call"
_BOOKKEEPING: Final = frozenset(
    {
        EVENT_CALL_SERVICE,
        EVENT_STATE_CHANGED,
        "component_loaded",
        "service_registered",
        "service_removed",
        "core_config_updated",
        "persistent_notifications_updated",
    }
)
_OF_ITSELF: Final = frozenset(
    {
        "friendly_name", "icon", "editable", "id", "assumed_state", "restored", "supported_features", "order",
        "entity_picture",
    }
)  # fmt: skip
_GONE: Final = object()
_OF_A_RUN: Final = ("last_triggered", "mode", "current", "max", "last_action")


class Recorder:
    """The records of one scenario.

    Args:
        home: listened to from now on.
        tagger: writes values.
        watch: the entities whose changes are written down.
    """

    def __init__(self, home: Home, tagger: Tagger, watch: list[str]) -> None:
        self.records: list[dict[str, Any]] = []
        self.is_open = False
        self._home = home
        self._tagger = tagger
        self._own: list[tuple[str, Context]] = []
        home.services = RecordingServices(home, self)
        home.bus.listen("*", self._hear)
        for entity_id in watch:
            home.states.watch(entity_id, self._hear_state)

    def leave_out(self, name: str, context: Context) -> None:
        """Leave out the next event or call of ``name`` in ``context``: a step makes it."""
        self._own.append((name, context))

    def call(self, call: ServiceCall) -> None:
        """Write down a call."""
        name = f"{call.domain}.{call.service}"
        if self._is_own(name, call.context):
            return
        data = call.data if call.given is None else call.given
        record = {"call": name, "target": target_as_data(call.target) or None, "data": tagged(data) or None}
        self._home.bus.fire(_CALL, record, call.context)

    def final(self) -> dict[str, Any]:
        """Return every state there is now."""
        return {
            state.entity_id: {
                "state": self._tagger.timed(state.state),
                "attributes": self._tagger.timed(shown_attributes(state.entity_id, state.attributes)),
            }
            for state in self._home.states
        }

    def _hear(self, event: Event) -> None:
        if event.event_type == _CALL:
            self._write(**event.data)
        elif not _is_bookkeeping(event.event_type) and not self._is_own(event.event_type, event.context):
            data = {key: value for key, value in event.data.items() if key not in ("item_id", "run_id")}
            self._write(event=event.event_type, data=self._tagger.timed(data) or None)

    def _hear_state(self, entity_id: str, old: State | None, new: State | None, _context: Context) -> None:
        attributes = None
        if old is not None and new is not None and old.state == new.state:
            before, now = (shown_attributes(entity_id, state.attributes) for state in (old, new))
            attributes = {name: value for name, value in now.items() if name not in before or before[name] != value}
            if not attributes:
                return
        to = _GONE if new is None else self._tagger.timed(new.state)
        self._write(state=entity_id, to=to, attributes=None if attributes is None else self._tagger.timed(attributes))

    def _is_own(self, name: str, context: Context) -> bool:
        if (name, context) in self._own:
            self._own.remove((name, context))
            return True
        return False

    def _write(self, **record: Any) -> None:
        if not self.is_open:
            return
        given = {key: value for key, value in record.items() if value is not None}
        if given.get("to") is _GONE:
            given["to"] = None
        self.records.append({"t": self._now(), **given})

    def _now(self) -> float:
        return self._tagger.offset(self._home.clock.now())


class RecordingServices(Services):
    """Services that write each call down before it is carried out."""

    def __init__(self, home: Home, recorder: Recorder) -> None:
        super().__init__(home.bus, home.clock)
        self._recorder = recorder

    def invoke(self, service: Service, call: ServiceCall) -> Awaitable[Response] | Response:
        """Write the call down and run its handler."""
        self._recorder.call(call)
        return super().invoke(service, call)


def shown_attributes(entity_id: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that records speak of."""
    domain = entity_id.partition(".")[0]
    if domain in ("automation", "script"):
        return {name: attributes[name] for name in _OF_A_RUN if name in attributes}
    left_out = _OF_ITSELF | {"timestamp"} if domain == "input_datetime" else _OF_ITSELF
    return {name: value for name, value in attributes.items() if name not in left_out}


def _is_bookkeeping(event_type: str) -> bool:
    return (
        event_type in _BOOKKEEPING
        or event_type.startswith("homeassistant_")
        or event_type.endswith("_registry_updated")
    )
