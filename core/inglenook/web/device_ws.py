"""``/api/device``: where devices open their WebSocket."""

from typing import Final

from aiohttp import web

from inglenook.devices import Devices
from inglenook.web.framing import HAS_TAP, TapWire, WriteBatch
from inglenook.web.public_framing import PublicWire
from inglenook.web.wire import SlowSockets

PATH: Final = "/api/device"


class DeviceEndpoint:
    """Opens a wire for each device that comes.

    Args:
        devices: who handles the frames.
        slow: takes care of sockets whose data does not leave.
        use_tap: whether frames are handled as their bytes arrive, if this aiohttp allows that.
    """

    def __init__(self, devices: Devices, slow: SlowSockets, *, use_tap: bool = True) -> None:
        self._devices = devices
        self._slow = slow
        self._use_tap = use_tap and HAS_TAP
        self._batch = WriteBatch()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer an upgrade and stay until the socket is closed."""
        wire = self._make_wire(request.remote or "", self._devices.limits.max_frame)
        response = await wire.open(request)
        connection = self._devices.connect(wire)
        try:
            await wire.run(connection)
        finally:
            connection.lost()
        return response

    def _make_wire(self, address: str, max_frame: int) -> TapWire | PublicWire:
        if self._use_tap:
            return TapWire(address, max_frame, self._slow, self._batch)
        return PublicWire(address, max_frame, self._slow)
