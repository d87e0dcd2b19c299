"""Since when an entity has been what a condition asks for, through changes that leave it so."""

from weakref import WeakMethod, finalize

from inglenook.model import Context, State
from inglenook.rules.index import OnChange, StateIndex
from inglenook.rules.purpose.match import Test
from inglenook.rules.purpose.sources import Sources, is_known


class Since:
    """Watches entities for as long as somebody holds it, and notes when each began to match.

    An entity that matches when it is first followed counts from its last change.
    """

    __slots__ = ("__weakref__", "_begun", "_holds", "_sources", "_states")

    def __init__(self, states: StateIndex, sources: Sources, holds: Test) -> None:
        self._states = states
        self._sources = sources
        self._holds = holds
        self._begun: dict[str, float | None] = {}

    def begun(self, state: State) -> float | None:
        """Return when the entity began to match, in epoch seconds; None while it does not."""
        if state.entity_id not in self._begun:
            self.follow(state.entity_id, state)
        return self._begun[state.entity_id]

    def follow(self, entity_id: str, state: State | None) -> None:
        """Watch an entity from now on."""
        self._begun[entity_id] = None
        self._note(entity_id, None, state, None)
        finalize(self, self._states.watch(entity_id, _weakly(WeakMethod(self._note)))).atexit = False

    def _note(self, entity_id: str, _old: State | None, new: State | None, _context: Context | None) -> None:
        if new is None or not is_known(new) or not self._holds(new):
            self._begun[entity_id] = None
        elif self._begun[entity_id] is None:
            source = self._sources.get(new.domain)
            is_by_state = source is not None and source.attribute is None
            self._begun[entity_id] = new.changed_at if is_by_state else new.updated_at


def _weakly(note: WeakMethod[OnChange]) -> OnChange:
    """Return a callback that does not keep its owner alive."""

    def call(entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        method = note()
        if method is not None:
            method(entity_id, old, new, context)

    return call
