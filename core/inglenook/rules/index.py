"""The index: which callbacks an event concerns, so that its cost does not grow with rules that cannot match it."""

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final

from inglenook.bus import EventBus, Unsubscribe
from inglenook.model import EVENT_STATE_CHANGED, Context, Event, State

_log = logging.getLogger(__name__)

OnChange = Callable[[str, State | None, State | None, Context], object]
OnEvent = Callable[[Event], object]

_MISSING: Final = object()


class StateIndex:
    """Callbacks by the entity that changes, and by the state that it changes to.

    Callbacks of one entity are called in the order of their numbers (:meth:`next_order`), then those of its domain,
    then those of every entity.
    """

    def __init__(self, bus: EventBus) -> None:
        self._watches: dict[str, _Watch] = {}
        self._domains: dict[str, _Watch] = {}
        self._all = _Watch()
        self._order = 0
        bus.listen(EVENT_STATE_CHANGED, self._on_state_changed)

    def next_order(self) -> int:
        """Return the number for something that watches from now on."""
        self._order += 1
        return self._order

    def watch(
        self, entity_id: str, callback: OnChange, *, to: Iterable[str | None] | None = None, order: int | None = None
    ) -> Unsubscribe:
        """Call ``callback(entity_id, old, new, context)`` for each change of an entity; return the unsubscriber.

        Args:
            entity_id: need not exist.
            callback: must not raise; if it does it is logged.
            to: only changes to one of these states (None: removal).
            order: what :meth:`next_order` gave, to keep a place among the others.
        """
        return self._add(self._watches, entity_id, callback, to, order)

    def watch_domain(self, domain: str, callback: OnChange, *, order: int | None = None) -> Unsubscribe:
        """Call ``callback`` for each change of any entity of ``domain``."""
        return self._add(self._domains, domain, callback, None, order)

    def watch_all(self, callback: OnChange, *, order: int | None = None) -> Unsubscribe:
        """Call ``callback`` for each change of any entity."""
        entry = (order or self.next_order(), None, callback)
        self._all.add(entry)
        return lambda: self._all.remove(entry)

    def is_watched(self, entity_id: str) -> bool:
        """True when a change of ``entity_id`` would call anybody."""
        return entity_id in self._watches or entity_id.partition(".")[0] in self._domains or bool(self._all.entries)

    def _add(
        self,
        watches: "dict[str, _Watch]",
        key: str,
        callback: OnChange,
        to: Iterable[str | None] | None,
        order: int | None,
    ) -> Unsubscribe:
        entry = (order or self.next_order(), None if to is None else frozenset(to), callback)
        watch = watches.get(key)
        if watch is None:
            watch = watches[key] = _Watch()
        watch.add(entry)

        def unsubscribe() -> None:
            watch.remove(entry)
            if not watch.entries and watches.get(key) is watch:
                del watches[key]

        return unsubscribe

    def _on_state_changed(self, event: Event) -> None:
        data = event.data
        entity_id: str = data["entity_id"]
        new: State | None = data["new_state"]
        if new is not None and new.is_restored:
            return
        watch = self._watches.get(entity_id)
        if watch is not None:  # as _tell does, without a call
            state = None if new is None else new.state
            callbacks = watch.concerned.get(state, watch.others)
            if callbacks is None:
                callbacks = watch.find(state)
            old, context = data["old_state"], event.context
            for callback in callbacks:
                try:
                    callback(entity_id, old, new, context)
                except Exception:  # noqa: BLE001 - one rule must never silence the next
                    _log.exception("%r failed on a change of %s", callback, entity_id)
        if self._domains and (watch := self._domains.get(entity_id.partition(".")[0])) is not None:
            _tell(watch, entity_id, new, event)
        if self._all.entries:
            _tell(self._all, entity_id, new, event)


def _tell(watch: "_Watch", entity_id: str, new: State | None, event: Event) -> None:
    state = None if new is None else new.state
    callbacks = watch.concerned.get(state, watch.others)
    if callbacks is None:
        callbacks = watch.find(state)
    old = event.data["old_state"]
    for callback in callbacks:
        try:
            callback(entity_id, old, new, event.context)
        except Exception:  # noqa: BLE001 - one rule must never silence the next
            _log.exception("%r failed on a change of %s", callback, entity_id)


_Entry = tuple[int, frozenset[str | None] | None, OnChange]
_Callbacks = tuple[OnChange, ...]


class _Watch:
    """Who watches one entity, domain or all.

    Attributes:
        concerned: for each state that anybody asked for, whom it concerns (None: not looked up yet).
        others: whom every other state concerns (None: not looked up yet).
    """

    __slots__ = ("concerned", "entries", "others")

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.concerned: dict[str | None, _Callbacks | None] = {}
        self.others: _Callbacks | None = None

    def add(self, entry: _Entry) -> None:
        entries = self.entries
        entries.append(entry)
        if len(entries) > 1 and entries[-2][0] > entry[0]:
            entries.sort(key=_by_order)
        self._forget()

    def remove(self, entry: _Entry) -> None:
        if entry in self.entries:
            self.entries.remove(entry)
        self._forget()

    def find(self, state: str | None) -> _Callbacks:
        if self.others is None:
            self.others = tuple(callback for _, to, callback in self.entries if to is None)
            self.concerned = {wanted: None for _, to, _ in self.entries if to is not None for wanted in to}
        if state not in self.concerned:
            return self.others
        found = tuple(callback for _, to, callback in self.entries if to is None or state in to)
        self.concerned[state] = found
        return found

    def _forget(self) -> None:
        self.concerned = {}
        self.others = None


def _by_order(entry: _Entry) -> int:
    return entry[0]


class EventIndex:
    """Callbacks by the type of an event and by one value that its data must have."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._types: dict[str, _EventType] = {}

    def listen(self, event_type: str, callback: OnEvent, *, key: str = "", value: Hashable = None) -> Unsubscribe:
        """Call ``callback`` for each event of ``event_type``, with ``key`` only if its data holds ``value`` there."""
        kind = self._types.get(event_type)
        if kind is None:
            kind = self._types[event_type] = _EventType()
            kind.unsubscribe = self._bus.listen(event_type, kind.tell)
        found = kind.add(callback, key, value)

        def unsubscribe() -> None:
            kind.remove(found, key, value)
            if not kind.count and self._types.get(event_type) is kind:
                del self._types[event_type]
                kind.unsubscribe()

        return unsubscribe


_Numbered = tuple[int, OnEvent]


class _EventType:
    """Who listens to one type of events, in the order they came."""

    __slots__ = ("_any", "_by_key", "_order", "count", "unsubscribe")

    def __init__(self) -> None:
        self._any: tuple[_Numbered, ...] = ()
        self._by_key: dict[str, dict[Hashable, tuple[_Numbered, ...]]] = {}
        self._order = 0
        self.count = 0
        self.unsubscribe: Unsubscribe = _nothing

    def add(self, callback: OnEvent, key: str, value: Hashable) -> _Numbered:
        self._order += 1
        self.count += 1
        entry = (self._order, callback)
        if key:
            values = self._by_key.setdefault(key, {})
            values[value] = (*values.get(value, ()), entry)
        else:
            self._any = (*self._any, entry)
        return entry

    def remove(self, entry: _Numbered, key: str, value: Hashable) -> None:
        self.count -= 1
        if not key:
            self._any = tuple(other for other in self._any if other is not entry)
            return
        values = self._by_key[key]
        values[value] = tuple(other for other in values[value] if other is not entry)
        if not values[value]:
            del values[value]
        if not values:
            del self._by_key[key]

    def tell(self, event: Event) -> None:
        entries = self._concerned(event.data) if self._by_key else self._any
        for _, callback in entries:
            try:
                callback(event)
            except Exception:  # noqa: BLE001 - one rule must never silence the next
                _log.exception("%r failed on event %s", callback, event.event_type)

    def _concerned(self, data: Mapping[str, Any]) -> tuple[_Numbered, ...]:
        found, groups = self._any, int(bool(self._any))
        for key, values in self._by_key.items():
            value = data.get(key, _MISSING)
            try:
                more = values.get(value)
            except TypeError:  # a list or a mapping, which equals nothing that was asked for here
                continue
            if more:
                found, groups = (*found, *more), groups + 1
        return tuple(sorted(found, key=lambda entry: entry[0])) if groups > 1 else found


def _nothing() -> None:
    """Nothing to unsubscribe from."""
