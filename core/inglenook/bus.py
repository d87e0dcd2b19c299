"""The event bus: every listener of a type hears every event of that type, in one order.

Delivery is a direct call. What a listener fires is delivered after the current event has reached everyone
(breadth-first), so all listeners see one sequence. A listener that raises is logged and the next one is called.
"""

import logging
from collections import deque
from collections.abc import Callable, Container, Mapping
from typing import Any, Final

from inglenook.clock import Clock
from inglenook.model import NO_DATA, Context, Event, new_context

_log = logging.getLogger(__name__)

ALL_EVENTS: Final = "*"
MAX_CHAIN: Final = 2_000  # causes and effects in one turn of the loop; a loop of rules, not a home, gets so far
MAX_WAITING: Final = 100_000  # events; more than a house of ten thousand entities causes at once
MAX_TYPES: Final = 256  # that are counted by name; the names may come from outside
OTHER_TYPES: Final = "other"
EVENTS_A_TURN: Final = 500  # then everything else on the loop gets its turn, before the rest is delivered

Listener = Callable[[Event], object]
Unsubscribe = Callable[[], None]


class EventBus:
    """Deliver events on the loop, one at a time, to listeners in the order they subscribed.

    Args:
        clock: stamps events.

    Attributes:
        heard: the types of events that somebody listens to, or what holds every type: ``in`` answers whether an
            event need be built at all.
        fired: how many events were, by type; those of more than 256 types count as ``other``.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: dict[str, tuple[Listener, ...]] = {}
        self._to_all: tuple[Listener, ...] = ()
        self.heard: Container[str] = self._listeners
        self._waiting: deque[tuple[Event, int]] = deque()
        self._is_delivering = False
        self._depth = 0
        self._cut_chains = 0
        self._overflowed = 0
        self._is_full = False
        self.fired: dict[str, int] = {}

    def listen(self, event_type: str, listener: Listener) -> Unsubscribe:
        """Call ``listener`` for each event of ``event_type`` (``"*"``: of every type); return the unsubscriber."""
        if event_type == ALL_EVENTS:
            self._to_all = (*self._to_all, listener)
        else:
            self._listeners[event_type] = (*self._listeners.get(event_type, ()), listener)
        self._note_heard()

        def unsubscribe() -> None:
            if event_type == ALL_EVENTS:
                self._to_all = _without(self._to_all, listener)
            elif rest := _without(self._listeners.get(event_type, ()), listener):
                self._listeners[event_type] = rest
            else:
                self._listeners.pop(event_type, None)
            self._note_heard()

        return unsubscribe

    def has_listeners(self, event_type: str) -> bool:
        """True when an event of ``event_type`` would reach anybody: nobody need build it otherwise."""
        return event_type in self.heard

    def listeners(self, event_type: str) -> int:
        """Return how many listeners an event of ``event_type`` would reach."""
        return len(self._to_all) + len(self._listeners.get(event_type, ()))

    def by_type(self) -> dict[str, int]:
        """Return how many listen to each type of event, ``"*"`` among them."""
        counts = {event_type: len(listeners) for event_type, listeners in self._listeners.items()}
        return {**counts, ALL_EVENTS: len(self._to_all)} if self._to_all else counts

    def fire(self, event_type: str, data: Mapping[str, Any] = NO_DATA, context: Context | None = None) -> None:
        """Fire an event now; it is delivered before this returns unless another one is being delivered."""
        now = self._clock.now()
        self.deliver(Event(event_type, data, context or new_context(now), now))

    def deliver(self, event: Event) -> None:
        """Deliver ``event``, after those already waiting."""
        event_type = event.event_type
        try:
            self.fired[event_type] += 1
        except KeyError:
            self._count_first(event_type)
        if self._is_delivering or self._waiting:
            self._queue(event)
            return
        self._is_delivering = True
        try:
            for listener in self._listeners.get(event_type, ()):  # as _tell does, without a call
                try:
                    listener(event)
                except Exception:  # noqa: BLE001 - one listener must never silence the next
                    _log.exception("listener %r failed on event %s", listener, event.event_type)
            if self._to_all:
                self._tell_all(event)
            if self._waiting:
                self._drain()
        finally:
            self._is_delivering = False
            self._depth = 0

    def statistics(self) -> dict[str, int]:
        """Return how many listeners there are and events wait, how many chains were cut and events found no room."""
        return {
            "listeners": len(self._to_all) + sum(map(len, self._listeners.values())),
            "waiting": len(self._waiting),
            "cut_chains": self._cut_chains,
            "overflowed": self._overflowed,
        }

    def _count_first(self, event_type: str) -> None:
        """Count an event of a type that has no count of its own."""
        counted = event_type if len(self.fired) < MAX_TYPES else OTHER_TYPES
        self.fired[counted] = self.fired.get(counted, 0) + 1

    def _note_heard(self) -> None:
        self.heard = _EVERYTHING if self._to_all else self._listeners

    def _queue(self, event: Event) -> None:
        depth = self._depth + 1
        if len(self._waiting) >= MAX_WAITING:
            self._overflow(event)
            return
        if depth <= MAX_CHAIN:
            self._waiting.append((event, depth))
            return
        self._cut_chains += 1
        _log.error(
            "event %s dropped: number %d in one chain of cause and effect, so something triggers itself; data %.200r",
            event.event_type, depth, event.data,
        )  # fmt: skip

    def _overflow(self, event: Event) -> None:
        """Drop ``event``; the first since events last stopped waiting is told."""
        self._overflowed += 1
        if not self._is_full:
            self._is_full = True
            _log.error(
                "event %s dropped, and those that follow: %d events wait, so something causes more than it should",
                event.event_type, MAX_WAITING,
            )  # fmt: skip

    def _drain(self) -> None:
        waiting = self._waiting
        for _ in range(EVENTS_A_TURN):
            if not waiting:
                self._is_full = False
                return
            event, self._depth = waiting.popleft()
            self._tell(event)
        if waiting:
            self._clock.call_soon(self._continue)

    def _continue(self) -> None:
        if self._is_delivering or not self._waiting:
            return
        self._is_delivering = True
        try:
            self._drain()
        finally:
            self._is_delivering = False
            self._depth = 0

    def _tell(self, event: Event) -> None:
        for listener in self._listeners.get(event.event_type, ()):
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - one listener must never silence the next
                _log.exception("listener %r failed on event %s", listener, event.event_type)
        if self._to_all:
            self._tell_all(event)

    def _tell_all(self, event: Event) -> None:
        for listener in self._to_all:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - one listener must never silence the next
                _log.exception("listener %r failed on event %s", listener, event.event_type)


class _Everything:
    """Holds every type of event."""

    def __contains__(self, _: object) -> bool:
        return True


_EVERYTHING: Final = _Everything()


def _without(listeners: tuple[Listener, ...], gone: Listener) -> tuple[Listener, ...]:
    """Return ``listeners`` without the last ``gone``, for one listener may subscribe twice."""
    for index in range(len(listeners) - 1, -1, -1):
        if listeners[index] is gone:
            return listeners[:index] + listeners[index + 1 :]
    return listeners
