"""What waits to be sent to a client: one write a turn of the loop, the newest of each state for one that is slow."""

import logging
from collections.abc import Callable, Hashable
from typing import Final

from inglenook.web.turn import Turn
from inglenook.web.wire import SocketWire

_log = logging.getLogger(__name__)

HIGH_BYTES: Final = 262_144  # so much that has not left means that the client is behind
LOW_BYTES: Final = 65_536
MAX_HELD: Final = 4_096  # events other than states
_LOOK_AGAIN_S: Final = 0.05

Frame = bytes | Callable[[], bytes | None]


class Outbox:
    """What one client is sent.

    A client that does not read as fast as things happen is behind: nothing more is read from it, and of what happens
    meanwhile it gets, once it has caught up, the newest of each state and every other event as far as there is room.

    Args:
        wire: the socket.
        turn: shared by the sockets of a home.

    Attributes:
        coalesces: the client takes several frames as one, in a JSON array.
        is_behind: what is sent is held back.
        dropped: events that found no room.
    """

    __slots__ = ("_frames", "_held", "_others", "_size", "_turn", "_wire", "coalesces", "dropped", "is_behind")

    def __init__(self, wire: SocketWire, turn: Turn) -> None:
        self._wire = wire
        self._turn = turn
        self._frames: list[bytes] = []
        self._held: dict[Hashable, Frame] | None = None
        self._others = 0
        self._size = 0
        self.coalesces = False
        self.is_behind = False
        self.dropped = 0

    def send(self, frame: bytes) -> None:
        """Send an answer; it is never dropped."""
        if self.is_behind:
            self._hold(object(), frame)
        else:
            self._put(frame)

    def send_event(self, frame: bytes) -> None:
        """Send an event; dropped, and counted, when too many wait."""
        if not self.is_behind:
            self._put(frame)
        elif self._others < MAX_HELD:
            self._others += 1
            self._hold(object(), frame)
        else:
            if not self.dropped:
                _log.warning("client %s is too slow: of its events some are dropped", self._wire.address)
            self.dropped += 1

    def send_latest(self, key: Hashable, frame: Frame) -> None:
        """Send the newest of what is known by ``key``; it takes the place of an older one that waits.

        ``frame`` may be what makes it, called when it leaves; None of it sends nothing.
        """
        if self.is_behind:
            self._hold(key, frame)
        elif (made := frame if isinstance(frame, bytes) else frame()) is not None:
            self._put(made)

    def flush(self) -> None:
        """Hand everything that does not have to wait to the socket."""
        frames = self._frames
        if not frames:
            return
        self._frames, self._size = [], 0
        if self.coalesces and len(frames) > 1:
            self._wire.send(b"[" + b",".join(frames) + b"]")
        else:
            for frame in frames:
                self._wire.send(frame)

    def clear(self) -> None:
        """Forget everything: the socket is gone."""
        self._frames.clear()
        self._held = None

    def _put(self, frame: bytes) -> None:
        if not self._frames:
            self._turn.at_end(self)
        self._frames.append(frame)
        self._size += len(frame)
        if self._size > HIGH_BYTES or (self._wire.unsent_bytes > HIGH_BYTES):
            self._fall_behind()

    def _hold(self, key: Hashable, frame: Frame) -> None:
        if self._held is None:
            self._held = {}
        self._held.pop(key, None)
        self._held[key] = frame

    def _fall_behind(self) -> None:
        if not self.is_behind:
            self.is_behind = True
            self._wire.pause()
            self._turn.clock.call_later(_LOOK_AGAIN_S, self._look_again)

    def _look_again(self) -> None:
        """See whether the client has caught up."""
        if self._wire.is_closing:
            self.clear()
            return
        if self._frames or self._wire.unsent_bytes > LOW_BYTES:
            self._turn.clock.call_later(_LOOK_AGAIN_S, self._look_again)
            return
        held, self._held = self._held or {}, None
        self.is_behind, self._others = False, 0
        self._wire.resume()
        for key, frame in held.items():  # as soon as it is behind again, they are held again
            self._send_held(key, frame)

    def _send_held(self, key: Hashable, frame: Frame) -> None:
        if isinstance(frame, bytes) and type(key) is object:
            self.send(frame)
        else:
            self.send_latest(key, frame)
