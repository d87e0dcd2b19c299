"""Frames in and out of a device's socket, as fast as aiohttp lets them.

aiohttp hands each message to a task that waits for it, which costs more than the rest of the engine. Here a frame is
handled where the socket's data arrives, and what that causes is written once a read. It needs names that aiohttp and
asyncio keep private: they are all in this file and are looked for at import. Without them ``public_framing`` does the
same more slowly.
"""

import asyncio
import asyncio.selector_events
import logging
from collections import deque
from collections.abc import Callable
from struct import Struct
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.http_websocket import WebSocketError, WebSocketWriter
from aiohttp.web_protocol import RequestHandler

from inglenook.devices import Connection
from inglenook.protocol import SUBPROTOCOL
from inglenook.web.wire import CLOSE_S, FAILED, LOST, Goodbye, SlowSockets, SocketWire

_log = logging.getLogger(__name__)

try:
    from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
except ImportError:  # an aiohttp that has moved them
    HAS_TAP = False
else:
    HAS_TAP = (
        hasattr(web.WebSocketResponse, "_post_start")
        and hasattr(RequestHandler, "set_parser")
        and hasattr(WebSocketDataQueue, "feed_data")
    )

_RECEIVE_BYTES: Final = 65_536
_HEADER_2: Final = [bytes((0x81, size)) for size in range(126)]
_header_4: Final = Struct("!BBH").pack
_TEXT: Final = WSMsgType.TEXT


def shrink_receive_buffer() -> None:
    """Let asyncio read at most 64 KiB at once: for its 256 KiB the C library maps and unmaps memory on every read."""
    transport = getattr(asyncio.selector_events, "_SelectorTransport", None)
    if transport is not None and hasattr(transport, "max_size"):
        transport.max_size = _RECEIVE_BYTES


class WriteBatch:
    """What one socket's read causes to be sent, to whichever socket: it leaves in one write a socket."""

    __slots__ = ("dirty", "is_open")

    def __init__(self) -> None:
        self.is_open = False
        self.dirty: list[TapWire] = []

    def flush(self) -> None:
        """Write what waits and close the batch."""
        self.is_open = False
        for wire in self.dirty:
            wire.flush()
        self.dirty.clear()


class TapWire(SocketWire):
    """A device's socket whose frames are handled as their bytes arrive.

    Args:
        address: the other end.
        max_frame: bytes; a longer frame closes the socket with 1009.
        slow: takes care of sockets whose data does not leave.
        batch: shared by the sockets of a gateway.
    """

    __slots__ = ("_batch", "_out", "_response", "_tap")

    def __init__(self, address: str, max_frame: int, slow: SlowSockets, batch: WriteBatch) -> None:
        super().__init__(address, slow)
        self._batch = batch
        self._out: list[bytes] = []
        self._response = _TappedResponse(self, max_frame, batch)
        self._tap: _Tap | None = None

    async def open(self, request: web.Request) -> web.WebSocketResponse:
        """Answer the upgrade."""
        await self._response.prepare(request)
        self._transport = request.transport
        self._tap = self._response.tap
        return self._response

    async def run(self, connection: Connection) -> None:
        """Let ``connection`` handle what comes, until the socket is closed."""
        assert self._tap is not None
        self._tap.start(connection)
        try:
            goodbye = await self.over
            connection.lost()
            await self._response.close(code=goodbye.code, message=goodbye.reason, drain=False)
        finally:
            self.abort_if_stuck()

    def send(self, frame: bytes) -> None:
        """Send one text frame of at most 64 KiB; never waits."""
        if self.is_closing:
            return
        size = len(frame)
        data = _HEADER_2[size] + frame if size < 126 else _header_4(0x81, 126, size) + frame
        if self._batch.is_open:
            if not self._out:
                self._batch.dirty.append(self)
            self._out.append(data)
        elif self._transport is not None:
            self._transport.write(data)
            self._check()

    def pong(self, payload: bytes) -> None:
        """Answer a ping of the WebSocket itself."""
        if self._transport is not None:
            self._transport.write(bytes((0x8A, len(payload))) + payload)
            self._check()

    def flush(self) -> None:
        """Write what the batch held back."""
        out, transport = self._out, self._transport
        if transport is not None:
            transport.write(out[0] if len(out) == 1 else b"".join(out))
            if transport.get_write_buffer_size():
                self._check()
        out.clear()

    def end(self, goodbye: Goodbye) -> None:
        """The socket ends like this, unless it has ended already."""
        super().end(goodbye)
        if self._tap is not None and self._transport is not None:
            self._tap.stop()
            self._transport.resume_reading()  # or the other end's goodbye would not be seen

    def pause(self) -> None:
        """Read nothing more until :meth:`resume`; what has been read waits."""
        if self._tap is not None and self._transport is not None:
            self._tap.hold()
            self._transport.pause_reading()

    def resume(self) -> None:
        """Go on reading."""
        if self._tap is not None and not self.is_closing:
            self._tap.release()
            if not self._tap.is_held and self._transport is not None:
                self._transport.resume_reading()


if HAS_TAP:

    class _Tap(WebSocketDataQueue):
        """aiohttp's queue of messages, which hands text to the device's connection instead of queueing it."""

        def __init__(self, wire: TapWire, protocol: RequestHandler) -> None:
            super().__init__(protocol, _RECEIVE_BYTES, loop=asyncio.get_running_loop())
            self.is_held = True
            self._wire = wire
            self._connection: Connection | None = None
            self._held: deque[Any] = deque()
            self._receive: Callable[[bytes], None] | None = None  # while text goes straight to the connection

        def start(self, connection: Connection) -> None:
            """Hand what comes to ``connection``, and what has come already."""
            self._connection = connection
            self.release()

        def hold(self) -> None:
            """Keep what comes until :meth:`release`."""
            self.is_held = True
            self._receive = None

        def release(self) -> None:
            """Hand over what was held, until it is held again."""
            self.is_held = False
            while self._held and not self.is_held:
                self._handle(self._held.popleft())
            if not self.is_held and not self._wire.is_closing and self._connection is not None:
                self._receive = self._connection.receive

        def stop(self) -> None:
            """Hand over nothing more: only the end of the socket is waited for."""
            self._receive = None
            self._held.clear()
            self.is_held = False

        def feed_data(self, data: Any, size: int) -> None:
            """Take one message from aiohttp's parser."""
            if data[0] is _TEXT and self._receive is not None:
                self._receive(data[1])
            elif self.is_held:
                self._held.append(data)
            else:
                self._handle(data)

        def feed_eof(self) -> None:
            """The other end is gone."""
            super().feed_eof()
            self._wire.end(LOST)

        def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
            """The bytes are no WebSocket frames, a frame is too long, or handling one failed."""
            if isinstance(exc, WebSocketError):
                self._wire.end(Goodbye(exc.code, str(exc)))
            elif isinstance(exc, ConnectionError):
                self._wire.end(LOST)
            else:
                _log.error("handling a frame of %s failed", self._wire.address, exc_info=exc)
                self._wire.end(FAILED)

        def _handle(self, message: Any) -> None:
            kind = message[0]
            connection = self._connection
            if self._wire.is_closing or connection is None:
                if kind is WSMsgType.CLOSE:
                    super().feed_data(message, 0)
            elif kind is _TEXT:
                connection.receive(message[1])
            elif kind is WSMsgType.BINARY:
                connection.receive_binary()
            elif kind is WSMsgType.PING:
                connection.control()
                self._wire.pong(message[1])
            elif kind is WSMsgType.CLOSE:
                super().feed_data(message, 0)
                self._wire.end(Goodbye(message[1] or WSCloseCode.OK, ""))

    class _Parser:
        """aiohttp's parser, fed once a read of the socket: what that causes is one batch."""

        __slots__ = ("_batch", "_is_broken", "_reader")

        def __init__(self, reader: WebSocketReader, batch: WriteBatch) -> None:
            self._reader = reader
            self._batch = batch
            self._is_broken = False

        def feed_data(self, data: bytes) -> tuple[bool, bytes]:
            """Parse what was read. After an error the rest is dropped, until the other end has read why."""
            if self._is_broken:
                return False, b""
            batch = self._batch
            batch.is_open = True
            try:
                self._is_broken, _ = self._reader.feed_data(data)
            finally:
                batch.flush()
            return False, b""

        def feed_eof(self) -> None:
            """The other end is gone."""
            self._reader.feed_eof()

    class _TappedResponse(web.WebSocketResponse):
        """aiohttp's WebSocket with a tap between its parser and its queue."""

        tap: _Tap

        def __init__(self, wire: TapWire, max_frame: int, batch: WriteBatch) -> None:
            super().__init__(
                compress=False,
                decode_text=False,
                max_msg_size=max_frame + 1,  # aiohttp refuses what is as long as this
                protocols=(SUBPROTOCOL,),
                timeout=CLOSE_S,
            )
            self._wire = wire
            self._batch = batch

        def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: WebSocketWriter) -> None:
            self._ws_protocol = protocol
            self._writer = writer
            self.tap = self._reader = _Tap(self._wire, request.protocol)
            self._parser = WebSocketReader(self.tap, self._max_msg_size, compress=False, decode_text=False)
            request.protocol.set_parser(_Parser(self._parser, self._batch))  # type: ignore[arg-type]  # it acts as one
            request.protocol.keep_alive(False)
