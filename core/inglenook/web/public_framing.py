"""Frames in and out of a device's socket through nothing but aiohttp's public interface."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from aiohttp import WSMsgType, web

from inglenook.protocol import SUBPROTOCOL
from inglenook.web.wire import CLOSE_S, FAILED, LOST, Connect, Goodbye, Receiver, SlowSockets, SocketWire

_log = logging.getLogger(__name__)

_NEVER_DRAIN: Final = 2**31  # the wire itself looks after what does not leave


class PublicWire(SocketWire):
    """A socket whose frames are awaited one by one.

    Args:
        address: the other end.
        slow: takes care of sockets whose data does not leave.
    """

    __slots__ = ("_may_read", "_over", "_response")

    def __init__(self, address: str, slow: SlowSockets) -> None:
        super().__init__(address, slow)
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._over: asyncio.Future[Goodbye] = asyncio.get_running_loop().create_future()
        self._response: web.WebSocketResponse[bool]

    async def serve(self, request: web.Request, max_frame: int, connect: Connect) -> web.StreamResponse:
        """Answer the upgrade, and let the connection that ``connect`` makes handle what comes, until it is closed."""
        self._response = web.WebSocketResponse(
            autoping=False,
            compress=False,
            decode_text=False,
            max_msg_size=max_frame + 1,  # aiohttp refuses what is as long as this
            protocols=(SUBPROTOCOL,),
            timeout=CLOSE_S,
            writer_limit=_NEVER_DRAIN,
        )
        await self._response.prepare(request)
        self._transport = request.transport
        connection = connect(self)
        reader = asyncio.create_task(self._read(connection), name=f"device socket {self.address}")
        reader.add_done_callback(self._after_reading)
        try:
            goodbye = await self._over
            connection.lost()
            await self._response.close(code=goodbye.code, message=goodbye.reason, drain=False)
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            connection.lost()
            if self.unsent_bytes:
                self.abort()
        return self._response

    def end(self, goodbye: Goodbye) -> None:
        """End the socket like this, unless it has ended already."""
        self.is_closing = True
        self._may_read.set()
        if not self._over.done():
            self._over.set_result(goodbye)

    def send(self, frame: bytes) -> None:
        """Send one text frame; never waits."""
        self._send(frame, WSMsgType.TEXT)

    def ping(self) -> None:
        """Ask for a sign of life."""
        self._send(b"", WSMsgType.PING)

    def _send(self, payload: bytes, kind: WSMsgType) -> None:
        if not self.is_closing:
            self._traffic.sent += len(payload)
            try:
                _run_at_once(self._response.send_frame(payload, kind))
            except ConnectionError:
                self.end(LOST)
                return
            self._check()

    def pause(self) -> None:
        """Read nothing more until :meth:`resume`."""
        self._may_read.clear()

    def resume(self) -> None:
        """Go on reading."""
        self._may_read.set()

    async def _read(self, connection: Receiver) -> None:
        while not self.is_closing:
            message = await self._response.receive()
            self.is_heard = True
            if message.type is WSMsgType.TEXT:
                self._traffic.received += len(message.data)
                connection.receive(message.data)
            elif message.type is WSMsgType.BINARY:
                connection.receive_binary()
            elif message.type is WSMsgType.PING:
                connection.control()
                self._send(message.data, WSMsgType.PONG)
            elif message.type is not WSMsgType.PONG:
                break
            await self._may_read.wait()

    def _after_reading(self, reader: asyncio.Task[None]) -> None:
        error = None if reader.cancelled() else reader.exception()
        if error is not None:
            _log.error("handling a frame of %s failed", self.address, exc_info=error)
            self.end(FAILED)
        else:
            self.end(Goodbye(self._response.close_code or LOST.code, ""))


def _run_at_once(sending: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that has nothing to wait for."""
    try:
        sending.send(None)
    except StopIteration:
        return
    sending.close()
    raise RuntimeError("aiohttp waited to send a frame, which it was told not to")
