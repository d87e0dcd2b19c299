"""A home with a real socket, for tests of what connects to it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from inglenook.clock import Clock
from inglenook.device import Device
from inglenook.entities import register_domains
from inglenook.home import Home, Settings, make_home
from inglenook.store import Store
from inglenook.web import Server, serve


class RunningGateway:
    """A home in memory that devices connect to on a free port of 127.0.0.1; made by :meth:`start`.

    Attributes:
        home: the home, with the services of all domains.
        url: where devices connect.
    """

    def __init__(self, home: Home, server: Server) -> None:
        self.home = home
        self.url = f"ws://{server.host}:{server.port}/api/device"
        self._server = server
        self._devices = AsyncExitStack()

    @classmethod
    async def start(cls) -> "RunningGateway":
        """Start one."""
        clock = Clock()
        store = Store(None, clock)
        store.open()
        home = make_home(Settings(), clock, store)
        home.devices.start()
        register_domains(home)
        return cls(home, await serve(home, "127.0.0.1", 0))

    async def connect(self, device_id: str, entities: Mapping[str, Mapping[str, Any]], **states: Any) -> Device:
        """Return a device of that id that is connected and has reported ``states``.

        Args:
            device_id: what it calls itself.
            entities: descriptions by key, like ``{"lamp": {"domain": "light"}}``.
            states: by key, what it reports first.
        """
        device = Device(self.url, device_id, self.home.devices.add(device_id), entities)
        device.set(states)
        await self._devices.enter_async_context(device)
        await device.connected()
        await device.delivered()
        return device

    async def stop(self) -> None:
        """Disconnect the devices and stop."""
        await self._devices.aclose()
        await self._server.close()
        await self.home.store.close()
