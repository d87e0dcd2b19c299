"""The hub's HTTP side: the application, and the server that carries it."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from inglenook.auth import Auth
from inglenook.config.home_settings import HomeSettings
from inglenook.config.settings import Http
from inglenook.history import History, MemoryHistory
from inglenook.home import Home
from inglenook.protocol import PATH
from inglenook.rules import RuleEngine
from inglenook.templates import Templates
from inglenook.web.allowance import Allowances
from inglenook.web.auth_views import add_auth_views
from inglenook.web.client_ws import CLIENT_PATH, ClientEndpoint
from inglenook.web.commands.command import Command
from inglenook.web.device_ws import DeviceEndpoint
from inglenook.web.door import Door
from inglenook.web.figures import Figures
from inglenook.web.framing import shrink_receive_buffer
from inglenook.web.frontend.pages import add_frontend
from inglenook.web.frontend.surface import Surface
from inglenook.web.house import Check, Diagnostics, Feeds, House, in_order
from inglenook.web.login_pages import add_login_pages
from inglenook.web.mfa_setup import MfaSetup
from inglenook.web.onboarding_views import add_onboarding_views
from inglenook.web.page_views import FRONTEND, add_page_views
from inglenook.web.persons import Persons
from inglenook.web.rest.bundled import BUNDLED
from inglenook.web.rest.routes import add_routes
from inglenook.web.security import ADMISSION, HEADERS, HTTP, protect
from inglenook.web.stores import Stores
from inglenook.web.system_log import LogMemory
from inglenook.web.tags import Tags
from inglenook.web.turn import Turn
from inglenook.web.vitals import Vitals

_log = logging.getLogger(__name__)
_HTTP_LOG: Final = logging.getLogger("aiohttp.server")

HOME: Final = web.AppKey("home", Home)
CLIENTS: Final = web.AppKey("clients", ClientEndpoint)

_TLS_S: Final = 20.0  # for two ends to agree on their encryption
_SHUTDOWN_S: Final = 3.0
_BACKLOG: Final = 1024


def make_app(
    home: Home,
    *,
    auth: Auth | None = None,
    http: Http | None = None,
    engine: RuleEngine | None = None,
    history: History | None = None,
    commands: Mapping[str, Command] | None = None,
    log: LogMemory | None = None,
    check: Check | None = None,
    stores: Stores | None = None,
    surface: Surface | None = None,
    use_tap: bool = True,
) -> web.Application:
    """Return the application of ``home``.

    Args:
        home: what it serves.
        auth: who may come in, loaded; None for what the home's store knows.
        http: whom it believes and keeps out; None for the defaults.
        engine: the rules, for clients; None for an engine that has none.
        history: the past, for clients; None for none.
        commands: those of clients that plugins bring, by type.
        log: what was logged last; None keeps nothing.
        check: checks the configuration; None for a home that has none.
        stores: keep what people and clients make; None for a home without plugins and files.
        surface: what the web frontend shows beside states; None for one that knows no configuration.
        use_tap: False reads devices and clients through aiohttp's public interface alone.
    """
    app = web.Application()
    app[HOME] = home
    if auth is None:
        auth = Auth(home.store, home.clock)
        auth.load()
    http = http or Http()
    protect(app, home, auth, http)
    add_auth_views(app, home)
    add_onboarding_views(app, home)
    add_page_views(app)
    turn = Turn(home.clock)
    devices = DeviceEndpoint(home.devices, turn, use_tap=use_tap)
    app.on_shutdown.append(lambda _: devices.close())
    app.router.add_get(PATH, devices.handle)
    engine = engine or RuleEngine(home, Templates(home))
    sockets = {"devices": devices.statistics}
    vitals = Vitals(home, engine, sockets)
    stores = stores or Stores(HomeSettings(home.store))
    house = House(
        home=home,
        auth=auth,
        mfa=MfaSetup(app[ADMISSION]),
        engine=engine,
        history=history or MemoryHistory(home),
        frontend=surface or Surface(home),
        stores=stores,
        diagnostics=Diagnostics(vitals, Figures(vitals.snapshot, home.clock), log or LogMemory(), check or in_order),
        feeds=Feeds(home),
        tags=Tags(home),
        persons=Persons(home, auth, stores),
        http=http,
        allowances=Allowances(home.clock),
    )
    house.frontend.memory.forget_others([user.id for user in auth.users()])
    clients = ClientEndpoint(house, turn, commands=commands, use_tap=use_tap)
    sockets["clients"] = clients.statistics  # read when somebody asks for the vitals
    for sampled in (vitals, house.diagnostics.figures):
        app.on_startup.append(partial(_done, sampled.start))
        app.on_cleanup.append(partial(_done, sampled.stop))
    app[CLIENTS] = clients
    app.on_shutdown.append(lambda _: clients.close())
    app.on_shutdown.append(lambda _: house.persons.close())
    app.router.add_get(CLIENT_PATH, clients.handle)
    add_routes(app, house, BUNDLED)
    pages = add_frontend(app, home, house.frontend)
    add_login_pages(app, pages.authorize)
    app[FRONTEND] = pages.front
    app.router.add_get("/healthz", _healthz)
    return app


class Server:
    """A running server; made by :func:`serve`.

    Args:
        listener: takes connections.
        door: has them.
        runner: has the application ready.
        host: as it was asked for.

    Attributes:
        host: as it was asked for.
        port: the one that it listens on.
        addresses: the IP addresses that it listens on; ``0.0.0.0`` and ``::`` are all of this machine's.
    """

    def __init__(self, listener: asyncio.Server, door: Door, runner: web.AppRunner, host: str) -> None:
        self._listener = listener
        self._door = door
        self._runner = runner
        self.host = host
        bound = [one.getsockname() for one in listener.sockets]
        self.port: int = bound[0][1]
        self.addresses: tuple[str, ...] = tuple(address[0] for address in bound)

    async def close(self) -> None:
        """Close every device's socket with 1012 and stop listening; takes at most some seconds."""
        self._listener.close()
        await asyncio.sleep(0)  # what has come is begun
        self._door.close()
        self._door.pre_shutdown()
        await self._runner.cleanup()
        await self._door.shutdown(_SHUTDOWN_S)


async def serve(
    home: Home,
    host: str,
    port: int,
    ssl_context: ssl.SSLContext | None = None,
    *,
    app: web.Application | None = None,
) -> Server:
    """Listen for devices and clients; ``port`` 0 takes a free one. ``home.devices`` has been started.

    Raises:
        OSError: the address is in use or not ours.
    """
    shrink_receive_buffer()
    _HTTP_LOG.addFilter(_is_ours)
    app = app if app is not None else make_app(home)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        assert runner.server is not None
        door = Door(runner.server, home.clock, app[HTTP], app[HEADERS])
        listener = await asyncio.get_running_loop().create_server(
            door, host, port, ssl=ssl_context, backlog=_BACKLOG, ssl_handshake_timeout=_TLS_S if ssl_context else None
        )
    except BaseException:
        await runner.cleanup()
        raise
    server = Server(listener, door, runner, host)
    _log.info("listening on %s://%s:%d", "https" if ssl_context else "http", host, server.port)
    return server


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell whether a record of aiohttp's is worth a place in the log: not what strangers send that is no HTTP."""
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, HttpProcessingError):
        return True
    _log.debug("somebody sent what is no HTTP: %.200r", error)
    return False


async def _done(act: Callable[[], None], app: web.Application) -> None:
    """Do what aiohttp wants to wait for."""
    del app
    act()


async def _healthz(request: web.Request) -> web.Response:
    """Answer that the home runs, to whoever watches over it; says nothing that is not public."""
    del request
    return web.json_response({"status": "ok"})
