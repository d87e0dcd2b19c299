"""``/api/websocket``: where clients of Home Assistant's API open their WebSocket."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from aiohttp import WSCloseCode, web

from inglenook.clock import Timer
from inglenook.devices import DeviceLimits
from inglenook.model import EVENT_STARTED, EVENT_STOP
from inglenook.protocol.addresses import is_this_machine, source_of
from inglenook.web.client_connection import ClientConnection
from inglenook.web.commands.command import Command
from inglenook.web.framing import HAS_TAP, OpenSockets, TapWire
from inglenook.web.house import House
from inglenook.web.public_framing import PublicWire
from inglenook.web.security import address_of, is_from_home
from inglenook.web.turn import Turn
from inglenook.web.wire import SlowSockets, SocketWire

_log = logging.getLogger(__name__)

CLIENT_PATH: Final = "/api/websocket"
MAX_FRAME: Final = 4 * 1024 * 1024
MAX_UNKNOWN: Final = 1_024  # sockets that have not shown a token yet
MAX_UNKNOWN_OF_ONE: Final = 256  # of one address: it alone must not keep the others out
HEARTBEAT_S: Final = 55.0  # who has not been heard between two of them is gone
UNSENT_BYTES: Final = 64 * 1024 * 1024  # one answer may be large; more is a client that never reads
BLOCKED_S: Final = 15.0  # a client that takes nothing at all for so long is dropped


class ClientEndpoint:
    """Opens a connection for each client that comes.

    Args:
        house: what it serves.
        turn: shared by the sockets of the home.
        commands: those of plugins by type; they do not replace the house's own.
        use_tap: whether sockets are taken over from aiohttp, if this one allows that.
    """

    def __init__(
        self,
        house: House,
        turn: Turn,
        *,
        commands: Mapping[str, Command] | None = None,
        use_tap: bool = True,
    ) -> None:
        home = house.home
        self.house = house
        self.connections: dict[ClientConnection, None] = {}  # in the order they came
        self._more = commands or {}
        self._commands: Mapping[str, Command] = {}
        self._use_tap = use_tap and HAS_TAP
        self._slow = SlowSockets(home.clock, DeviceLimits(unsent_bytes=UNSENT_BYTES, blocked_s=BLOCKED_S))
        self._turn = turn
        self._sockets = OpenSockets()
        self._heartbeat: Timer | None = None
        home.bus.listen(EVENT_STARTED, lambda _: self._is("RUNNING"))
        home.bus.listen(EVENT_STOP, lambda _: self._is("STOPPING"))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer an upgrade; without the tap, stay until the socket is closed."""
        if not self._commands:
            from inglenook.web.commands.bundled import BUNDLED  # noqa: PLC0415 - a home without clients starts faster
            from inglenook.web.commands.helpers import item_commands  # noqa: PLC0415 - likewise

            items = self.house.stores.items
            sections = item_commands(items.kinds()) if items is not None else {}
            self._commands = {**self._more, **sections, **BUNDLED}
        address = address_of(request)
        self._make_room(address)
        wire = self._make_wire(address)

        is_local = is_from_home(request)

        def connect(_: SocketWire) -> ClientConnection:
            return self._connect(wire, address, is_local=is_local)

        return await wire.serve(request, MAX_FRAME, connect)

    async def close(self) -> None:
        """Close every client's socket, and wait until that is done, two seconds at most."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        await self.house.home.store.flush()  # what waits for that is answered
        connections = tuple(self.connections)
        for connection in connections:
            connection.close(WSCloseCode.GOING_AWAY, "the home stops")
        await asyncio.gather(*(connection.ended() for connection in connections))
        await self._sockets.closed()

    def statistics(self) -> dict[str, int]:
        """Return how many clients there are and are behind, the events dropped for those, and bytes of all so far."""
        outboxes = [connection.outbox for connection in self.connections]
        return {
            "clients": len(outboxes),
            "behind": sum(outbox.is_behind for outbox in outboxes),
            "dropped": sum(outbox.dropped for outbox in outboxes),
            **self._slow.traffic.statistics(),
        }

    def _make_room(self, address: str) -> None:
        """Close the oldest socket without a token if there are too many, in all or from ``address``.

        Who has a token shows it at once; strangers would else keep everybody out by just sitting there.
        """
        waiting = [connection for connection in self.connections if connection.is_waiting_for_auth]
        if not is_this_machine(address):
            source = source_of(address)
            of_one = [connection for connection in waiting if source_of(connection.address) == source]
            if len(of_one) >= MAX_UNKNOWN_OF_ONE:
                of_one[0].close(WSCloseCode.TRY_AGAIN_LATER, "too many sockets that show no token")
                return
        if len(waiting) >= MAX_UNKNOWN:
            waiting[0].close(WSCloseCode.TRY_AGAIN_LATER, "too many sockets that show no token")

    def _connect(self, wire: TapWire | PublicWire, address: str, *, is_local: bool) -> ClientConnection:
        connection = _Counted(wire, self.house, self._commands, self._turn, address, is_local=is_local)
        connection.all = self.connections
        self.connections[connection] = None
        if self._heartbeat is None:
            self._heartbeat = self.house.home.clock.call_later(HEARTBEAT_S, self._beat)
        return connection

    def _make_wire(self, address: str) -> TapWire | PublicWire:
        if self._use_tap:
            return TapWire(address, self._slow, self._turn, self._sockets)
        return PublicWire(address, self._slow)

    def _beat(self) -> None:
        """Drop every client from which nothing came since the last time, not even a pong, and ping the others."""
        for connection in tuple(self.connections):
            wire = connection.wire
            if wire.is_heard or connection.outbox.is_behind:  # of who is behind nothing is read
                wire.is_heard = False
                wire.ping()
            else:
                _log.info("client %s gives no sign of life, and is dropped", connection.address)
                wire.abort()
        is_needed = bool(self.connections)
        self._heartbeat = self.house.home.clock.call_later(HEARTBEAT_S, self._beat) if is_needed else None

    def _is(self, run_state: str) -> None:
        self.house.run_state = run_state


class _Counted(ClientConnection):
    """A connection that takes itself off the list of all when its socket is gone."""

    __slots__ = ("all",)

    all: dict[ClientConnection, None]

    def lost(self) -> None:
        """The socket is gone."""
        self.all.pop(self, None)
        super().lost()
