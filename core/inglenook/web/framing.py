"""Frames in and out of a device's socket, as fast as aiohttp lets them.

aiohttp answers the upgrade, and its compiled parser takes frames apart; but it would keep a task, a request and a queue
for each socket, and waking that task for a message costs more than the rest of the engine. So once the upgrade is
answered the socket is taken over: frames are handled without a task, and what a turn causes is written once.

That needs names that aiohttp and asyncio keep private. They are all in this file and are looked for at import; without
them ``public_framing`` does the same with more time and memory.
"""

import asyncio
import asyncio.selector_events
import logging
from collections.abc import Callable
from struct import Struct
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.http_websocket import WebSocketError, WebSocketWriter
from aiohttp.web_protocol import RequestHandler

from inglenook.protocol import SUBPROTOCOL
from inglenook.web.turn import Turn
from inglenook.web.wire import CLOSE_S, FAILED, LOST, Connect, Goodbye, Receiver, SlowSockets, SocketWire

_log = logging.getLogger(__name__)

try:
    from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
except ImportError:  # an aiohttp that has moved them
    HAS_TAP = False
else:
    HAS_TAP = (
        hasattr(web.WebSocketResponse, "_post_start")
        and "_message_tail" in getattr(RequestHandler, "__slots__", ())
        and hasattr(WebSocketDataQueue, "feed_data")
    )

# The compiled queue is whole without its __init__, which would make a buffer that nothing uses, and keep the HTTP side.
_IS_COMPILED: Final = HAS_TAP and hasattr(WebSocketDataQueue, "_size")
_RECEIVE_BYTES: Final = 65_536
_TEXT: Final = WSMsgType.TEXT
_PING: Final = b"\x89\x00"
_PONG: Final = 0x8A
_CLOSE: Final = 0x88
_HEADER_2: Final = [bytes((0x81, size)) for size in range(126)]
_header_4: Final = Struct("!BBH").pack
_header_10: Final = Struct("!BBQ").pack


def shrink_receive_buffer() -> None:
    """Let asyncio read at most 64 KiB at once: for its 256 KiB the C library maps and unmaps memory on every read."""
    transport = getattr(asyncio.selector_events, "_SelectorTransport", None)
    if transport is not None and hasattr(transport, "max_size"):
        transport.max_size = _RECEIVE_BYTES


class OpenSockets:
    """The sockets that were taken over from aiohttp, which no longer closes them."""

    def __init__(self) -> None:
        self._wires: set[TapWire] = set()
        self._empty: asyncio.Future[None] | None = None

    def add(self, wire: "TapWire") -> None:
        """Count an open socket."""
        self._wires.add(wire)

    def discard(self, wire: "TapWire") -> None:
        """Count it no more."""
        self._wires.discard(wire)
        if not self._wires and self._empty is not None and not self._empty.done():
            self._empty.set_result(None)

    async def closed(self) -> None:
        """Wait until every socket is closed; the hub has ended them all, so this takes ``CLOSE_S`` at most."""
        if self._wires:
            self._empty = asyncio.get_running_loop().create_future()
            await self._empty


class TapWire(SocketWire, asyncio.Protocol):
    """A socket that was taken over: its frames are handled without a task of its own.

    Args:
        address: the other end.
        slow: takes care of sockets whose data does not leave.
        turn: shared by the sockets of a home.
        sockets: knows the open ones.
    """

    __slots__ = ("_clock", "_connection", "_out", "_reader", "_sockets", "_tap", "_turn")

    def __init__(self, address: str, slow: SlowSockets, turn: Turn, sockets: OpenSockets) -> None:
        super().__init__(address, slow)
        self._turn = turn
        self._sockets = sockets
        self._clock = turn.clock
        self._out: list[bytes] = []
        self._connection: Receiver | None = None
        self._tap: _Tap | None = None
        self._reader: WebSocketReader | None = None

    async def serve(self, request: web.Request, max_frame: int, connect: Connect) -> web.StreamResponse:
        """Answer the upgrade, and take the socket over for the connection that ``connect`` makes."""
        response = _Upgrade()
        await response.prepare(request)
        http, transport = request.protocol, request.transport
        if transport is None:
            raise ConnectionResetError("the socket was lost during the upgrade")
        self._tap = _Tap(self, http)
        self._reader = WebSocketReader(self._tap, max_frame + 1, compress=False, decode_text=False)  # refuses its limit
        self._transport = transport
        tail, http.transport = http._message_tail, None  # noqa: SLF001 - what came right behind the request
        http.connection_lost(None)
        transport.set_protocol(self)
        self._sockets.add(self)
        self._connection = connect(self)
        self._tap.release(self._connection)
        if tail:
            self.data_received(tail)
        return response

    def send(self, frame: bytes) -> None:
        """Send one text frame; never waits."""
        if self.is_closing:
            return
        size = len(frame)
        if size < 126:
            data = _HEADER_2[size] + frame
        elif size < 65_536:
            data = _header_4(0x81, 126, size) + frame
        else:
            data = _header_10(0x81, 127, size) + frame
        if not self._out:
            self._turn.at_end(self)
        self._out.append(data)

    def flush(self) -> None:
        """Write what was held back until the end of the turn."""
        out, transport = self._out, self._transport
        if out and transport is not None:
            data = out[0] if len(out) == 1 else b"".join(out)
            self._traffic.sent += len(data)
            out.clear()  # before the check, which may end the socket, which flushes
            transport.write(data)
            if transport.get_write_buffer_size():
                self._check()

    def ping(self) -> None:
        """Ask for a sign of life."""
        if self._transport is not None and not self.is_closing:
            self._transport.write(_PING)
            self._check()

    def pong(self, payload: bytes) -> None:
        """Answer a ping of the WebSocket itself."""
        if self._transport is not None:
            self._transport.write(bytes((_PONG, len(payload))) + payload)
            self._check()

    def pause(self) -> None:
        """Read nothing more until :meth:`resume`; what has been read waits."""
        if self._tap is not None and self._transport is not None:
            self._tap.hold()
            self._transport.pause_reading()

    def resume(self) -> None:
        """Go on reading."""
        if self._tap is not None and self._connection is not None and not self.is_closing:
            self._tap.release(self._connection)
            if not self._tap.is_held and self._transport is not None:
                self._transport.resume_reading()

    def end(self, goodbye: Goodbye, *, is_answer: bool = False) -> None:
        """Say goodbye and wait a little for the answer; or answer, when the other end has said it."""
        if self.is_closing:
            return
        self.is_closing = True
        self.flush()
        transport = self._transport
        if transport is not None and self._tap is not None:
            self._tap.stop()
            if goodbye is not LOST:
                payload = goodbye.code.to_bytes(2, "big") + goodbye.reason
                transport.write(bytes((_CLOSE, len(payload))) + payload)
            if is_answer or goodbye is LOST:
                transport.close()
            else:
                transport.resume_reading()  # or the answer would not be seen
                self._clock.call_later(CLOSE_S, self.abort)
        if self._connection is not None:
            self._connection.lost()

    def answered(self) -> None:
        """The other end has answered the goodbye."""
        if self._transport is not None:
            self._transport.close()

    # -- what asyncio calls -----------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Have what was read handled in this turn."""
        self.is_heard = True
        self._traffic.received += len(data)
        self._turn.read(self, data)

    def handle(self, data: bytes) -> None:
        """Handle what was read. After an error the rest is dropped, until the other end knows why."""
        if self._reader is None:
            return
        is_broken, _ = self._reader.feed_data(data)  # which raises nothing
        if is_broken:
            self._reader = None
        elif self.unproven_bytes:
            self._count_unproven(len(data))

    def _count_unproven(self, size: int) -> None:
        """End the socket before a stranger's frame fills the memory: it would be looked at once all of it is there."""
        self.unproven_bytes -= size
        if self.unproven_bytes <= 0:
            self._reader = None
            self.end(Goodbye(WSCloseCode.MESSAGE_TOO_BIG, "too much before a token was shown"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        del exc
        self.is_closing = True
        self._transport = self._reader = self._tap = None
        self._sockets.discard(self)
        if self._connection is not None:
            self._connection.lost()


if HAS_TAP:

    class _Tap(WebSocketDataQueue):
        """Where aiohttp's parser puts messages: text goes straight to the device's connection."""

        def __init__(self, wire: TapWire, protocol: RequestHandler) -> None:
            if not _IS_COMPILED:
                super().__init__(protocol, _RECEIVE_BYTES, loop=asyncio.get_running_loop())
            self.is_held = True
            self._wire = wire
            self._connection: Receiver | None = None
            self._held: list[Any] = []  # a deque would take its first 64 places at once, for every socket
            self._receive: Callable[[bytes], None] | None = None  # while nothing is held or closing

        def hold(self) -> None:
            """Keep what comes until :meth:`release`."""
            self.is_held = True
            self._receive = None

        def release(self, connection: Receiver) -> None:
            """Hand what was held to ``connection``, and what comes, until it is held again."""
            self.is_held = False
            self._connection = connection
            while self._held and not self.is_held:
                self._handle(self._held.pop(0))
            if not self.is_held and not self._wire.is_closing:
                self._receive = connection.receive

        def stop(self) -> None:
            """Hand over nothing more: only the end of the socket is waited for."""
            self._receive = None
            self._held.clear()
            self.is_held = False

        def feed_data(self, data: Any, size: int) -> None:
            """Take one message from the parser."""
            del size
            if data[0] is _TEXT and self._receive is not None:
                self._receive(data[1])
            elif self.is_held:
                self._held.append(data)
            else:
                self._handle(data)

        def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
            """The bytes are no WebSocket frames, a frame is too long, or handling one failed."""
            del exc_cause
            if isinstance(exc, WebSocketError):
                self._wire.end(Goodbye(exc.code, str(exc)))
            else:
                _log.error("handling a frame of %s failed", self._wire.address, exc_info=exc)
                self._wire.end(FAILED)

        def _handle(self, message: Any) -> None:
            kind, connection = message[0], self._connection
            if self._wire.is_closing or connection is None:
                if kind is WSMsgType.CLOSE:
                    self._wire.answered()
            elif kind is _TEXT:
                connection.receive(message[1])
            elif kind is WSMsgType.BINARY:
                connection.receive_binary()
            elif kind is WSMsgType.PING:
                connection.control()
                self._wire.pong(message[1])
            elif kind is WSMsgType.CLOSE:
                self._wire.end(Goodbye(message[1] or WSCloseCode.OK, ""), is_answer=True)

    class _Upgrade(web.WebSocketResponse):
        """Answers the upgrade and does nothing more: the socket is taken over."""

        def __init__(self) -> None:
            super().__init__(compress=False, protocols=(SUBPROTOCOL,))

        def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: WebSocketWriter) -> None:
            del request
            self._ws_protocol = protocol
            self._writer = writer

        async def write_eof(self, data: bytes = b"") -> None:
            """Write nothing: the socket is not aiohttp's any more."""
