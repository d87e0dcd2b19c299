"""The last changes of a home, in memory: bounded by their number, their size and their age.

Every change of a state passes here, so it costs one small object and nothing else: who asks pays for the search.
"""

import logging
import sys
from collections import deque
from collections.abc import Callable, Collection
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from inglenook.bus import Unsubscribe
from inglenook.clock import Timer
from inglenook.config.settings import HistoryLimits
from inglenook.history.rows import EVENT_LOGBOOK_ENTRY, Change, Happening, Row, RowListener, RunStart
from inglenook.home import Home
from inglenook.model import EVENT_CALL_SERVICE, EVENT_START, EVENT_STATE_CHANGED, EVENT_STOP, Event, ServiceCall, State
from inglenook.rules import RuleEngine
from inglenook.rules.run import Run

_log = logging.getLogger(__name__)

SWEEP_S: Final = 5.0  # between two looks for what is too old or too much
SAMPLED: Final = 64  # so many changes are weighed, to know what all of them take
RUNS_SHARE: Final = 4  # one run of a rule is kept for so many changes


class MemoryHistory:
    """Keeps what happens in ``home`` from :meth:`start` on.

    Args:
        home: the running home.
        limits: how much is kept.

    Attributes:
        room: how many changes there is room for.
        keep_s: how long they are kept, in seconds.
        is_recording: whether what happens now is kept.
    """

    def __init__(self, home: Home, limits: HistoryLimits | None = None) -> None:
        self._home = home
        self._limits = limits or HistoryLimits()
        self.room = self._limits.max
        self.keep_s = self._limits.keep
        self.is_recording = False
        self._began_at = home.clock.now()
        self._changes: deque[Change] = deque(maxlen=self.room)
        self._others: deque[Happening | RunStart] = deque(maxlen=max(1, self.room // RUNS_SHARE))
        self._listeners: tuple[RowListener, ...] = ()
        self._timer: Timer | None = None
        self._undo: list[Unsubscribe] = []

    def start(self) -> None:
        """Keep what happens from now on."""
        if self.is_recording:
            return
        self.is_recording = True
        home = self._home
        self._began_at = home.clock.now()
        home.states.bystanders += 1
        home.services.on_start = self._called
        self._undo.append(home.bus.listen(EVENT_STATE_CHANGED, self._changed))
        for event_type in (EVENT_START, EVENT_STOP, EVENT_LOGBOOK_ENTRY):
            self._undo.append(home.bus.listen(event_type, self._happened))

    def follow(self, engine: RuleEngine) -> None:
        """Keep which rules run, and why."""
        engine.on_start.append(self._run_started)

    def stop(self) -> None:
        """Keep nothing more; what is known stays."""
        if not self.is_recording:
            return
        self.is_recording = False
        self._home.states.bystanders -= 1
        self._home.services.on_start = None
        while self._undo:
            self._undo.pop()()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def forget(self, before: float, is_meant: Callable[[str], bool] | None = None) -> None:
        """Drop what happened before then, epoch seconds: all, or the states of the entities that are meant."""
        self._home.states.catch_up()
        kept = [
            change
            for change in self._changes
            if change.at > before or (is_meant is not None and not is_meant(change.state.entity_id))
        ]
        self._changes = deque(kept, maxlen=self.room)
        if is_meant is None:
            self._began_at = max(self._began_at, before)
            self._others = deque((row for row in self._others if row.at > before), maxlen=self._others.maxlen)

    def subscribe(self, listener: RowListener) -> Unsubscribe:
        """Call ``listener`` for each row from now on."""
        self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            self._listeners = tuple(one for one in self._listeners if one is not listener)

        return unsubscribe

    @property
    def begins_at(self) -> float:
        """Since when every change is known, in epoch seconds: since the start, or since what is kept no more."""
        is_full = len(self._changes) == self.room
        return max(self._began_at, self._changes[0].at) if is_full else self._began_at

    def statistics(self) -> dict[str, int]:
        """Return how many changes and other rows there are, and about how many bytes the changes take."""
        return {"changes": len(self._changes), "others": len(self._others), "bytes": int(self._size())}

    # -- what is asked --------------------------------------------------------------------------------------------

    async def states(
        self, entity_ids: Collection[str], start: float, end: float, *, with_start: bool = True
    ) -> dict[str, list[State]]:
        """Return the states of entities in a period, see :class:`History`."""
        self._home.states.catch_up()
        later: dict[str, list[State]] = {entity_id: [] for entity_id in entity_ids}
        held: dict[str, State | None] = {}
        for change in self._changes:
            state = change.state
            entity_id = state.entity_id
            if entity_id not in later:
                continue
            if state.updated_at <= start:
                held[entity_id] = state
                continue
            if entity_id not in held:
                held[entity_id] = before = change.before
                if before is not None and start < before.updated_at <= end:
                    later[entity_id].append(before)
            if state.updated_at <= end:
                later[entity_id].append(state)
        for entity_id, found in later.items():
            if entity_id not in held:
                self._add_unchanged(entity_id, start, end, held, found)
            if with_start and (first := held.get(entity_id)) is not None and first.updated_at <= start:
                found.insert(0, replace(first, changed_at=start, updated_at=start, reported_at=start))
        return {entity_id: found for entity_id, found in later.items() if found}

    def _add_unchanged(
        self, entity_id: str, start: float, end: float, held: dict[str, State | None], found: list[State]
    ) -> None:
        """Add the state of an entity of which no change is kept: it is as it was, or known again since the start."""
        now = self._home.states.get(entity_id)
        if now is None or now.updated_at <= start:
            held[entity_id] = now
        elif now.updated_at <= end:
            found.append(now)

    async def rows(self, start: float, end: float, entity_ids: Collection[str] | None = None) -> list[Row]:
        """Return what happened in a period, see :class:`History`."""
        self._home.states.catch_up()
        changes = [change for change in self._changes if start <= change.state.updated_at <= end]
        others = [row for row in self._others if start <= row.at <= end]
        found: list[Row] = [*others, *changes]  # in this order: what has no state comes before the states it caused
        if entity_ids is not None:
            found = [row for row in found if row.entity_id in entity_ids]
        return sorted(found, key=_AT)

    async def causes(self, context_ids: Collection[str]) -> dict[str, Row]:
        """Return the first that happened in each context, see :class:`History`."""
        return self.recent_causes(context_ids)

    def recent_causes(self, context_ids: Collection[str]) -> dict[str, Row]:
        """Return the same; all that is kept here is recent."""
        found: dict[str, Row] = {}
        for row in self._others:
            if row.context.id in context_ids:
                found.setdefault(row.context.id, row)
        for change in self._changes:
            context_id = change.state.context.id
            if context_id in context_ids and (context_id not in found or found[context_id].at > change.at):
                found[context_id] = change
        return found

    # -- what happens ---------------------------------------------------------------------------------------------

    def _changed(self, event: Event) -> None:
        data = event.data
        new, old = data["new_state"], data["old_state"]
        if new is None:  # it went
            return
        if old is not None and new.state == old.state and "last_triggered" in new.attributes:
            return  # a rule has run, which is kept in a form of its own
        change = Change(new, old)
        self._changes.append(change)
        if self._timer is None:
            self._timer = self._home.clock.call_later(SWEEP_S, self._sweep)
        if self._listeners:
            self._tell(change)

    def _run_started(self, event_type: str, run: Run, now: float) -> None:
        if not self.is_recording:
            return
        owner = run.owner
        self._keep(RunStart(event_type, now, run.context, owner.entity_id, owner.name, run.firing))

    def _called(self, call: ServiceCall) -> None:
        data = {"domain": call.domain, "service": call.service}
        self._keep(Happening(EVENT_CALL_SERVICE, self._home.clock.now(), call.context, data))

    def _happened(self, event: Event) -> None:
        self._keep(Happening(event.event_type, event.fired_at, event.context, event.data))

    def _keep(self, row: Happening | RunStart) -> None:
        self._others.append(row)
        if self._timer is None:
            self._timer = self._home.clock.call_later(SWEEP_S, self._sweep)
        if self._listeners:
            self._tell(row)

    def _tell(self, row: Row) -> None:
        for listener in self._listeners:
            try:
                listener(row)
            except Exception:  # noqa: BLE001 - one that fails does not keep the others
                _log.exception("listener %r failed on a row of the history", listener)

    # -- bounds ---------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        """Drop what is too old, or takes too much room; look again once something has happened."""
        self._timer = None
        oldest = self._home.clock.now() - self._limits.keep
        self._began_at = max(self._began_at, oldest)
        for kept in (self._changes, self._others):
            while kept and kept[0].at < oldest:
                kept.popleft()
        surplus = self._size() / (self._limits.max_mb * 1e6)
        if surplus > 1:
            for _ in range(len(self._changes) - int(len(self._changes) / surplus)):
                self._began_at = self._changes.popleft().at

    def _size(self) -> float:
        """Return about how many bytes the changes take."""
        changes = self._changes
        step = max(1, len(changes) // SAMPLED)
        sizes = [size_of(changes[index]) for index in range(0, len(changes), step)]
        return len(changes) * sum(sizes) / len(sizes) if sizes else 0.0


def size_of(change: Change) -> int:
    """Return about how many bytes ``change`` alone keeps in memory."""
    state = change.state
    size = sys.getsizeof(change) + sys.getsizeof(state) + sys.getsizeof(state.context) + sys.getsizeof(state.context.id)
    size += 2 * sys.getsizeof(state.updated_at) + sys.getsizeof(state.state)
    if change.before is None or state.attributes is not change.before.attributes:
        size += sys.getsizeof(state.attributes) + sum(_size_of_value(value) for value in state.attributes.values())
    return size


def _size_of_value(value: Any) -> int:
    """Return about what a value of an attribute takes; what is small is shared more often than not."""
    if isinstance(value, list | tuple | set | frozenset):
        return sys.getsizeof(value) + sum(map(_size_of_value, value))
    if isinstance(value, dict):
        return sys.getsizeof(value) + sum(map(_size_of_value, value.values()))
    size = sys.getsizeof(value)
    return size if size > _SMALL else 0


_SMALL: Final = 64
_AT: Final = attrgetter("at")
