"""The door of the HTTP side: how many connections may keep the home waiting, and for how long.

A connection waits from when it is opened, or its last answer has left, until a whole request has come: an honest client
sends that at once. So where too many wait, the one that has waited longest gives way, and whoever comes later gets in.
"""

import asyncio
import resource
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from inglenook.clock import Clock, Timer
from inglenook.config.settings import Http
from inglenook.protocol.addresses import is_this_machine, source_of
from inglenook.web.headers import Headers
from inglenook.web.origins import is_trusted

HEAD_S: Final = 30.0  # for the head of a request to come to its end, from the connection or the last answer on
MAX_CONNECTIONS: Final = 2_048  # at once, sockets that were upgraded aside
MAX_WAITING_OF_ONE: Final = 128  # of one address; neither this machine nor a trusted proxy speaks for one client alone
_NO_LOG: Final[dict[str, Any]] = {"access_log": None}
_SPARE_S: Final = 5.0  # aiohttp's own deadline, which tells nobody, comes later than ours


class Door(web.Server):
    """Takes connections for an application.

    Args:
        served: the application, as aiohttp has made it ready.
        clock: the home's.
        http: which proxies are trusted.
        headers: what stands on every answer.
    """

    def __init__(self, served: web.Server, clock: Clock, http: Http, headers: Headers) -> None:
        super().__init__(
            self._handle, request_factory=served.request_factory, handler_cancellation=served.handler_cancellation
        )
        self.headers = headers
        self._answer = served.request_handler
        self._clock = clock
        self._http = http
        self._most = most_connections()
        self._open = 0
        self._waiting: dict[_Connection, None] = {}  # the one that has waited longest first
        self._of_one: dict[str, dict[_Connection, None]] = {}  # likewise, by address
        self._timer: Timer | None = None

    def __call__(self) -> RequestHandler:
        """Return what handles a new connection."""
        return _Connection(self, self._loop)

    def close(self) -> None:
        """Wait for nobody any more."""
        if self._timer is not None:
            self._timer.cancel()

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Take a connection, and end another if there are too many."""
        super().connection_made(handler, transport)
        if isinstance(handler, _Connection):
            peer = transport.get_extra_info("peername")
            address = peer[0] if isinstance(peer, tuple) else ""
            handler.source = "" if is_this_machine(address) or is_trusted(address, self._http) else source_of(address)
            self._open += 1
            self.wait_for(handler)
            self._make_room(handler)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection that is closed, or is a socket from now on."""
        super().connection_lost(handler, exc)
        if isinstance(handler, _Connection):
            self._open -= 1
            self._forget(handler)

    def wait_for(self, connection: "_Connection") -> None:
        """Begin to wait for the next request of ``connection``."""
        self._forget(connection)
        if connection.transport is None:  # it is gone
            return
        connection.since = self._clock.monotonic()
        self._waiting[connection] = None
        self._of_one.setdefault(connection.source, {})[connection] = None
        if self._timer is None:
            self._timer = self._clock.call_later(HEAD_S, self._look)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        if isinstance(connection, _Connection):
            connection.request = request
            if request.content.is_eof():
                self._forget(connection)
        is_socket = "Upgrade" in request.headers  # these have bounds of their own
        self._open -= is_socket
        try:
            return await self._answer(request)
        finally:
            self._open += is_socket

    def _forget(self, connection: "_Connection") -> None:
        self._waiting.pop(connection, None)
        of_one = self._of_one.get(connection.source)
        if of_one is not None:
            of_one.pop(connection, None)
            if not of_one:
                del self._of_one[connection.source]

    def _make_room(self, newest: "_Connection") -> None:
        of_one = self._of_one[newest.source]
        if newest.source and len(of_one) > MAX_WAITING_OF_ONE:
            self._end(next(one for one in of_one if one.keeps_waiting), HTTPStatus.TOO_MANY_REQUESTS)
        elif self._open > self._most:
            self._end(next(one for one in self._waiting if one.keeps_waiting), HTTPStatus.SERVICE_UNAVAILABLE)

    def _look(self) -> None:
        """End what has waited long enough."""
        self._timer = None
        now = self._clock.monotonic()
        for connection in tuple(self._waiting):
            if connection.since + HEAD_S > now:
                break
            if connection.request is not None or connection.is_answering:  # bodies have a time of their own
                self.wait_for(connection)
            else:
                self._end(connection, HTTPStatus.REQUEST_TIMEOUT)
        if self._timer is None and self._waiting:
            oldest = next(iter(self._waiting))
            self._timer = self._clock.call_later(max(0.0, oldest.since + HEAD_S - now), self._look)

    def _end(self, connection: "_Connection", status: HTTPStatus) -> None:
        self._forget(connection)
        has_been_answered = connection.is_kept or connection.is_answering  # who has, expects nothing
        turn_away(connection.transport, None if has_been_answered else status, self.headers)


class _Connection(RequestHandler):
    """One connection.

    Attributes:
        source: what counts as one address; empty for one that many clients may share.
        since: when it began to wait, in seconds of the home's monotonic clock.
        request: that is being handled, or whose body is still to come.
        is_answering: an answer is being sent.
        is_kept: it has been answered before.
    """

    __slots__ = ("_door", "is_answering", "is_kept", "request", "since", "source")

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        self._door = door
        self.source = ""
        self.since = 0.0
        self.request: web.BaseRequest | None = None
        self.is_answering = self.is_kept = False
        super().__init__(door, loop=loop, keepalive_timeout=HEAD_S + _SPARE_S, **_NO_LOG)

    @property
    def keeps_waiting(self) -> bool:
        """True until a whole request is there, and again once it has been handled."""
        return self.request is None or not self.request.content.is_eof()

    async def finish_response(self, *args: Any) -> tuple[web.StreamResponse, bool]:
        """Send an answer, and wait for the next request."""
        self.request, self.is_answering = None, True
        self._door.wait_for(self)
        try:
            return await super().finish_response(*args)
        finally:
            self.is_answering, self.is_kept = False, True
            self._door.wait_for(self)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to what is no request, or to one that failed, as every other answer is: nothing in it."""
        known = HTTPStatus(status)
        response = super().handle_error(request, status, exc, f"{known.value}: {known.phrase}")
        self._door.headers.dress(request, response)
        return response


def most_connections() -> int:
    """Return how many there may be at once: sockets, and the files of the home, need some of those that may be open."""
    may_be_open, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if may_be_open == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, may_be_open // 2)


def turn_away(transport: asyncio.BaseTransport | None, status: HTTPStatus | None, headers: Headers) -> None:
    """Close a connection, and say why with an error's status; None says nothing."""
    if not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
        return
    if status is not None:
        text = f"{status.value}: {status.phrase}"
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", "Connection: close", f"Content-Length: {len(text)}"]
        lines += ["Content-Type: text/plain; charset=utf-8", *(f"{name}: {value}" for name, value in headers.always())]
        lines += [] if status is HTTPStatus.REQUEST_TIMEOUT else ["Retry-After: 1"]
        transport.write("\r\n".join((*lines, "", text)).encode())
    transport.close()
    if transport.get_write_buffer_size():
        transport.abort()  # nobody reads
