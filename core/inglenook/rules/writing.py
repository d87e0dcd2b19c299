"""Writes the states of rules: once a turn of the loop, or at once as soon as anything in the home looks at them."""

from inglenook.entity import Entity
from inglenook.home import Home
from inglenook.model import Context
from inglenook.rules.index import StateIndex


class StateWriter:
    """Writes entities whose state changes with every run.

    A rule that fires a thousand times a second would otherwise write two thousand states a second that nobody sees.
    """

    def __init__(self, home: Home, index: StateIndex) -> None:
        self._home = home
        self._index = index
        self._is_prompt = False
        self._due: dict[Entity, Context | None] = {}

    def changed(self, entity: Entity, context: Context | None) -> None:
        """Write ``entity`` before the loop turns again, at once when it is watched."""
        due = self._due
        if entity not in due:
            if self._is_prompt or self._is_watched(entity.entity_id):
                entity.write(context)
                return
            if not due:
                self._home.clock.call_soon(self.flush)
        due[entity] = context

    def write_now(self, entity: Entity) -> None:
        """Write ``entity`` at once."""
        self._due.pop(entity, None)
        entity.write()

    def flush(self) -> None:
        """Write what is due."""
        due, self._due = self._due, {}
        for entity, context in due.items():
            entity.write(context)

    def be_prompt(self) -> None:
        """From now on write at once: some rule reads what other rules have last done."""
        self._is_prompt = True
        self.flush()

    def _is_watched(self, entity_id: str) -> bool:
        return self._index.is_watched(entity_id) or self._home.states.is_watched(entity_id)
