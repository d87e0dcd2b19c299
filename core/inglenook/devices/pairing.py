"""Pairing: a person opens a window, a device asks with the window's code, the person says yes."""

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from inglenook.clock import Clock, Timer
from inglenook.devices.connection import Connection
from inglenook.errors import Unauthorized, UnknownEntry
from inglenook.protocol import CloseCode, Pair, Paired, encode
from inglenook.store import Store

_log = logging.getLogger(__name__)

_CODE_DIGITS: Final = 6
_WRONG_CODES: Final = 5  # of a million; then the window closes


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A device that waits for a person's yes."""

    device_id: str
    model: str | None
    name: str | None
    address: str


class Pairing:
    """The pairing window. Closed unless a person opened it.

    Args:
        clock: closes the window.
        store: a token is in it before a device is told.
        make_token: returns a new token for a device id.

    Attributes:
        code: six digits that the device has to send, or None while the window is closed.
        on_request: called with each :class:`PairingRequest`.
    """

    def __init__(self, clock: Clock, store: Store, make_token: Callable[[str], str]) -> None:
        self.code: str | None = None
        self.on_request: list[Callable[[PairingRequest], object]] = []
        self._clock = clock
        self._store = store
        self._make_token = make_token
        self._timer: Timer | None = None
        self._wrong_codes = 0
        self._waiting: dict[str, tuple[PairingRequest, Connection]] = {}

    def __iter__(self) -> Iterator[PairingRequest]:
        return iter([request for request, _ in self._waiting.values()])

    def open(self, duration_s: float) -> str:
        """Open the window for ``duration_s``, or start it again, and return its code."""
        self.close()
        self.code = "".join(secrets.choice("0123456789") for _ in range(_CODE_DIGITS))
        self._timer = self._clock.call_later(duration_s, self.close)
        return self.code

    def close(self) -> None:
        """Close the window and turn away who waits."""
        if self._timer:
            self._timer.cancel()
        self.code, self._timer, self._wrong_codes = None, None, 0
        for device_id in tuple(self._waiting):
            self.reject(device_id)

    def ask(self, pair: Pair, connection: Connection) -> None:
        """A device asks to come in; it waits for :meth:`accept` or :meth:`reject`.

        Raises:
            Unauthorized: the window is closed or the code is wrong.
        """
        if self.code is None:
            raise Unauthorized("nobody is pairing a device now")
        if not secrets.compare_digest(pair.code.encode(), self.code.encode()):
            self._wrong_codes += 1
            if self._wrong_codes >= _WRONG_CODES:
                _log.warning("pairing stopped: %d wrong codes, the last from %s", _WRONG_CODES, connection.wire.address)
                self.close()
            raise Unauthorized("wrong pairing code")
        if pair.device in self._waiting:
            self.reject(pair.device)
        request = PairingRequest(pair.device, pair.model, pair.name, connection.wire.address)
        self._waiting[pair.device] = request, connection
        connection.on_lost = lambda: self._forget(pair.device, connection)
        for listener in tuple(self.on_request):
            listener(request)

    def accept(self, device_id: str) -> None:
        """Let the device in: it gets a token, in place of one that it had, and says hello with it.

        Raises:
            UnknownEntry: no such device asks.
        """
        _, connection = self._take(device_id)
        frame = encode(Paired(self._make_token(device_id)))

        def tell() -> None:
            connection.send(frame)
            connection.close(CloseCode.NORMAL, "paired")

        self._store.on_durable(tell)

    def reject(self, device_id: str) -> None:
        """Turn the device away.

        Raises:
            UnknownEntry: no such device asks.
        """
        _, connection = self._take(device_id)
        connection.close(CloseCode.NOT_PAIRING, "not accepted")

    def _take(self, device_id: str) -> tuple[PairingRequest, Connection]:
        waiting = self._waiting.pop(device_id, None)
        if waiting is None:
            raise UnknownEntry(f"no device {device_id!r} asks to be paired")
        return waiting

    def _forget(self, device_id: str, connection: Connection) -> None:
        waiting = self._waiting.get(device_id)
        if waiting is not None and waiting[1] is connection:
            del self._waiting[device_id]
