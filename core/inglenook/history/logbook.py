"""The logbook: what happened in words, and what caused it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from inglenook.history.rows import EVENT_LOGBOOK_ENTRY, Change, Happening, History, Row, RunStart
from inglenook.home import Home
from inglenook.model import EVENT_CALL_SERVICE, EVENT_START, EVENT_STOP, State

Entry = dict[str, Any]

# Entities whose states are measurements: their graph tells more than a line for each of them would.
CONTINUOUS_DOMAINS: Final = frozenset({"counter", "image", "proximity"})
_IN_WORDS: Final = frozenset({"date", "enum", "timestamp"})  # device classes of sensors that are no numbers
_FIRST_S: Final = 60.0  # a start so long after the history begins is the one that it begins with
_STARTED: Final = {EVENT_START: "started", EVENT_STOP: "stopped"}


def is_shown(row: Row) -> bool:
    """True when the logbook tells of ``row``; what is not shown may still be the cause of what is."""
    if isinstance(row, Change):
        before = row.before
        return before is not None and before.state != row.state.state and not is_continuous(row.state)
    return not (isinstance(row, Happening) and row.event_type == EVENT_CALL_SERVICE)


def is_continuous(state: State) -> bool:
    """True for what measures: a sensor with a unit, a state class or a device class of numbers, a counter."""
    if state.domain != "sensor":
        return state.domain in CONTINUOUS_DOMAINS
    shown = state.attributes
    if shown.get("unit_of_measurement") is not None or shown.get("state_class") is not None:
        return True
    device_class = shown.get("device_class")
    return device_class is not None and str(device_class) not in _IN_WORDS


class Logbook:
    """Makes entries of what happened.

    Args:
        home: knows the names.
        history: knows the causes.
        with_names: whether entries that are about states bear names; clients of the socket know these themselves.
        time: turns a moment into what stands under ``when``.
    """

    def __init__(self, home: Home, history: History, time: Callable[[float], Any], *, with_names: bool) -> None:
        self._home = home
        self._history = history
        self._time = time
        self._with_names = with_names

    async def between(
        self, start: float, end: float, entity_ids: Collection[str] | None = None, context_id: str | None = None
    ) -> list[Entry]:
        """Return the entries of a period, of some entities alone, or of one context alone."""
        rows = await self._history.rows(start, end, entity_ids)
        if context_id is not None:
            rows = [row for row in rows if row.context.id == context_id]
        return await self.entries(rows)

    async def entries(self, rows: Iterable[Row]) -> list[Entry]:
        """Return the entries of ``rows``, as far as they are shown."""
        shown = [row for row in rows if is_shown(row)]
        causes = await self._history.causes(_contexts(shown))
        return [self._entry(row, causes) for row in shown]

    def entries_of_now(self, rows: Iterable[Row]) -> list[Entry]:
        """Return the entries of ``rows`` that have just happened."""
        shown = [row for row in rows if is_shown(row)]
        causes = self._history.recent_causes(_contexts(shown))
        return [self._entry(row, causes) for row in shown]

    async def calls(self, start: float, end: float) -> list[Entry]:
        """Return the services that were called in a period, and why.

        Each has ``when``, ``domain``, ``service``, ``context_id`` and, where there is one, the user and the cause as
        entries have them. What it was called with is not kept: ``service_data`` is empty.
        """
        rows = await self._history.rows(start, end, None)
        calls = [row for row in rows if isinstance(row, Happening) and row.event_type == EVENT_CALL_SERVICE]
        causes = await self._history.causes(_contexts(calls))
        return [self._call(call, causes) for call in calls]

    def _call(self, call: Happening, causes: Mapping[str, Row]) -> Entry:
        about = {"domain": call.data["domain"], "service": call.data["service"], "service_data": {}}
        return {"when": self._time(call.at), **about, "context_id": call.context.id, **self._why(call, causes)}

    def _entry(self, row: Row, causes: Mapping[str, Row]) -> Entry:
        return {"when": self._time(row.at), **self._told(row), **self._why(row, causes)}

    def _why(self, row: Row, causes: Mapping[str, Row]) -> Entry:
        cause = _cause(row, causes)
        user = {} if row.context.user_id is None else {"context_user_id": row.context.user_id}
        return user if cause is None else {**user, **self._told_as_cause(cause)}

    def _told(self, row: Row) -> Entry:
        if isinstance(row, Change):
            return self._told_change(row.state)
        if isinstance(row, RunStart):
            return {**_told_run(row), "domain": row.entity_id.partition(".")[0]}
        if row.event_type == EVENT_LOGBOOK_ENTRY:
            return _told_entry(row.data)
        message = _STARTED.get(row.event_type, row.event_type)
        if row.event_type == EVENT_START and row.at - self._history.begins_at < _FIRST_S:
            message = f"{message}; what was before is not kept"
        return {"name": "Inglenook", "message": message, "icon": "mdi:home", "domain": "homeassistant"}

    def _told_change(self, state: State) -> Entry:
        entry: Entry = {"state": state.state, "entity_id": state.entity_id}
        if self._with_names:
            entry["name"] = self._name(state.entity_id)
        icon = state.attributes.get("icon")
        if icon:
            entry["icon"] = icon
        if state.domain == "event" and "event_type" in state.attributes:
            entry["attributes"] = {"event_type": state.attributes["event_type"]}
        return entry

    def _told_as_cause(self, cause: Row) -> Entry:
        if isinstance(cause, Change):
            entity_id = cause.state.entity_id
            return {"context_state": cause.state.state, **self._named("context_entity_id", entity_id)}
        if isinstance(cause, RunStart):
            told = {f"context_{key}": value for key, value in _told_run(cause).items() if key in _OF_A_CAUSE}
            domain = cause.entity_id.partition(".")[0]
            more = {"context_event_type": cause.event_type, "context_domain": domain}
            return {**more, **told, **self._named("context_entity_id", cause.entity_id)}
        if cause.event_type == EVENT_CALL_SERVICE:
            called = {"context_domain": cause.data["domain"], "context_service": cause.data["service"]}
            return {**called, "context_event_type": cause.event_type}
        return {"context_event_type": cause.event_type} if cause.event_type in _STARTED else {}

    def _named(self, key: str, entity_id: str) -> Entry:
        return {key: entity_id, f"{key}_name": self._name(entity_id)} if self._with_names else {key: entity_id}

    def _name(self, entity_id: str) -> str:
        state = self._home.states.get(entity_id)
        return state.name if state is not None else entity_id.partition(".")[2].replace("_", " ")


def _contexts(rows: Iterable[Row]) -> set[str]:
    ids = {one for row in rows for one in (row.context.id, row.context.parent_id)}
    return {one for one in ids if one is not None}


def _cause(row: Row, causes: Mapping[str, Row]) -> Row | None:
    """Return the first that happened in the row's context; if that is the row itself, the cause of the context."""
    cause = causes.get(row.context.id)
    if cause is not None and not _is_same(cause, row):
        return cause
    parent = row.context.parent_id
    cause = None if parent is None else causes.get(parent)
    return None if cause is None or _is_same(cause, row) else cause


def _is_same(one: Row, other: Row) -> bool:
    return one is other or one == other


def _told_run(run: RunStart) -> Entry:
    told: Entry = {"name": run.name, "entity_id": run.entity_id, "context_id": run.context.id}
    if run.entity_id.startswith("script."):
        return {**told, "message": "started"}
    source = run.source
    if not source:
        return {**told, "message": "triggered"}
    return {**told, "message": f"triggered by {source}", "source": source}


def _told_entry(data: Mapping[str, Any]) -> Entry:
    entity_id = data.get("entity_id")
    domain = data.get("domain")
    if domain is None and entity_id is not None:
        domain = str(entity_id).partition(".")[0]
    return {"name": data.get("name"), "message": data.get("message"), "domain": domain, "entity_id": entity_id}


_OF_A_CAUSE: Final = ("name", "message", "source")
