"""One socket of a client, without the socket: who it is, the commands it sends, the subscriptions it holds."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Coroutine, Mapping
from typing import Any, Final

import voluptuous as vol
from aiohttp import WSCloseCode

from inglenook.auth import RefreshToken, may, may_come_from
from inglenook.bus import Unsubscribe
from inglenook.clock import Timer
from inglenook.errors import (
    ConfigError,
    InglenookError,
    InvalidEntry,
    InvalidServiceData,
    ServiceNotFound,
    ServiceValidationError,
    TemplateError,
    Unauthorized,
    UnknownEntry,
)
from inglenook.version import HA_VERSION
from inglenook.web.allowance import Allowance
from inglenook.web.client_request import ClientRequest
from inglenook.web.commands.command import Command, CommandError
from inglenook.web.decoding import decode
from inglenook.web.encoding import encode
from inglenook.web.house import House
from inglenook.web.outbox import Outbox
from inglenook.web.turn import Turn
from inglenook.web.wire import SocketWire

_log = logging.getLogger(__name__)

AUTH_S: Final = 10.0
MAX_AUTH_BYTES: Final = 8_192
MAX_UNPROVEN_BYTES: Final = 65_536  # of frames that are not whole yet, before a token is shown
MAX_SUBSCRIPTIONS: Final = 5_000
MAX_TOGETHER: Final = 1_000  # commands in one frame
MAX_RUNNING: Final = 500  # commands of one client that have to wait, at once
WORK_S: Final = 0.05  # on the commands of one client; then everything else on the loop gets its turn

_CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (ServiceNotFound, "not_found"),
    (UnknownEntry, "not_found"),
    (InvalidEntry, "invalid_format"),
    (InvalidServiceData, "invalid_format"),
    (ServiceValidationError, "service_validation_error"),
    (TemplateError, "template_error"),
    (Unauthorized, "unauthorized"),
    (ConfigError, "invalid_format"),
    (vol.Invalid, "invalid_format"),
    (InglenookError, "home_assistant_error"),
)


class ClientConnection:
    """A client's end of a socket.

    Args:
        wire: the socket.
        house: what its commands act on.
        commands: by type.
        turn: shared by the sockets of the home.
        address: the client's, for logs and to count failures against.
        is_local: whether that is in the home's own network.
        allowance: how much of the home's time its subscriptions may take.
    """

    __slots__ = (
        "_commands", "_house", "_is_local", "_is_open", "_last_id", "_monotonic", "_running", "_spent_s",
        "_subscriptions", "_timer", "_todo", "_unwatch", "address", "allowance", "held_answers", "outbox", "token",
        "wire",
    )  # fmt: skip

    def __init__(
        self,
        wire: SocketWire,
        house: House,
        commands: Mapping[str, Command],
        turn: Turn,
        address: str,
        *,
        is_local: bool = False,
    ) -> None:
        self.wire = wire
        self.address = address
        self.outbox = Outbox(wire, turn)
        self.allowance = Allowance(house.home.clock)
        self.held_answers = 0
        self.token: RefreshToken | None = None
        self._house = house
        self._commands = commands
        self._is_local = is_local
        self._is_open = True
        self._spent_s = 0.0  # on the client's commands, since it last rested
        self._todo: deque[Any] | None = None  # commands that came together and wait
        self._monotonic = house.home.clock.monotonic
        self._last_id = 0
        self._subscriptions: dict[int, Unsubscribe] = {}
        self._running: set[asyncio.Task[None]] | None = None
        self._unwatch: Unsubscribe | None = None
        self._timer: Timer | None = house.home.clock.call_later(AUTH_S, self._auth_missed)
        wire.unproven_bytes = MAX_UNPROVEN_BYTES
        self._send({"type": "auth_required", "ha_version": HA_VERSION})

    # -- what the socket calls ------------------------------------------------------------------------------------

    def receive(self, payload: bytes) -> None:
        """Handle one text frame."""
        if not self._is_open:
            return
        if self.token is None:
            self._authenticate(payload)
            return
        try:
            message = decode(payload)
        except ValueError as error:
            self._refuse_frame(payload, error)
            return
        if not isinstance(message, list):
            if self._todo is None:  # as nearly always
                began = self._monotonic()
                self._take(message, self.token)
                self._spend(self._monotonic() - began)
            else:
                self._todo.append(message)
        elif len(message) > MAX_TOGETHER:
            told = f"expected at most {MAX_TOGETHER} commands at once, got {len(message)}"
            self._refuse(None, "invalid_format", f"Message incorrectly formatted: {told}")
        elif self._todo is None:
            self._todo = deque(message)
            self._work(self.token)
        else:
            self._todo += message

    def _work(self, token: RefreshToken) -> None:
        """Carry out what waits, until that has taken long."""
        todo = self._todo or deque()
        while todo and self._is_open:
            began = self._monotonic()
            self._take(todo.popleft(), token)
            if self._spend(self._monotonic() - began):
                break
        if not todo:
            self._todo = None

    def _spend(self, seconds: float) -> bool:
        """Note what the client's commands took; after much of it everything else on the loop gets its turn."""
        self._spent_s += seconds
        if self._spent_s <= WORK_S:
            return False
        self._spent_s = 0.0
        self.wire.pause()
        self._house.home.clock.call_soon(self._go_on)
        return True

    def _go_on(self) -> None:
        if self._todo is not None and self.token is not None:
            self._work(self.token)
        if self._todo is None and self._is_open and not self.outbox.is_behind:
            self.wire.resume()

    def receive_binary(self) -> None:
        """Refuse a binary frame: no command of ours reads any."""
        self.close(WSCloseCode.UNSUPPORTED_DATA, "no command reads binary frames")

    def control(self) -> None:
        """The socket answers pings by itself."""

    def lost(self) -> None:
        """The socket is gone."""
        self._is_open = False
        self._end()
        self.outbox.clear()

    # -- what others call -----------------------------------------------------------------------------------------

    def close(self, code: int, reason: str) -> None:
        """Send what waits and a close frame."""
        if self._is_open:
            self._is_open = False
            self._end()
            self.outbox.flush()
            self.wire.close(code, reason)

    async def ended(self) -> None:
        """Cut off the commands that still run, and wait for their end."""
        running = tuple(self._running or ())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    @property
    def is_waiting_for_auth(self) -> bool:
        """True until the client has shown a token."""
        return self._is_open and self.token is None

    def subscribe(self, ident: int, unsubscribe: Unsubscribe) -> None:
        """Keep a subscription."""
        if not self._is_open:
            unsubscribe()
            return
        try:
            self.require_room()
        except CommandError:
            unsubscribe()
            raise
        self._subscriptions[ident] = unsubscribe

    def require_room(self) -> None:
        """Let one more subscription be opened.

        Raises:
            CommandError: there are as many as a client may hold.
        """
        if len(self._subscriptions) >= MAX_SUBSCRIPTIONS:
            raise CommandError("home_assistant_error", f"A client may hold {MAX_SUBSCRIPTIONS} subscriptions.")

    def unsubscribe(self, ident: int) -> bool:
        """End a subscription; False if there is none of that id."""
        unsubscribe = self._subscriptions.pop(ident, None)
        if unsubscribe is None:
            return False
        unsubscribe()
        return True

    # -- the auth phase -------------------------------------------------------------------------------------------

    def _authenticate(self, payload: bytes) -> None:
        problem, given = _auth_frame(payload)
        if problem:
            self._turn_away(f"Auth message incorrectly formatted: {problem}")
            return
        token = self._house.auth.verify(given)
        if token is None or not may_come_from(token.user, is_local=self._is_local):
            # not counted: none can be guessed, and a program with an old one shuts nobody out
            _log.debug("%s showed a token that is not believed", self.address)
            self._turn_away("Invalid access token or password")
        else:
            self._let_in(token)

    def _let_in(self, token: RefreshToken) -> None:
        auth = self._house.auth
        self.token = token
        self.allowance = self._house.allowances.of(token.user.id)
        self.wire.unproven_bytes = 0
        self._cancel_timer()
        auth.touch(token, self.address)
        self._unwatch = auth.on_revoked(token.id, self._revoked)
        self._send({"type": "auth_ok", "ha_version": HA_VERSION})

    def _turn_away(self, message: str) -> None:
        self._send({"type": "auth_invalid", "message": message})
        self.close(WSCloseCode.OK, "")

    def _auth_missed(self) -> None:
        self._timer = None
        self.close(WSCloseCode.OK, "")

    def _revoked(self) -> None:
        """The token is believed no more; what the client is being answered in this turn still leaves."""
        self._unwatch = None
        self._house.home.clock.call_soon(lambda: self.close(WSCloseCode.OK, ""))

    def _end(self) -> None:
        self._cancel_timer()
        unwatch, self._unwatch = self._unwatch, None
        if unwatch is not None:
            unwatch()
        while self._subscriptions:
            _, unsubscribe = self._subscriptions.popitem()
            try:
                unsubscribe()
            except Exception:  # noqa: BLE001 - one that fails does not keep the others
                _log.exception("ending a subscription of %s failed", self.address)

    def _cancel_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    # -- commands -------------------------------------------------------------------------------------------------

    def _take(self, message: Any, token: RefreshToken) -> None:
        ident = message.get("id") if isinstance(message, dict) else None
        kind = message.get("type") if isinstance(message, dict) else None
        if type(ident) is not int or ident <= 0 or type(kind) is not str:
            known = ident if type(ident) is int else None
            self._refuse(known, "invalid_format", "Message incorrectly formatted.")
            return
        if ident <= self._last_id:
            self._refuse(ident, "id_reuse", "Identifier values have to increase.")
            return
        command = self._commands.get(kind)
        if command is None:
            self._refuse(ident, "unknown_command", "Unknown command.")
            return
        self._last_id = ident
        if not may(token.user, command.permission):
            self._refuse(ident, "unauthorized", "Unauthorized")
            return
        del message["id"], message["type"]
        try:
            data = command.schema(message)
        except vol.Invalid as error:
            self._refuse(ident, "invalid_format", _told(error))
            return
        self._run(command, ClientRequest(self, self._house, token, ident, data))

    def _refuse_frame(self, payload: bytes, error: ValueError) -> None:
        try:
            payload.decode()
        except UnicodeDecodeError:
            self.close(WSCloseCode.INVALID_TEXT, "a text frame is not UTF-8")
        else:
            self._refuse(None, "invalid_format", f"Message incorrectly formatted: {error}")

    def _run(self, command: Command, request: "ClientRequest") -> None:
        try:
            result = command.run(request)
        except Exception as error:  # noqa: BLE001 - the wall around a command
            self._fail(command, request, error)
            return
        if not isinstance(result, Awaitable):
            request.end(result)
        elif self._running is not None and len(self._running) >= MAX_RUNNING:
            if isinstance(result, Coroutine):
                result.close()
            self._refuse(request.id, "home_assistant_error", f"{MAX_RUNNING} commands are being carried out already.")
        else:
            self._wait(command, request, result)

    def _wait(self, command: Command, request: "ClientRequest", result: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(self._finish(command, request, result))
        if self._running is None:
            self._running = set()
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _finish(self, command: Command, request: "ClientRequest", result: Awaitable[Any]) -> None:
        try:
            request.end(await result)
        except Exception as error:  # noqa: BLE001 - the wall around a command
            self._fail(command, request, error)

    def _fail(self, command: Command, request: "ClientRequest", error: Exception) -> None:
        if isinstance(error, CommandError):
            self._refuse(request.id, error.code, error.message, **error.more)
            return
        for kind, code in _CODES:
            if isinstance(error, kind):
                self._refuse(request.id, code, _told(error))
                return
        _log.error("command %s of %s failed", command.type, self.address, exc_info=error)
        self._refuse(request.id, "unknown_error", "Unknown error")

    def _refuse(self, ident: int | None, code: str, message: str, **more: Any) -> None:
        error = {"code": code, "message": message, **more}
        self._send({"id": ident, "type": "result", "success": False, "error": error})

    def _send(self, frame: Any) -> None:
        self.outbox.send(encode(frame))


def _auth_frame(payload: bytes) -> tuple[str, str]:
    """Return what is wrong with a first frame, or else the token that it shows."""
    if len(payload) > MAX_AUTH_BYTES:
        return f"expected at most {MAX_AUTH_BYTES} bytes, got {len(payload)}", ""
    try:
        message = decode(payload)
    except ValueError as error:
        return str(error), ""
    if not isinstance(message, dict) or message.get("type") != "auth":
        return "expected type auth", ""
    token = message.get("access_token")
    return ("", token) if isinstance(token, str) else ("expected an access_token", "")


def _told(error: Exception) -> str:
    if isinstance(error, ServiceNotFound):
        return f"Service {error.domain}.{error.service} not found."
    if isinstance(error, vol.MultipleInvalid):
        error = error.errors[0]
    if isinstance(error, vol.Invalid):
        where = "".join(f"['{part}']" for part in error.path)
        return f"{error.msg} @ data{where}" if where else error.msg
    if isinstance(error, ServiceValidationError):
        return f"Validation error: {error}"
    return str(error) or type(error).__name__
