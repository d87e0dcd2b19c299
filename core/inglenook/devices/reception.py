"""The reception: where a new socket says who it is, and is let in, paired or turned away."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Final

from inglenook.clock import Clock, Timer
from inglenook.devices.attempts import FailedAttempts
from inglenook.devices.connection import Connection
from inglenook.devices.limits import DeviceLimits
from inglenook.devices.pairing import Pairing
from inglenook.devices.refusals import Refusals
from inglenook.devices.tokens import Tokens
from inglenook.errors import ProtocolError, Unauthorized
from inglenook.protocol import VERSION, Challenge, CloseCode, Hello, Pair, encode
from inglenook.protocol.device_frames import AnyDeviceFrame

MAX_UNGREETED: Final = 1_000  # sockets that have not said who they are; then the oldest has to go


class Reception:
    """Holds the sockets that have not been let in yet.

    Args:
        let_in: takes over a socket whose hello was right.
    """

    def __init__(
        self,
        clock: Clock,
        tokens: Tokens,
        pairing: Pairing,
        attempts: FailedAttempts,
        let_in: Callable[[Connection, Hello], None],
    ) -> None:
        self._clock = clock
        self._tokens = tokens
        self._pairing = pairing
        self._attempts = attempts
        self._let_in = let_in
        self._refusals = Refusals(clock)
        self._waiting: dict[Connection, float] = {}  # until when, monotonic, in the order they came
        self._timer: Timer | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def admit(self, connection: Connection, limits: DeviceLimits) -> None:
        """Wait for the hello of a new socket, for ``limits.hello_s``."""
        if len(self._waiting) >= MAX_UNGREETED:
            oldest = next(iter(self._waiting))
            self._leave(oldest)
            oldest.close(CloseCode.TOO_MANY, "too many sockets that say nothing")
        self._waiting[connection] = self._clock.monotonic() + limits.hello_s
        connection.handle = partial(self._receive, connection, None)
        connection.on_lost = partial(self._leave, connection)
        if self._timer is None:
            self._timer = self._clock.call_later(limits.hello_s, self._give_up)

    def close(self, code: CloseCode, reason: str) -> None:
        """Close every waiting socket."""
        for connection in tuple(self._waiting):
            self._leave(connection)
            connection.close(code, reason)

    def _receive(self, connection: Connection, nonce: str | None, frame: AnyDeviceFrame) -> None:
        if isinstance(frame, Hello):
            self._on_hello(connection, nonce, frame)
        elif isinstance(frame, Pair):
            self._on_pair(connection, frame)
        else:
            name = type(frame).__name__.removesuffix("Frame").lower()
            connection.refuse(ProtocolError("no_hello", f"got {name}, expected hello or pair first"))
            self._turn_away(connection, CloseCode.PROTOCOL, "no hello")

    def _on_hello(self, connection: Connection, nonce: str | None, hello: Hello) -> None:
        if hello.version != VERSION:
            message = f"got version {hello.version}, this hub speaks {VERSION}"
            connection.refuse(ProtocolError("version", message, "version"))
            self._turn_away(connection, CloseCode.PROTOCOL, message)
        elif hello.token is None and hello.proof is None and nonce is None:
            nonce = secrets.token_hex(16)
            connection.handle = partial(self._receive, connection, nonce)
            connection.send(encode(Challenge(nonce)))
        elif self._tokens.allow(hello, nonce):
            self._attempts.clear(connection.wire.address)
            self._leave(connection)
            self._let_in(connection, hello)
        else:
            self._refusals.note(hello.device, connection.wire.address)
            self._punish(connection, CloseCode.UNAUTHORIZED, "wrong token")

    def _on_pair(self, connection: Connection, pair: Pair) -> None:
        is_open = self._pairing.code is not None
        try:
            self._pairing.ask(pair, connection)
        except Unauthorized as error:
            if is_open:
                self._punish(connection, CloseCode.NOT_PAIRING, str(error))
            else:
                self._turn_away(connection, CloseCode.NOT_PAIRING, str(error))
            return
        connection.handle = _wait_for_person
        self._waiting.pop(connection, None)

    def _punish(self, connection: Connection, code: CloseCode, reason: str) -> None:
        """Let a failed try wait, longer each time, before it is answered."""
        connection.handle = _wait_for_person
        delay_s = self._attempts.count(connection.wire.address)
        self._clock.call_later(delay_s, partial(self._turn_away, connection, code, reason))

    def _turn_away(self, connection: Connection, code: CloseCode, reason: str) -> None:
        self._leave(connection)
        connection.close(code, reason)

    def _give_up(self) -> None:
        """Turn away who has not said hello in time. One timer for all: most say it at once, and a hub has thousands."""
        now = self._clock.monotonic() + 1e-3  # timers ring a little early
        for connection, deadline in tuple(self._waiting.items()):
            if deadline <= now and connection.handle is not _wait_for_person:
                self._turn_away(connection, CloseCode.SILENT, "no hello")
        left = [deadline for deadline in self._waiting.values() if deadline > now]
        self._timer = self._clock.call_later(min(left) - now, self._give_up) if left else None

    def _leave(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)


def _wait_for_person(frame: AnyDeviceFrame) -> None:
    """The socket has asked and waits for its answer: what it says meanwhile counts for nothing."""
