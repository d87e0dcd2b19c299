"""The turn of the loop: what several sockets bring meanwhile is handled together, and what it causes leaves at its end.

Many sockets are read in a turn when there is much to do. All that was read is handled in one go, then all is written,
one write a socket: work of one kind finds its code and tables in the cache, where reads and writes between would push
them out. A read that comes alone has nothing to wait for: to end the turn first would take another look at every
socket, which costs as much as the write itself.
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


class Reader(Protocol):
    """Whose socket was read."""

    def handle(self, data: bytes) -> None:
        """Handle what was read."""


class Turn:
    """Ends the turns of the sockets of a home.

    Attributes:
        clock: the home's.
    """

    __slots__ = ("_due", "_is_alone", "_read_at", "_reads", "clock")

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._reads: list[tuple[Reader, bytes]] = []
        self._due: list[Flushable] = []
        self._is_alone = False
        self._read_at = 0.0

    def at_end(self, thing: Flushable) -> None:
        """Flush ``thing`` at the end of the turn."""
        if not self._due and not self._reads and not self._is_alone:
            self.clock.call_soon(self.end)
        self._due.append(thing)

    def read(self, reader: Reader, data: bytes) -> None:
        """Have ``data``, which was read from a socket, handled: now if it comes alone, else at the end of the turn."""
        if self._reads:
            self._reads.append((reader, data))
        elif self.clock.monotonic() - self._read_at > ALONE_S:
            self._is_alone = True
            _handle(reader, data)
            self._is_alone = False
            if self._due:
                self.end()
            self._read_at = self.clock.monotonic()
        else:
            if not self._due:
                self.clock.call_soon(self.end)
            self._reads.append((reader, data))

    def end(self) -> None:
        """Handle what was read, then flush whatever waits, and what that leads to."""
        due, reads = self._due, self._reads
        for reader, data in reads:  # what they cause is due, and asks for no other end: there are reads
            _handle(reader, data)
        if reads:
            reads.clear()
            self._read_at = self.clock.monotonic()
        try:
            for thing in due:  # which grows meanwhile: what a client is sent makes its socket wait for its own flush
                try:
                    thing.flush()
                except Exception:  # noqa: BLE001 - one that fails does not keep the others from being flushed
                    _log.exception("%r could not be flushed", thing)
        finally:
            due.clear()


def _handle(reader: Reader, data: bytes) -> None:
    try:
        reader.handle(data)
    except Exception:  # noqa: BLE001 - what one socket brings does not keep what others brought from being handled
        _log.exception("what %r read could not be handled", reader)
