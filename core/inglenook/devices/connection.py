"""One socket of a device, without the socket: decodes what comes, keeps the rate, hands frames to who is in charge."""

import logging
from collections.abc import Callable
from typing import Final, Protocol

from inglenook.clock import Clock
from inglenook.devices.limits import DeviceLimits
from inglenook.errors import ProtocolError
from inglenook.protocol import CloseCode, ErrorFrame, encode
from inglenook.protocol.device_frames import NOT_A_FRAME, AnyDeviceFrame, decode_valid, refuse_invalid

_log = logging.getLogger(__name__)

_REST_S: Final = 0.25  # a socket that was too fast rests at least so long, rather than a message at a time


class Wire(Protocol):
    """What carries frames: a WebSocket, or a pair of queues in a test.

    Attributes:
        address: where the other end is, to count failures against; without a port.
    """

    address: str

    def send(self, frame: bytes) -> None:
        """Send one text frame; never waits. A wire that takes no more closes itself with 1013."""

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and no more; the second time does nothing."""

    def pause(self) -> None:
        """Read nothing more from the other end until :meth:`resume`."""

    def resume(self) -> None:
        """Go on reading."""


class Connection:
    """A device's end of a :class:`Wire`. Whoever is in charge sets ``handle`` and ``on_lost``.

    Attributes:
        handle: called with each frame; may raise ProtocolError, which the device is told.
        on_lost: called once, when the socket is gone.
        messages: frames received, also refused ones.
        bytes: their payload.
        send: sends one frame, unless the socket is closed.
    """

    __slots__ = (
        "_allowed", "_burst", "_clock", "_rate", "_refilled_at", "bytes", "handle", "is_open", "messages", "on_lost",
        "send", "wire",
    )  # fmt: skip

    def __init__(self, wire: Wire, limits: DeviceLimits, clock: Clock) -> None:
        self.wire = wire
        self.send: Callable[[bytes], None] = wire.send
        self.handle: Callable[[AnyDeviceFrame], None] = _ignore
        self.on_lost: Callable[[], None] = _nothing
        self.is_open = True
        self.messages = 0
        self.bytes = 0
        self._clock = clock
        self._rate = limits.rate_per_s
        self._burst = float(limits.burst)
        self._allowed = self._burst  # so many messages may have come before the rate is looked at
        self._refilled_at = clock.monotonic()

    def receive(self, payload: bytes) -> None:
        """Handle one text frame."""
        if not self.is_open:
            return
        self.messages += 1
        self.bytes += len(payload)
        if self.messages > self._allowed:
            self._refill()
        try:
            try:
                frame = decode_valid(payload)
            except NOT_A_FRAME as error:
                refuse_invalid(payload, error)
                return
            self.handle(frame)
        except ProtocolError as error:
            self.refuse(error)

    def receive_binary(self) -> None:
        """Handle one binary frame: the protocol has none."""
        self.refuse(ProtocolError("binary", "got a binary frame; this protocol is JSON in text frames"))
        self.close(CloseCode.PROTOCOL, "binary frame")

    def control(self) -> None:
        """Count a control frame of the WebSocket: it is a sign of life, and costs as much."""
        self.messages += 1
        if self.messages > self._allowed:
            self._refill()

    def refuse(self, error: ProtocolError) -> None:
        """Tell the device what was wrong with its frame."""
        _log.debug("refused a frame of %s: %s", self.wire.address, error)
        self.send(encode(ErrorFrame(error.code, error.message, error.field)))

    def close(self, code: CloseCode, reason: str = "") -> None:
        """Close the socket; nothing is sent or handled afterwards, ``on_lost`` is called once it is gone."""
        if self.is_open:
            self.is_open = False
            self.send = _ignore
            self.wire.close(code, reason)

    def lost(self) -> None:
        """The socket is gone. Called by the wire, once."""
        self.is_open = False
        self.send = _ignore
        on_lost, self.on_lost = self.on_lost, _nothing
        on_lost()

    def _refill(self) -> None:
        """Bring the credit up to date; stop reading when the device really sends too fast."""
        now = self._clock.monotonic()
        credit = min(self._allowed - self.messages + (now - self._refilled_at) * self._rate, self._burst)
        self._allowed = self.messages + credit
        self._refilled_at = now
        if credit < 0.0:
            self.wire.pause()
            self._clock.call_later(max(-credit / self._rate, _REST_S), self._go_on)

    def _go_on(self) -> None:
        if self.is_open:
            self.wire.resume()


def _ignore(_: AnyDeviceFrame | bytes) -> None:
    """Nobody is in charge, or there is no socket any more."""


def _nothing() -> None:
    """Nobody wants to know."""
