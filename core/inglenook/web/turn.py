"""The turn of the loop: what several causes ask for meanwhile is done once, at its end.

Many sockets are read in a turn when there is much to do: what is sent then leaves at the end, one write a socket, and
writes that follow each other cost less than writes between other work. A read that comes alone has nothing to wait for:
to end the turn first would take another look at every socket, which costs as much as the write itself.
"""

import logging
from typing import Final, Protocol

from inglenook.clock import Clock

_log = logging.getLogger(__name__)

ALONE_S: Final = 50e-6  # so long after the read before, a read is not of the same turn


class Flushable(Protocol):
    """What holds something back until the end of the turn."""

    def flush(self) -> None:
        """Let it go."""


class Turn:
    """Ends the turns of the sockets of a home.

    Attributes:
        clock: the home's.
    """

    __slots__ = ("_due", "_is_alone", "_read_at", "clock")

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._due: list[Flushable] = []
        self._is_alone = False
        self._read_at = 0.0

    def at_end(self, thing: Flushable) -> None:
        """Flush ``thing`` at the end of the turn."""
        if not self._due and not self._is_alone:
            self.clock.call_soon(self.end)
        self._due.append(thing)

    def read_begins(self) -> None:
        """Something was read from a socket, and is handled now; :meth:`read_ends` follows."""
        self._is_alone = self.clock.monotonic() - self._read_at > ALONE_S

    def read_ends(self) -> None:
        """It is handled: if it came alone, the turn ends."""
        if self._is_alone:
            self._is_alone = False
            if self._due:
                self.end()
        self._read_at = self.clock.monotonic()

    def end(self) -> None:
        """Flush whatever waits, and what that leads to."""
        due = self._due
        try:
            for thing in due:  # which grows meanwhile: what a client is sent makes its socket wait for its own flush
                try:
                    thing.flush()
                except Exception:  # noqa: BLE001 - one that fails does not keep the others from being flushed
                    _log.exception("%r could not be flushed", thing)
        finally:
            due.clear()
