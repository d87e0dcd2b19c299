"""The control socket: how the command line speaks to a running home, over a Unix socket that only its owner opens.

HTTP with JSON; what goes on for a while (watching, pairing) is one JSON object a line until the client hangs up.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import web

from inglenook.auth.desk import Desk
from inglenook.bus import ALL_EVENTS
from inglenook.devices import PairingRequest
from inglenook.errors import InglenookError
from inglenook.home import Home
from inglenook.model import Event
from inglenook.web.device_lines import device_lines
from inglenook.web.device_report import device_report

SOCKET_NAME: Final = "inglenook.sock"
WATCH_QUEUE: Final = 1_000  # lines that wait for a slow reader; older ones are dropped, and counted in the next

Report = Callable[[], Any]
Lookup = Callable[[str], dict[str, Any]]
Offer = Callable[[dict[str, Any]], None]

_encode = msgspec.json.Encoder(enc_hook=str).encode


class ControlSocket:
    """Serves one home on ``<data>/inglenook.sock``, mode 0600.

    Args:
        home: what it acts on.
        reports: what ``GET /report/NAME`` answers, by name (``rules``, ``plugins`` …).
        lookups: what ``GET /report/NAME?of=THING`` answers, and POST with ``{"of": THING}``; what is not there
            raises an ``InglenookError``.
        desk: does what ``POST /auth/ACTION`` says with users and tokens.
    """

    def __init__(self, home: Home, reports: Mapping[str, Report], lookups: Mapping[str, Lookup], desk: Desk) -> None:
        self._home = home
        self._desk = desk
        self._reports = reports
        self._lookups = lookups
        self._runner: web.AppRunner | None = None
        self._path = home.settings.data_dir / SOCKET_NAME

    async def open(self) -> None:
        """Start to listen, in place of a socket that a killed home left behind."""
        app = web.Application(middlewares=[_tell_errors])
        app.add_routes(
            [
                web.get("/report/{name}", self._report),
                web.post("/report/{name}", self._look_up),
                web.get("/devices", self._devices),
                web.post("/devices/{device}", self._add),
                web.delete("/devices/{device}", self._revoke),
                web.post("/auth/{action}", self._auth),
                web.get("/watch", self._watch),
                web.get("/pair", self._pair),
                web.post("/pair/{device}", self._accept),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        with short_path(self._path) as path:
            before = os.umask(0o177)
            try:
                await web.UnixSite(self._runner, str(path)).start()
            finally:
                os.umask(before)

    async def close(self) -> None:
        """Stop listening and remove the socket."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    # -- what can be asked ----------------------------------------------------------------------------------------

    async def _report(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name in self._lookups and "of" in request.query:
            return _json(self._lookups[name](request.query["of"]))
        report = self._reports.get(name)
        if report is None:
            raise web.HTTPNotFound
        return _json(report())

    async def _look_up(self, request: web.Request) -> web.Response:
        body = await request.json()
        lookup = self._lookups.get(request.match_info["name"])
        if lookup is None:
            raise web.HTTPNotFound
        return _json(lookup(str(body["of"])))

    async def _devices(self, request: web.Request) -> web.Response:
        del request
        return _json(device_report(self._home))

    async def _add(self, request: web.Request) -> web.Response:
        token = self._home.devices.add(request.match_info["device"])
        await self._home.store.flush()
        return _json({"token": token})

    async def _revoke(self, request: web.Request) -> web.Response:
        self._home.devices.revoke(request.match_info["device"])
        await self._home.store.flush()
        return _json({})

    async def _accept(self, request: web.Request) -> web.Response:
        self._home.devices.pairing.accept(request.match_info["device"])
        await self._home.store.flush()
        return _json({})

    async def _auth(self, request: web.Request) -> web.Response:
        return _json(await self._desk.act(request.match_info["action"], await request.json()))

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("device")

        def subscribe(offer: Offer) -> Callable[[], None]:
            def tell(event: Event) -> None:
                for line in device_lines(self._home, event):
                    if not wanted or line["device"] == wanted:
                        offer(line)

            return self._home.bus.listen(ALL_EVENTS, tell)

        return await _stream(request, subscribe)

    async def _pair(self, request: web.Request) -> web.StreamResponse:
        pairing, seconds = self._home.devices.pairing, self._home.devices.limits.pairing_s

        def subscribe(offer: Offer) -> Callable[[], None]:
            def ask(found: PairingRequest) -> None:
                offer({"device": found.device_id, "model": found.model, "name": found.name, "address": found.address})

            pairing.on_request.append(ask)
            offer({"code": pairing.open(seconds), "seconds": seconds})
            return lambda: pairing.on_request.remove(ask)

        try:
            return await _stream(request, subscribe)
        finally:
            pairing.close()


async def _stream(request: web.Request, subscribe: Callable[[Offer], Callable[[], None]]) -> web.StreamResponse:
    """Answer with a line for each thing offered, until the client hangs up."""
    queue = asyncio.Queue[dict[str, Any]](WATCH_QUEUE)
    dropped = 0

    def offer(line: dict[str, Any]) -> None:
        nonlocal dropped
        if queue.full():
            queue.get_nowait()
            dropped += 1
        queue.put_nowait(line)

    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    unsubscribe = subscribe(offer)
    try:
        while True:
            line = await queue.get()
            if dropped:
                line, dropped = {**line, "dropped": dropped}, 0
            await response.write(_encode(line) + b"\n")
    except ConnectionError:
        return response
    finally:
        unsubscribe()


@contextlib.contextmanager
def short_path(path: Path) -> Iterator[Path]:
    """Give a way to ``path`` that fits into a socket address (107 bytes), whatever the length of its folder's name."""
    if len(os.fsencode(path)) <= 100:
        yield path
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


@web.middleware
async def _tell_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except InglenookError as error:
        return _json({"error": str(error)}, status=400)
    return response


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=_encode(value), status=status, content_type="application/json")
