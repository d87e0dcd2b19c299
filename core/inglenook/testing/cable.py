"""A cable between a real device client and a home, without sockets and under the home's clock, that may be cut."""

import asyncio

from inglenook.device import Link, LinkLost
from inglenook.devices import Connection
from inglenook.home import Home


class Cable:
    """Give ``cable.open`` to a :class:`~inglenook.device.Device` as its ``connect``.

    Attributes:
        is_plugged: False lets every attempt to connect fail.
        is_half_open: True loses all that the hub sends, as when its power was cut.
        opened: how often a device connected.
    """

    def __init__(self, home: Home) -> None:
        self.is_plugged = True
        self.is_half_open = False
        self.opened = 0
        self._home = home
        self._link: _CableLink | None = None

    async def open(self, url: str) -> Link:
        """Connect a device; of ``url`` nothing is used."""
        del url
        await asyncio.sleep(0)
        if not self.is_plugged:
            raise LinkLost(1006, "not plugged in")
        self.opened += 1
        self._link = _CableLink(self, self._home)
        return self._link

    def cut(self) -> None:
        """Lose the open link and everything that is under way, in both directions."""
        if self._link is not None:
            self._link.cut(1006, "cut")


class _CableLink:
    """The device's end; ``wire`` is the hub's."""

    def __init__(self, cable: Cable, home: Home) -> None:
        self.cable = cable
        self._heard: asyncio.Queue[bytes | LinkLost] = asyncio.Queue()
        self._is_cut = False
        self._connection: Connection = home.devices.connect(_CableWire(self, self._heard))

    async def send(self, frame: bytes) -> None:
        await asyncio.sleep(0)  # under way: here a cut loses it
        if self._is_cut:
            raise LinkLost(1006, "cut")
        self._connection.receive(frame)

    async def receive(self) -> bytes:
        frame = await self._heard.get()
        if isinstance(frame, LinkLost):
            raise frame
        return frame

    async def close(self) -> None:
        self.cut(1000, "")

    def cut(self, code: int, reason: str) -> None:
        if self._is_cut:
            return
        self._is_cut = True
        if code == 1006:  # else what was sent before the goodbye arrives before it
            while not self._heard.empty():
                self._heard.get_nowait()
        self._heard.put_nowait(LinkLost(code, reason))
        self._connection.lost()


class _CableWire:
    """The hub's end of a cable."""

    address = "127.0.0.1"

    def __init__(self, link: _CableLink, heard: "asyncio.Queue[bytes | LinkLost]") -> None:
        self._link = link
        self._heard = heard

    def send(self, frame: bytes) -> None:
        if not self._link.cable.is_half_open:
            self._heard.put_nowait(frame)

    def close(self, code: int, reason: str) -> None:
        self._link.cut(code, reason)

    def pause(self) -> None:
        """A cable holds nothing back; tests of the rate have a fake device."""

    def resume(self) -> None:
        """A cable holds nothing back."""
