"""Writes the states of rules: at once, once a turn of the loop, or when somebody reads them."""

from functools import partial
from typing import Final

from inglenook.clock import Timer
from inglenook.entity import Entity
from inglenook.home import Home
from inglenook.model import EVENT_STATE_CHANGED, Context
from inglenook.rules.index import StateIndex

UNSEEN_S: Final = 0.25  # how old the state of a rule that nobody looks at may become, on its way to the store


class StateWriter:
    """Writes entities whose state changes with every run.

    A rule that fires a thousand times a second would otherwise write two thousand states a second that nobody sees.
    A rule that is watched is written at once. The others are written when they are read, and at the latest before the
    loop turns again if anybody listens to the changes of all states, or else after :data:`UNSEEN_S`.

    Attributes:
        due: entities that will be written, with the context of their last change. One that is there already need not
            be given to :meth:`changed` again, unless its context has changed: then put that there.
    """

    def __init__(self, home: Home, index: StateIndex) -> None:
        self._home = home
        self._index = index
        self.due: dict[Entity, Context | None] = {}
        self._timer: Timer | None = None
        self._is_called = False  # before the loop turns
        home.states.allow_late("automation")

    def changed(self, entity: Entity, context: Context | None) -> None:
        """Write ``entity`` as soon as anybody looks."""
        due = self.due
        if entity not in due:
            if self._is_watched(entity.entity_id):
                entity.write(context)
                return
            self._home.states.write_late(entity.entity_id, partial(self._write, entity))
            self._schedule()
        due[entity] = context

    def write_now(self, entity: Entity, context: Context | None = None) -> None:
        """Write ``entity`` at once."""
        self.due.pop(entity, None)
        entity.write(context)

    def flush(self) -> None:
        """Write what is due."""
        self._is_called = False
        due = tuple(self.due.items())
        self.due.clear()
        for entity, context in due:
            entity.write(context)

    def _schedule(self) -> None:
        clock = self._home.clock
        if self._has_audience():
            if not self._is_called:
                self._is_called = True
                clock.call_soon(self.flush)
        elif self._timer is None:
            self._timer = clock.call_later(UNSEEN_S, self._unseen)

    def _unseen(self) -> None:
        self._timer = None
        self.flush()

    def _write(self, entity: Entity) -> None:
        """Write one entity, because it is being read."""
        if entity in self.due:
            entity.write(self.due.pop(entity))

    def _is_watched(self, entity_id: str) -> bool:
        return self._index.is_watched(entity_id) or self._home.states.is_watched(entity_id)

    def _has_audience(self) -> bool:
        """True when anybody waits for every state; the index and the states themselves only pass on what is watched."""
        passing_on = 1 + self._home.states.is_watching + self._home.states.bystanders
        return self._home.bus.listeners(EVENT_STATE_CHANGED) > passing_on
