"""A device for tests, connected without a socket: what it says is handled at once, what it hears is in a list."""

import json
from collections.abc import Mapping
from typing import Any

from inglenook.devices import Connection
from inglenook.home import Home
from inglenook.protocol import make_proof


class FakeDevice:
    """A device of ``home``, with a token, not connected yet.

    Attributes:
        device_id: what it calls itself.
        token: its token.
        session: the session of its last welcome.
        seq: the number of its last report.
    """

    def __init__(
        self, home: Home, device_id: str = "hall", *, token: str | None = None, address: str = "127.0.0.1"
    ) -> None:
        self.device_id = device_id
        self.token = token if token is not None else home.devices.add(device_id)
        self.session: str | None = None
        self.seq = 0
        self._home = home
        self._address = address
        self._wire: _FakeWire | None = None
        self._connection: Connection | None = None

    @property
    def wire(self) -> "_FakeWire":
        """The open socket, or the last one."""
        assert self._wire is not None, f"{self.device_id} has never been connected"
        return self._wire

    @property
    def heard(self) -> list[dict[str, Any]]:
        """The frames that came on this socket and were not taken."""
        return self.wire.heard

    @property
    def closed(self) -> tuple[int, str] | None:
        """Code and reason, once the hub has closed the socket."""
        return self.wire.closed

    def open(self) -> None:
        """Open a socket and say nothing."""
        self._wire = _FakeWire(self._address)
        self._connection = self._home.devices.connect(self._wire)

    def say(self, frame: Mapping[str, Any] | bytes | None = None, **fields: Any) -> None:
        """Send one frame: fields, or bytes as they are."""
        assert self._connection is not None
        payload = frame if isinstance(frame, bytes) else json.dumps({**(frame or {}), **fields}).encode()
        self.wire.deliver(self._connection, payload)

    def hello(self, **fields: Any) -> None:
        """Open a socket and say hello with the token; ``fields`` add to the frame or replace what is in it."""
        self.open()
        hello = {
            "type": "hello", "version": 1, "device": self.device_id, "token": self.token, "session": self.session,
        }  # fmt: skip
        self.say({**hello, **fields})

    def connect(self, **fields: Any) -> dict[str, Any]:
        """Open a socket, say hello and return the welcome; a session that goes on keeps its numbers."""
        self.hello(**fields)
        welcome = self.take("welcome")
        self.session = welcome["session"]
        if not welcome["resumed"]:
            self.seq = 0
        return welcome

    def describe(self, entities: Mapping[str, Mapping[str, Any]], **device: Any) -> None:
        """Describe the device's entities."""
        self.say({"type": "describe", "entities": entities, **({"device": device} if device else {})})

    def report(self, states: Mapping[str, Any] | None = None, **more: Any) -> int:
        """Report states with the next number and return it."""
        self.seq += 1
        self.say(type="state", seq=self.seq, states={**(states or {}), **more})
        return self.seq

    def answer(self, command: Mapping[str, Any], *, error: str | None = None, **states: Any) -> None:
        """Answer a command: done, with ``states``, or not, with ``error``."""
        outcome = {"ok": True, "states": states} if error is None else {"ok": False, "error": error}
        self.say({"type": "result", "command": command["command"], **outcome})

    def prove(self, nonce: str) -> str:
        """Return the proof that answers a challenge."""
        return make_proof(self.token, nonce, self.device_id)

    def take(self, kind: str) -> dict[str, Any]:
        """Remove and return the first frame of type ``kind`` that was heard."""
        for frame in self.heard:
            if frame["type"] == kind:
                self.heard.remove(frame)
                return frame
        raise AssertionError(f"{self.device_id} heard no {kind}, but {self.heard}, closed {self.closed}")

    def count(self, kind: str) -> int:
        """Return how many frames of type ``kind`` wait to be taken."""
        return sum(frame["type"] == kind for frame in self.heard)

    def drop(self) -> None:
        """Lose the socket without a word."""
        assert self._connection is not None
        self._connection.lost()


class _FakeWire:
    """A socket that is a list; ``is_read`` is False while the hub does not read."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.heard: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None
        self.is_read = True
        self._held: list[bytes] = []
        self._connection: Connection | None = None

    def deliver(self, connection: Connection, payload: bytes) -> None:
        self._connection = connection
        if self.is_read:
            connection.receive(payload)
        else:
            self._held.append(payload)

    def send(self, frame: bytes) -> None:
        self.heard.append(json.loads(frame))

    def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = code, reason

    def pause(self) -> None:
        self.is_read = False

    def resume(self) -> None:
        self.is_read = True
        while self._held and self.is_read:
            assert self._connection is not None
            self._connection.receive(self._held.pop(0))
