"""A real gateway on a free port of this machine, for tests that speak over a socket."""

import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from inglenook.auth import Auth, Passwords
from inglenook.clock import Clock
from inglenook.config.home_settings import HomeSettings
from inglenook.config.settings import Http
from inglenook.config.storage import StoredHelper
from inglenook.device import Device
from inglenook.devices import DeviceLimits
from inglenook.entities import register_domains
from inglenook.history import MemoryHistory
from inglenook.history.services import register_logbook
from inglenook.home import Home, Settings
from inglenook.model import EVENT_STARTED
from inglenook.restore import keep_states, reopen_home
from inglenook.rules import RuleEngine
from inglenook.store import FILE_NAME, Store
from inglenook.templates import Templates
from inglenook.web.app import CLIENTS, Server, make_app, serve
from inglenook.web.commands.command import Command
from inglenook.web.frontend.surface import Surface
from inglenook.web.house import Check
from inglenook.web.stores import Stores
from inglenook.web.system_log import LogMemory, SystemLog


class Gateway:
    """A home in real time that devices can reach; made by :func:`running_gateway`."""

    def __init__(
        self, home: Home, auth: Auth, app: web.Application, server: Server, engine: RuleEngine, *, is_secure: bool
    ) -> None:
        self.home = home
        self.auth = auth
        self.server = server
        self.app = app
        self.engine = engine
        self._scheme = "wss" if is_secure else "ws"

    @property
    def surface(self) -> Surface:
        """What the web frontend shows beside states."""
        return self.app[CLIENTS].house.frontend

    @property
    def url(self) -> str:
        """Where devices connect."""
        return f"{self._scheme}://{self.server.host}:{self.server.port}/api/device"

    def device(self, device_id: str, entities: Mapping[str, Mapping[str, Any]], **options: Any) -> Device:
        """Return a device with a new token, not connected yet; ``options`` as of :class:`Device`."""
        return Device(self.url, device_id, self.home.devices.add(device_id), entities, **options)


@asynccontextmanager
async def running_gateway(
    *,
    data: Path | None = None,
    limits: DeviceLimits | None = None,
    ssl_context: ssl.SSLContext | None = None,
    http: Http | None = None,
    prepare: Callable[[web.Application], object] | None = None,
    commands: Mapping[str, Command] | None = None,
    check: Check | None = None,
    helpers: Sequence[StoredHelper] = (),
    use_tap: bool = True,
    port: int = 0,
) -> AsyncIterator[Gateway]:
    """Run a home with its services and nothing but devices, and take it down at the end.

    Args:
        data: folder of its database, and its configuration folder; None keeps everything in memory.
        limits: of the gateway.
        http: whom it believes and keeps out; None for the defaults.
        ssl_context: makes it ``wss``.
        prepare: adds routes to the application before it serves.
        commands: those of clients beside the house's own.
        check: checks its configuration; None finds nothing wrong.
        helpers: those that were made in Home Assistant's interface.
        use_tap: whether sockets are taken over from aiohttp.
        port: 0 takes a free one.
    """
    clock = Clock()
    store = Store(data / FILE_NAME if data else None, clock)
    store.open()
    settings = Settings(config_dir=data, data_dir=data) if data else Settings()
    said = HomeSettings(store)
    said.recall(settings)
    home = reopen_home(settings, clock, store, limits=limits)
    keep_states(home)
    home.devices.start()
    register_domains(home)
    register_logbook(home)
    auth = Auth(store, clock, passwords=Passwords(memory_kib=8, rounds=1, in_thread=False))
    auth.load()
    engine = RuleEngine(home, Templates(home))
    history = MemoryHistory(home)
    history.start()
    history.follow(engine)
    log = LogMemory()
    logging.getLogger().addHandler(log)
    system_log = SystemLog(home, log)
    app = make_app(
        home,
        auth=auth,
        http=http,
        engine=engine,
        history=history,
        commands=commands,
        log=log,
        check=check,
        stores=Stores(said, helpers=helpers),
        use_tap=use_tap,
    )
    if prepare is not None:
        prepare(app)
    server = await serve(home, "127.0.0.1", port, ssl_context, app=app)
    try:
        engine.start()
        home.bus.fire(EVENT_STARTED)
        yield Gateway(home, auth, app, server, engine, is_secure=ssl_context is not None)
    finally:
        system_log.stop()
        logging.getLogger().removeHandler(log)
        await engine.stop()
        await server.close()
        history.stop()
        await store.close()
