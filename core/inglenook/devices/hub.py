"""The devices of a home: who they are, who is here, and the ways to reach them."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from inglenook.bus import EventBus
from inglenook.clock import Clock, Timer
from inglenook.devices.attempts import FailedAttempts
from inglenook.devices.command import Ticket
from inglenook.devices.connection import Connection, Wire
from inglenook.devices.ledger import Ledger
from inglenook.devices.limits import DeviceLimits
from inglenook.devices.pairing import Pairing
from inglenook.devices.reception import Reception
from inglenook.devices.session import DeviceSession
from inglenook.devices.surroundings import Surroundings
from inglenook.devices.tokens import Tokens
from inglenook.entity import Entities
from inglenook.errors import ConfigError, InglenookError, UnknownEntry
from inglenook.model import NO_DATA, Context, new_context
from inglenook.protocol import CloseCode, Hello, is_device_id
from inglenook.registry import Registry
from inglenook.states import StateMachine
from inglenook.store import Store

_log = logging.getLogger(__name__)

_SWEEP_S: Final = 1.0
_SWEEPS_A_HEARTBEAT: Final = 10


class Devices:
    """Every known device by id.

    Attributes:
        pairing: the window through which a new device gets its token.
    """

    def __init__(
        self,
        bus: EventBus,
        clock: Clock,
        states: StateMachine,
        registry: Registry,
        entities: Entities,
        store: Store,
    ) -> None:
        self._clock = clock
        ledger = Ledger(store, clock)
        self._around = Surroundings(bus, clock, states, registry, entities, ledger, DeviceLimits())
        self._tokens = Tokens(store, clock)
        self._sessions: dict[str, DeviceSession] = {}
        self._sweeper: Timer | None = None
        self.pairing = Pairing(clock, store, self.add)
        self._reception = Reception(clock, self._tokens, self.pairing, FailedAttempts(clock), self._let_in)

    @property
    def limits(self) -> DeviceLimits:
        """The bounds of the gateway. Set before :meth:`start`."""
        return self._around.limits

    @limits.setter
    def limits(self, limits: DeviceLimits) -> None:
        self._around.limits = limits

    def __iter__(self) -> Iterator[DeviceSession]:
        return iter(tuple(self._sessions.values()))

    def __len__(self) -> int:
        return len(self._sessions)

    def get(self, device_id: str) -> DeviceSession | None:
        """Return what is known of a device, or None."""
        return self._sessions.get(device_id)

    # -- life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read tokens, sessions and waiting commands from the store, and start the sweeper. Blocking.

        The registry and the states are loaded before, so that entities come up as what they last were.
        """
        self._tokens.load()
        for device_id, session_id, received, touched_at, entry in self._around.ledger.load_sessions():
            session = DeviceSession(device_id, self._around)
            try:
                session.restore(session_id, received, touched_at, entry)
            except (msgspec.MsgspecError, InglenookError):
                _log.exception("what is stored of device %s cannot be used; it will introduce itself again", device_id)
                continue
            self._sessions[device_id] = session
        for ticket in self._around.ledger.load_commands():
            if ticket.device_id in self._sessions:
                self._sessions[ticket.device_id].dispatcher.restore(ticket)
        self._sweep()

    def stop(self) -> None:
        """Close every device's socket with 1012. States stay as they are: the devices will be back."""
        if self._sweeper:
            self._sweeper.cancel()
            self._sweeper = None
        self.pairing.close()
        self._reception.close(CloseCode.RESTARTING, "the hub goes down")
        for session in self:
            session.close(CloseCode.RESTARTING, "the hub goes down")

    def connect(self, wire: Wire) -> Connection:
        """A device's socket was opened: return where its frames go. Called by the web's gateway."""
        connection = Connection(wire, self.limits, self._clock)
        self._reception.admit(connection, self.limits)
        return connection

    # -- who may come in --------------------------------------------------------------------------------------------

    def add(self, device_id: str) -> str:
        """Let a device in and return its new token, which nobody can read again; a former one is withdrawn.

        It is safe once the store is flushed.

        Raises:
            ConfigError: no device may call itself so.
        """
        if not is_device_id(device_id):
            what = "expected 1 to 64 letters, digits and _.:-, a letter or digit first"
            raise ConfigError(f"device id {device_id!r}: {what}")
        session = self._sessions.get(device_id)
        if session is not None and session.connection is not None:
            session.revoke("the token was replaced")
        return self._tokens.add(device_id)

    def revoke(self, device_id: str) -> None:
        """Withdraw a device's token and close its socket; its entities become unavailable, its names stay.

        Raises:
            UnknownEntry: it has no token.
        """
        if not self._tokens.remove(device_id):
            raise UnknownEntry(f"no device {device_id!r} has a token")
        _log.info("device %s is revoked: its token is withdrawn", device_id)
        session = self._sessions.get(device_id)
        if session is not None:
            session.revoke("the token was withdrawn")

    def allowed(self) -> list[str]:
        """Return the ids of the devices that have a token."""
        return list(self._tokens)

    # -- reach them -------------------------------------------------------------------------------------------------

    def send(
        self,
        device_id: str,
        key: str,
        service: str,
        data: Mapping[str, Any] = NO_DATA,
        *,
        context: Context | None = None,
        ttl_s: float | None = None,
        queue: bool = False,
    ) -> Ticket:
        """Send a command to the entity that the device calls ``key`` and return its ticket.

        Args:
            device_id: as the device calls itself.
            key: of the entity, the device's word.
            service: without the domain, like ``turn_on``.
            data: what JSON can hold.
            context: what causes it; states that it leads to carry it.
            ttl_s: how long it is worth carrying out, at most a day; by default 10 s, for a queue a day.
            queue: keep it also for a device that is away for long.

        Raises:
            UnknownEntry: the device has no such entity.
        """
        session = self._sessions.get(device_id)
        entity = session.inventory.entities.get(key) if session else None
        if session is None or entity is None:
            raise UnknownEntry(f"no device {device_id!r} with an entity {key!r}")
        context = context or new_context(self._clock.now())
        return session.dispatcher.send(entity, service, data, context, ttl_s=ttl_s, queue=queue)

    def statistics(self) -> dict[str, int]:
        """Return how many devices are known, connected and at the door, their returns, and how many commands wait."""
        return {
            "known": len(self._sessions),
            "connected": self._around.connected,
            "ungreeted": len(self._reception),
            "reconnects": sum(session.reconnects for session in self._sessions.values()),
            "commands": sum(len(session.dispatcher) for session in self._sessions.values()),
        }

    # -- the machinery ----------------------------------------------------------------------------------------------

    def _let_in(self, connection: Connection, hello: Hello) -> None:
        session = self._sessions.get(hello.device)
        if session is None:
            session = self._sessions[hello.device] = DeviceSession(hello.device, self._around)
        if session.connection is None and self._around.connected >= self.limits.max_devices:
            connection.close(CloseCode.TOO_MANY, f"{self.limits.max_devices} devices are connected already")
            return
        session.attach(connection, hello)

    def _sweep(self) -> None:
        now = self._clock.monotonic()
        for session in self:
            session.sweep(now)
        period_s = min(_SWEEP_S, self.limits.heartbeat_s / _SWEEPS_A_HEARTBEAT)
        self._sweeper = self._clock.call_later(period_s, self._sweep)
