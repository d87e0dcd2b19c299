"""``/api/device``: where devices open their WebSocket."""

from aiohttp import web

from inglenook.devices import Devices
from inglenook.web.framing import HAS_TAP, OpenSockets, TapWire
from inglenook.web.public_framing import PublicWire
from inglenook.web.security import address_of
from inglenook.web.turn import Turn
from inglenook.web.wire import SlowSockets


class DeviceEndpoint:
    """Opens a wire for each device that comes.

    Args:
        devices: who handles the frames.
        turn: shared by the sockets of a home.
        use_tap: whether sockets are taken over from aiohttp, if this one allows that.
    """

    def __init__(self, devices: Devices, turn: Turn, *, use_tap: bool = True) -> None:
        self._devices = devices
        self._use_tap = use_tap and HAS_TAP
        self._slow = SlowSockets(turn.clock, devices.limits)
        self._turn = turn
        self._sockets = OpenSockets()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer an upgrade; without the tap, stay until the socket is closed."""
        wire = self._make_wire(address_of(request))
        return await wire.serve(request, self._devices.limits.max_frame, self._devices.connect)

    async def close(self) -> None:
        """Tell every device that the hub restarts, and wait until their sockets are closed, two seconds at most."""
        self._devices.stop()
        await self._sockets.closed()

    def statistics(self) -> dict[str, int]:
        """Return how many bytes devices have sent, as ``received``, and were sent."""
        return self._slow.traffic.statistics()

    def _make_wire(self, address: str) -> TapWire | PublicWire:
        if self._use_tap:
            return TapWire(address, self._slow, self._turn, self._sockets)
        return PublicWire(address, self._slow)
