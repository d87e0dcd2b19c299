"""What the clients' socket does as time goes by, without a socket."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from inglenook.devices import DeviceLimits
from inglenook.home import Home
from inglenook.web.client_connection import AUTH_S, ClientConnection
from inglenook.web.client_ws import BLOCKED_S, UNSENT_BYTES
from inglenook.web.turn import Turn
from inglenook.web.wire import Goodbye, SlowSockets, SocketWire


class FakeWire(SocketWire):
    """A socket that keeps what it is sent, and of which a test says how much has left."""

    __slots__ = ("goodbye", "sent", "unsent")

    def __init__(self, slow: SlowSockets) -> None:
        super().__init__("192.0.2.1", slow)
        self.sent: list[bytes] = []
        self.unsent = 0
        self.goodbye: Goodbye | None = None

    @property
    def unsent_bytes(self) -> int:
        return self.unsent

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)
        self._check()

    def end(self, goodbye: Goodbye) -> None:
        self.is_closing, self.goodbye = True, goodbye


@pytest.fixture
def wire(home: Home) -> FakeWire:
    return FakeWire(SlowSockets(home.clock, DeviceLimits(unsent_bytes=UNSENT_BYTES, blocked_s=BLOCKED_S)))


async def test_who_shows_no_token_in_time_is_closed_without_a_word(home: Home, wire: FakeWire) -> None:
    house = SimpleNamespace(home=home)
    connection = ClientConnection(wire, cast("Any", house), {}, Turn(home.clock), "192.0.2.1")

    await home.clock.sleep(AUTH_S - 0.1)
    assert connection.is_waiting_for_auth
    await home.clock.sleep(0.1)

    assert wire.goodbye is not None
    assert (wire.goodbye.code, wire.goodbye.reason) == (1000, b"")
    assert [b"auth_required" in frame for frame in wire.sent] == [True]
    assert not connection.is_waiting_for_auth
    connection.receive(b'{"type": "auth", "access_token": "x"}')  # too late, and not looked at
    assert len(wire.sent) == 1


async def test_who_takes_nothing_for_so_long_is_dropped(home: Home, wire: FakeWire) -> None:
    wire.unsent = 1_000
    wire.send(b"x")

    await home.clock.sleep(BLOCKED_S - 1)
    wire.unsent = 999  # a little has left
    await home.clock.sleep(BLOCKED_S - 1)
    assert wire.goodbye is None
    await home.clock.sleep(2)

    assert wire.goodbye is not None
    assert (wire.goodbye.code, wire.goodbye.reason) == (1013, b"nothing was read for 15 s")


async def test_who_leaves_too_much_unread_is_dropped_at_once(home: Home, wire: FakeWire) -> None:
    wire.unsent = UNSENT_BYTES
    wire.send(b"x")
    assert wire.goodbye is None

    wire.unsent += 1
    wire.send(b"x")

    assert wire.goodbye is not None
    assert wire.goodbye.code == 1013
