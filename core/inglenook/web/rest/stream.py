"""Events as they happen, over HTTP: server-sent events."""

import asyncio
import logging
from contextlib import ExitStack
from http import HTTPStatus
from typing import Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.bus import ALL_EVENTS
from inglenook.clock import Timer
from inglenook.model import EVENT_STOP, Event
from inglenook.web.encoding import encode, event_as_dict
from inglenook.web.rest.routes import ApiError, Call, Routes
from inglenook.web.security import address_of, token_of

_log = logging.getLogger(__name__)

ROUTES: Final = Routes()
PING_S: Final = 50.0
MAX_WAITING: Final = 1_000  # events for a client that reads too slowly; then it is dropped
MAX_STREAMS: Final = 100


@ROUTES.route("GET", "/api/stream", Permission.ADMIN)
async def stream(call: Call) -> web.StreamResponse:
    """Send every event, or those of the types under ``restrict``, until the client or the home ends it."""
    if call.request.method == "HEAD":
        return web.Response(content_type="text/event-stream")
    if call.house.feeds.streams >= MAX_STREAMS:
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, f"At most {MAX_STREAMS} streams at once.")
    call.house.feeds.streams += 1
    try:
        return await _Stream(call).run()
    finally:
        call.house.feeds.streams -= 1


class _Stream:
    def __init__(self, call: Call) -> None:
        self._call = call
        self._clock = call.house.home.clock
        self._queue = asyncio.Queue[bytes | None](MAX_WAITING)
        self._ping: Timer | None = None

    async def run(self) -> web.StreamResponse:
        """Send until the end."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(self._call.request)
        with ExitStack() as undo:
            self._listen(undo)
            self._tick()
            undo.callback(self._stop_ping)
            while (line := await self._queue.get()) is not None:
                try:
                    await response.write(b"data: " + line + b"\n\n")
                except ConnectionError:
                    break
        return response

    def _listen(self, undo: ExitStack) -> None:
        house = self._call.house
        restrict = self._call.request.query.get("restrict", "")
        for event_type in {part.strip() for part in restrict.split(",")} - {""} or {ALL_EVENTS}:
            undo.callback(house.home.bus.listen(event_type, self._tell))
        undo.callback(house.home.bus.listen(EVENT_STOP, lambda _: self._end()))
        token = token_of(self._call.request)
        if token is not None:
            undo.callback(house.auth.on_revoked(token.id, self._end))

    def _tell(self, event: Event) -> None:
        self._put(encode(event_as_dict(event)))

    def _tick(self) -> None:
        self._put(b"ping")
        self._ping = self._clock.call_later(PING_S, self._tick)

    def _stop_ping(self) -> None:
        if self._ping is not None:
            self._ping.cancel()

    def _put(self, line: bytes) -> None:
        if not self._queue.full():
            self._queue.put_nowait(line)
            return
        _log.warning("the event stream of %s is dropped: it reads too slowly", address_of(self._call.request))
        self._end()
        if self._call.request.transport is not None:
            self._call.request.transport.abort()

    def _end(self) -> None:
        """Send nothing more of what waits."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)
