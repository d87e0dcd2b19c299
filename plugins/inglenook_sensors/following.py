"""An entity that is made of others: it follows their states and the clock as long as it is there."""

from collections.abc import Callable
from typing import Any

from inglenook import Context, Entity, Home, State

Config = dict[str, Any]
Heard = Callable[[State | None, State | None], None]


class Following(Entity):
    """An entity that follows others. A subclass begins in :meth:`added`.

    Attributes:
        object_id: of its first entity id, where that is not made of the name.
    """

    object_id: str | None = None

    def __init__(self, home: Home, config: Config) -> None:
        self._home = home
        self._unwatch: list[Callable[[], None]] = []
        self._cancel_alarm: Callable[[], None] | None = None
        self.name = config.get("name")
        self.unique_id = config.get("unique_id")
        self.device_class = config.get("device_class")

    def follow(self, entity_id: str, heard: Heard) -> None:
        """Call ``heard`` with the old and the new state at every change of ``entity_id``."""

        def changed(_entity_id: str, old: State | None, new: State | None, _context: Context) -> None:
            heard(old, new)

        self._unwatch.append(self._home.states.watch(entity_id, changed))

    def wake_at(self, when: float, ring: Callable[[], None]) -> None:
        """Call ``ring`` at ``when``, in seconds since the epoch, and not at what was said before."""
        self.wake_not()
        self._cancel_alarm = self._home.clock.call_at(when, ring).cancel

    def wake_in(self, delay_s: float, ring: Callable[[], None]) -> None:
        """Call ``ring`` once ``delay_s`` has passed, and not at what was said before."""
        self.wake_not()
        self._cancel_alarm = self._home.clock.call_later(delay_s, ring).cancel

    def wake_not(self) -> None:
        """Wait for nothing any more."""
        if self._cancel_alarm is not None:
            self._cancel_alarm()
            self._cancel_alarm = None

    def removed(self) -> None:
        """Follow nothing any more."""
        self.wake_not()
        for unwatch in self._unwatch:
            unwatch()
        self._unwatch = []
