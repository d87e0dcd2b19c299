"""One WebSocket to the hub, as the device sees it."""

import ssl
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import aiohttp

from inglenook.errors import InglenookError
from inglenook.protocol import SUBPROTOCOL

_CLOSE_S: Final = 2.0
_ABNORMAL: Final = 1006


class LinkLost(InglenookError):
    """The socket is closed or could not be opened; ``code`` is the WebSocket close code, 1006 when there is none."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code} {reason}".strip())


class Link(Protocol):
    """A socket that is open."""

    async def send(self, frame: bytes) -> None:
        """Send one text frame.

        Raises:
            LinkLost: it is closed.
        """

    async def receive(self) -> bytes:
        """Return the next frame.

        Raises:
            LinkLost: it is closed.
        """

    async def close(self) -> None:
        """Close it; never raises."""


OpenLink = Callable[[str], Awaitable[Link]]


class WebSocketLink:
    """A link over aiohttp."""

    def __init__(self, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        self._session = session
        self._socket = socket

    async def send(self, frame: bytes) -> None:
        """Send one text frame."""
        try:
            await self._socket.send_frame(frame, aiohttp.WSMsgType.TEXT)
        except (ConnectionError, RuntimeError) as error:
            raise LinkLost(self._socket.close_code or _ABNORMAL, str(error)) from error

    async def receive(self) -> bytes:
        """Return the next text frame; others are none of this protocol's."""
        while True:
            message = await self._socket.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                frame: bytes = message.data
                return frame
            if message.type is not aiohttp.WSMsgType.BINARY:
                raise LinkLost(self._socket.close_code or _ABNORMAL, str(message.extra or "the connection broke"))

    async def close(self) -> None:
        """Close the socket and give back its connection."""
        await self._socket.close()
        await self._session.close()


async def open_link(url: str, *, ssl_context: ssl.SSLContext | None = None) -> Link:
    """Connect to the hub's ``/api/device``.

    Raises:
        LinkLost: nobody answers there, or not as a hub.
    """
    session = aiohttp.ClientSession()
    try:
        socket = await session.ws_connect(
            url,
            protocols=(SUBPROTOCOL,),
            compress=0,
            timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_S),
            ssl=ssl_context or True,
            decode_text=False,
        )
    except (aiohttp.ClientError, OSError) as error:
        await session.close()
        raise LinkLost(_ABNORMAL, f"cannot reach {url}: {error}") from error
    except BaseException:
        await session.close()
        raise
    return WebSocketLink(session, socket)
