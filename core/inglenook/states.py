"""The state machine: what every entity last was. A write that changes nothing fires nothing."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec.structs import force_setattr

from inglenook.bus import EventBus, Unsubscribe
from inglenook.clock import Clock
from inglenook.model import (
    EVENT_STATE_CHANGED,
    MAX_STATE_LENGTH,
    NO_DATA,
    STATE_UNKNOWN,
    Context,
    Event,
    State,
    new_context,
)

_log = logging.getLogger(__name__)

_ENTITY_ID: Final = re.compile(r"(?!.+__)(?!_)[\da-z_]+(?<!_)\.(?!_)[\da-z_]+(?<!_)")

StateListener = Callable[[str, State | None, State | None, Context], object]


def is_entity_id(text: str) -> bool:
    """True when ``text`` is ``domain.object_id``: ``a-z0-9_``, no ``_`` at an end, no ``__``, at most 255 long."""
    return len(text) <= MAX_STATE_LENGTH and _ENTITY_ID.fullmatch(text) is not None


class StateMachine:
    """The last state of each entity, in the order the entities appeared.

    Attributes:
        unsaved: what was written since whoever keeps the states last emptied this, None for what went; None while
            nobody keeps them.
        on_unsaved: called when the first of them is put there.
        save: has them taken at once; called by who is about to write a state over one that has to be kept.
        bystanders: how many of those who listen to every change need not hear soon of one that nobody asked for.
    """

    def __init__(self, bus: EventBus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._states: dict[str, State] = {}
        self._domains: dict[str, dict[str, None]] = {}  # the ids of each, in order
        self._watchers: dict[str, tuple[StateListener, ...]] = {}
        self._tells_watchers = False
        self._late: dict[str, Callable[[], object]] = {}
        self._late_domains: set[str] = set()
        self.unsaved: dict[str, State | None] | None = None
        self.on_unsaved: Callable[[], object] = _nothing
        self.save: Callable[[], object] = _nothing
        self.bystanders = 0

    def get(self, entity_id: str) -> State | None:
        """Return the last state of ``entity_id``, or None if it never had one."""
        if entity_id in self._late:
            self._late.pop(entity_id)()
        return self._states.get(entity_id)

    def reader(self, entity_id: str) -> Callable[[str], State | None]:
        """Return what reads the state of ``entity_id`` as :meth:`get` does, without a call of Python's if possible."""
        return self.get if entity_id.partition(".")[0] in self._late_domains else self._states.get

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._states

    def __len__(self) -> int:
        return len(self._states)

    def __iter__(self) -> Iterator[State]:
        self.catch_up()
        return iter(tuple(self._states.values()))

    def domain(self, domain: str) -> list[State]:
        """Return the states of one domain, in the order they appeared."""
        self.catch_up()
        return [self._states[entity_id] for entity_id in self._domains.get(domain, ())]

    def domains(self) -> list[str]:
        """Return the domains that have a state."""
        return [domain for domain, states in self._domains.items() if states]

    def allow_late(self, domain: str) -> None:
        """Let the states of ``domain`` be written late from now on; before anybody asks for a :meth:`reader`."""
        self._late_domains.add(domain)

    def write_late(self, entity_id: str, write: Callable[[], object]) -> None:
        """Call ``write`` before anybody reads ``entity_id``, for a state that changes more often than it is read.

        Its domain is one for which :meth:`allow_late` was called.

        Whoever calls this sees to it that the state is written before long, by :meth:`catch_up` at the latest: until
        then nobody is told of the change.
        """
        self._late[entity_id] = write

    def catch_up(self) -> None:
        """Write every late state."""
        while self._late:
            _, write = self._late.popitem()
            write()

    def set(
        self,
        entity_id: str,
        state: str,
        attributes: Mapping[str, Any] = NO_DATA,
        context: Context | None = None,
        now: float = 0.0,
        *,
        force_update: bool = False,
    ) -> State:
        """Write what ``entity_id`` is now and return the State that holds.

        ``now``: seconds since the epoch, for who has asked the clock already.

        The same text and attributes as before move only ``reported_at``. ``force_update`` counts the text as changed
        even when it is the same. A text over 255 characters is logged and stored as ``unknown``. ``attributes`` must
        not be changed afterwards by whoever gave them.
        """
        now = now or self._clock.now()
        old = self._states.get(entity_id)
        if len(state) > MAX_STATE_LENGTH:
            _log.error("state of %s is %d characters, at most 255 fit; stored as unknown", entity_id, len(state))
            state = STATE_UNKNOWN
        if old is None:
            changed_at = now
        elif old.state == state and not force_update:
            if old.attributes == attributes and not old.is_restored:
                force_setattr(old, "reported_at", now)
                return old
            changed_at = old.changed_at
        else:
            changed_at = now
        context = context or new_context(now)
        new = State(entity_id, state, attributes, context, changed_at, now, now)
        unsaved = self.unsaved
        if old is None or unsaved is None or not unsaved:
            self._store(new)
        else:  # the same without a call
            self._states[entity_id] = unsaved[entity_id] = new
        if old is not None and old.is_restored and old.state == state and old.attributes == attributes:
            return new  # it is now known again, and is what it was: nothing happened
        self._bus.deliver(
            Event(
                EVENT_STATE_CHANGED,
                {"entity_id": entity_id, "old_state": old, "new_state": new},
                context,
                now,
            )
        )
        return new

    def restore(self, state: State) -> None:
        """Put back what a former run of the hub last knew; fires nothing and marks it restored."""
        self._store(
            State(
                state.entity_id, state.state, state.attributes, state.context,
                state.changed_at, state.updated_at, state.reported_at, is_restored=True,
            )
        )  # fmt: skip

    def remove(self, entity_id: str, context: Context | None = None) -> bool:
        """Forget ``entity_id`` and announce it with a ``new_state`` of None; False if there was no state."""
        self._late.pop(entity_id, None)
        old = self._states.pop(entity_id, None)
        if old is None:
            return False
        self._domains[old.domain].pop(entity_id, None)
        self._note(entity_id, None)
        now = self._clock.now()
        data = {"entity_id": entity_id, "old_state": old, "new_state": None}
        self._bus.deliver(Event(EVENT_STATE_CHANGED, data, context or new_context(now), now))
        return True

    def watch(self, entity_id: str, listener: StateListener) -> Unsubscribe:
        """Call ``listener(entity_id, old, new, context)`` for each change of one entity; return the unsubscriber."""
        if not self._tells_watchers:
            self._tells_watchers = True
            self._bus.listen(EVENT_STATE_CHANGED, self._tell_watchers)
        self._watchers[entity_id] = (*self._watchers.get(entity_id, ()), listener)

        def unsubscribe() -> None:
            rest = list(self._watchers.get(entity_id, ()))
            if listener in rest:
                rest.remove(listener)
            if rest:
                self._watchers[entity_id] = tuple(rest)
            else:
                self._watchers.pop(entity_id, None)

        return unsubscribe

    @property
    def is_watching(self) -> bool:
        """True when the states themselves listen to their changes, to tell who watches one entity."""
        return self._tells_watchers

    def is_watched(self, entity_id: str) -> bool:
        """True when somebody watches this very entity."""
        return entity_id in self._watchers

    def _store(self, state: State) -> None:
        entity_id = state.entity_id
        if entity_id not in self._states:
            self._domains.setdefault(state.domain, {})[entity_id] = None
        self._states[entity_id] = state
        self._note(entity_id, state)

    def _note(self, entity_id: str, state: State | None) -> None:
        if self.unsaved is not None:
            if not self.unsaved:
                self.on_unsaved()
            self.unsaved[entity_id] = state

    def _tell_watchers(self, event: Event) -> None:
        data = event.data
        entity_id = data["entity_id"]
        for listener in self._watchers.get(entity_id, ()):
            try:
                listener(entity_id, data["old_state"], data["new_state"], event.context)
            except Exception:  # noqa: BLE001 - one watcher must never silence the next
                _log.exception("watcher %r failed on %s", listener, entity_id)


def _nothing() -> None:
    """Nobody keeps the states."""
