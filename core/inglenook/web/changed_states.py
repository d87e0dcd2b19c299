"""The states that calls change, gathered for the callers that are told of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from inglenook.bus import EventBus, Unsubscribe
from inglenook.model import EVENT_STATE_CHANGED, Context, Event


class ChangedStates:
    """Hears of changes while a call goes on; one listener for all calls, however many wait.

    Args:
        bus: of the home.
    """

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._by_context: dict[str, list[dict[str, Any]]] = {}
        self._unsubscribe: Unsubscribe | None = None

    @contextmanager
    def under(self, context: Context) -> Iterator[list[dict[str, Any]]]:
        """Give a list that is filled with the states as clients read them that are written under ``context``."""
        changed = self._by_context[context.id] = []
        if self._unsubscribe is None:
            self._unsubscribe = self._bus.listen(EVENT_STATE_CHANGED, self._note)
        try:
            yield changed
        finally:
            del self._by_context[context.id]
            if not self._by_context:
                self._unsubscribe()
                self._unsubscribe = None

    def _note(self, event: Event) -> None:
        changed = self._by_context.get(event.context.id)
        new = event.data["new_state"]
        if changed is not None and new is not None:
            changed.append(new.as_dict())
