"""A device's socket on the hub's side, whichever way its frames are read and written."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from aiohttp import WSCloseCode

from inglenook.clock import Clock, Timer
from inglenook.devices import DeviceLimits
from inglenook.protocol import CloseCode


class Receiver(Protocol):
    """Who handles what a socket brings."""

    def receive(self, payload: bytes) -> None:
        """Handle one text frame."""

    def receive_binary(self) -> None:
        """Refuse a binary frame."""

    def control(self) -> None:
        """The other end asked for a sign of life."""

    def lost(self) -> None:
        """The socket is gone; the second time does nothing."""


Connect = Callable[["SocketWire"], Receiver]

CLOSE_S: Final = 2.0  # for the other end to say goodbye
_SWEEP_S: Final = 0.5
_MAX_REASON_BYTES: Final = 120


class Goodbye:
    """How a socket ends: the code and reason of the close frame that is sent, or has come."""

    __slots__ = ("code", "reason")

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore").encode()


LOST: Final = Goodbye(WSCloseCode.ABNORMAL_CLOSURE, "")
FAILED: Final = Goodbye(WSCloseCode.INTERNAL_ERROR, "the hub failed to handle a frame")


class SocketWire:
    """What a device's connection writes to.

    Attributes:
        address: the other end, without a port.
        is_closing: nothing is sent or handled any more.
        is_heard: something has come; whoever wants to know whether more does, takes it back.
        unproven_bytes: so many may still come from who is not known yet; 0 once it is, and where that does not matter.
    """

    __slots__ = ("_slow", "_traffic", "_transport", "address", "is_closing", "is_heard", "unproven_bytes")

    def __init__(self, address: str, slow: "SlowSockets") -> None:
        self.address = address
        self.is_closing = False
        self.is_heard = True
        self.unproven_bytes = 0
        self._slow = slow
        self._traffic = slow.traffic
        self._transport: asyncio.Transport | None = None

    @property
    def unsent_bytes(self) -> int:
        """Bytes that the operating system has not taken yet."""
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and no more; the second time does nothing."""
        if not self.is_closing:
            self.end(Goodbye(code, reason))

    def end(self, goodbye: Goodbye) -> None:
        """End the socket like this, unless it has ended already."""
        raise NotImplementedError

    def send(self, frame: bytes) -> None:
        """Send one text frame; never waits."""
        raise NotImplementedError

    def ping(self) -> None:
        """Ask for a sign of life."""
        raise NotImplementedError

    def pause(self) -> None:
        """Read nothing more until :meth:`resume`."""
        raise NotImplementedError

    def resume(self) -> None:
        """Go on reading."""
        raise NotImplementedError

    def abort(self) -> None:
        """Drop the socket, and what the other end never read."""
        if self._transport is not None:
            self._transport.abort()

    def _check(self) -> None:
        """After a write: has the data left?"""
        unsent = self.unsent_bytes
        if unsent:
            self._slow.watch(self, unsent)


class Traffic:
    """Bytes that all sockets of a gateway have sent and received so far, without those of encryption."""

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.received = 0
        self.sent = 0

    def statistics(self) -> dict[str, int]:
        """Return both."""
        return {"received": self.received, "sent": self.sent}


class SlowSockets:
    """Sockets whose data does not leave. Too much of it, or for too long, closes them with 1013.

    Attributes:
        traffic: of all sockets that are looked after.
    """

    def __init__(self, clock: Clock, limits: DeviceLimits) -> None:
        self._clock = clock
        self._limits = limits
        self.traffic = Traffic()
        self._stuck: dict[SocketWire, tuple[int, float]] = {}
        self._timer: Timer | None = None

    def watch(self, wire: SocketWire, unsent: int) -> None:
        """Look after ``wire``, which has ``unsent`` bytes that do not leave at once."""
        if unsent > self._limits.unsent_bytes:
            wire.close(CloseCode.OVERLOADED, f"{unsent} bytes wait to be read")
        elif wire not in self._stuck:
            self._stuck[wire] = unsent, self._clock.monotonic()
            if self._timer is None:
                self._timer = self._clock.call_later(_SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        now = self._clock.monotonic()
        for wire, (before, since) in tuple(self._stuck.items()):
            unsent = wire.unsent_bytes
            if not unsent or wire.is_closing:
                del self._stuck[wire]
            elif unsent < before:
                self._stuck[wire] = unsent, now
            elif now - since >= self._limits.blocked_s:
                del self._stuck[wire]
                wire.close(CloseCode.OVERLOADED, f"nothing was read for {now - since:.0f} s")
        self._timer = self._clock.call_later(_SWEEP_S, self._sweep) if self._stuck else None
