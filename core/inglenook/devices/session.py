"""What the hub knows of one device, with or without a socket: its numbering, its presence, what it reports."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct
from ulid_transform import ulid_at_time

from inglenook.clock import Timer
from inglenook.devices.command import Outcome
from inglenook.devices.connection import Connection
from inglenook.devices.dispatch import Dispatcher
from inglenook.devices.inventory import Inventory
from inglenook.devices.surroundings import Surroundings
from inglenook.errors import ProtocolError
from inglenook.model import Context, new_context
from inglenook.protocol import (
    Bye,
    CloseCode,
    Describe,
    DeviceInfo,
    DeviceValue,
    EntityDescription,
    EventFrame,
    Hello,
    Ping,
    Pong,
    Reading,
    Result,
    StateFrame,
    Welcome,
    encode,
    encode_ack,
)
from inglenook.protocol.device_frames import MAX_SEQ, AnyDeviceFrame
from inglenook.store import Row

_log = logging.getLogger(__name__)

EVENT_DEVICE: Final = "inglenook_device_event"

MISSED_HEARTBEATS: Final = 1.5  # a device that is silent for so many is gone, also when its socket is not
OVERSLEEP: Final = 1.5  # a sleeping device is missed after so many times as long as it said
_MAX_HEARTBEAT_S: Final = 3600.0
_MAX_SLEEP_S: Final = 7 * 86_400.0
_DONE: Final = Outcome.DONE
_STATELESS: Final = frozenset(("button", "event"))  # they have nothing to say before they are there again
_KEEP_FRESH: Final = 4  # a connected session is stored so many times in its time to live


class SessionEntry(Struct, omit_defaults=True):
    """What is stored of a session beside its numbering. ``values``: what unavailable entities last were."""

    info: DeviceInfo
    entities: dict[str, EntityDescription]
    heartbeat_s: float
    sleep_s: float = 0.0
    gaps: int = 0
    lost: int = 0
    values: dict[str, Reading] = {}


class DeviceStatistics(Struct, frozen=True):
    """Counters of one device since the hub started; ``gaps`` and ``lost`` since the device is known.

    ``lag_s``: between the device's own time of its last message and its arrival, None when the device has no clock;
    ``queue``: commands without a result; ``last_seen``: seconds since the epoch, 0 if not yet; ``gaps``: how often
    its numbering jumped, ``lost``: how many numbers were left out.
    """

    device: str
    is_connected: bool
    is_available: bool
    messages: int
    bytes: int
    reconnects: int
    queue: int
    lag_s: float | None
    last_seen: float
    gaps: int
    lost: int


class DeviceSession:
    """One device.

    Attributes:
        device_id: what the device calls itself.
        session_id: a ULID; a new one whenever the device has to start its numbering again.
        received: the last seq that is on the bus.
        durable: the last seq that is safe, and so acknowledged.
        is_available: whether its entities are.
        is_dirty: the ledger's mark.
    """

    __slots__ = (
        "_absence", "_around", "_bytes", "_clock", "_connects", "_entry", "_gaps", "_gone_at", "_lag_s", "_last_seen",
        "_lost", "_messages", "_messages_at_sweep", "_quiet_since", "_settling", "_sleep_s", "_touched_at",
        "connection", "device_id", "dispatcher", "durable", "heartbeat_s", "inventory", "is_available", "is_dirty",
        "received", "session_id",
    )  # fmt: skip

    def __init__(self, device_id: str, around: Surroundings) -> None:
        self.device_id = device_id
        self.session_id = ""
        self.received = 0
        self.durable = 0
        self.is_available = False
        self.is_dirty = False
        self.heartbeat_s = around.limits.heartbeat_s
        self.connection: Connection | None = None
        self.dispatcher = Dispatcher(device_id, around)
        self.inventory = Inventory(device_id, around, self.dispatcher.send)
        self._around = around
        self._clock = around.clock
        self._absence: Timer | None = None
        self._settling: Timer | None = None
        self._entry: str | None = None
        self._sleep_s = 0.0
        self._gone_at = self._quiet_since = self._touched_at = self._clock.monotonic()
        self._messages_at_sweep = 0
        self._messages = self._bytes = self._connects = self._gaps = self._lost = 0
        self._lag_s: float | None = None
        self._last_seen = 0.0

    def __repr__(self) -> str:
        return f"<DeviceSession {self.device_id}{' connected' if self.connection else ''}>"

    # -- come and go ----------------------------------------------------------------------------------------------

    def restore(self, session_id: str, received: int, touched_at: float, entry: str) -> None:
        """Take up a session of a former run of the hub; the device has its grace period from now."""
        stored = msgspec.json.decode(entry, type=SessionEntry)
        self.session_id, self.received, self.durable = session_id, received, received
        self.heartbeat_s, self._sleep_s = stored.heartbeat_s, stored.sleep_s
        self._gaps, self._lost = stored.gaps, stored.lost
        self.inventory.restore(stored.info, stored.entities, stored.values)
        self.dispatcher.may_queue = stored.info.queue
        if self._lost:
            self.inventory.show_gaps(self._lost)
        gone_for_s = max(0.0, self._clock.now() - touched_at)
        self._gone_at = self._clock.monotonic() - gone_for_s
        self.is_available = True
        self._wait_for_return(max(self._patience_s() - (gone_for_s if self._sleep_s else 0.0), 0.0))

    def attach(self, connection: Connection, hello: Hello) -> None:
        """Welcome the device on a new socket, which takes the place of one that it had."""
        was_connected = self.connection
        if was_connected is not None:
            self._detach()
            was_connected.close(CloseCode.REPLACED, "a newer socket of this device took over")
        is_resumed = hello.session == self.session_id != "" and not self._is_over()
        if not is_resumed:
            self._start_over()
        self.inventory.introduce(hello)
        self.heartbeat_s = min(hello.heartbeat_s or self._around.limits.heartbeat_s, _MAX_HEARTBEAT_S)
        was_asleep, self._sleep_s = self._sleep_s > 0.0, 0.0
        self._entry = None
        self._connects += 1
        self._quiet_since = self._clock.monotonic()
        self._messages_at_sweep = -1
        self._cancel_absence()
        self.connection = self.dispatcher.connection = connection
        self._around.connected += 1
        connection.handle = self.receive
        connection.on_lost = partial(self._lost_socket, connection)
        self._around.ledger.touch(self)
        self._welcome(connection, is_resumed=is_resumed)
        level = logging.DEBUG if is_resumed and was_asleep else logging.INFO  # one that sleeps comes and goes all day
        _log.log(level, "device %s is here%s", self.device_id, " again" if is_resumed else "")
        if is_resumed:
            self._become_available()

    def revoke(self, reason: str) -> None:
        """Close the device's socket, for its token is no longer good; what it is, stays known."""
        connection = self.connection
        if connection is not None:
            self._detach()
            connection.close(CloseCode.UNAUTHORIZED, reason)
        self.dispatcher.fail_all(reason)
        self._start_over()
        self._become_unavailable()

    def close(self, code: CloseCode, reason: str) -> None:
        """Close the device's socket and nothing else, because the hub goes down."""
        self._cancel_absence()
        if self.connection is not None:
            connection = self.connection
            self._detach()
            connection.close(code, reason)

    def sweep(self, now: float) -> None:
        """Look for a sign of life since the last sweep; ``now`` is monotonic."""
        connection = self.connection
        if connection is None:
            return
        if connection.messages != self._messages_at_sweep:
            self._messages_at_sweep = connection.messages
            self._quiet_since = now
        elif now - self._quiet_since > MISSED_HEARTBEATS * self.heartbeat_s:
            self._detach()
            connection.close(CloseCode.SILENT, f"nothing heard for {now - self._quiet_since:.0f} s")
            self._become_unavailable()
        if now - self._touched_at > self._around.limits.session_ttl_s / _KEEP_FRESH:
            self._around.ledger.touch(self)

    # -- what the device says ---------------------------------------------------------------------------------------

    def receive(self, frame: AnyDeviceFrame) -> None:
        """Handle one frame of the connected device.

        Raises:
            ProtocolError: for the device.
        """
        if type(frame) is StateFrame:  # most frames are
            self._on_state(frame)
            return
        handler = _HANDLERS.get(type(frame))
        if handler is None:
            raise ProtocolError("unexpected", f"got {type(frame).__name__.lower()}, but the session is up already")
        handler(self, frame)

    def acknowledge(self, session_id: str, seq: int) -> None:
        """Everything up to ``seq`` is safe: tell the device. Called by the ledger."""
        if session_id != self.session_id:
            return
        self.durable = seq
        if self.connection is not None and seq:
            self.connection.send(encode_ack(seq))

    def row(self) -> Row:
        """Return the session's row for the store."""
        if self._entry is None:
            self._entry = msgspec.json.encode(self._make_entry()).decode()
        self._touched_at = self._clock.monotonic()
        return self.device_id, self.session_id, self.received, self._clock.now(), self._entry

    def statistics(self) -> DeviceStatistics:
        """Return the device's counters."""
        connection = self.connection
        return DeviceStatistics(
            device=self.device_id,
            is_connected=connection is not None,
            is_available=self.is_available,
            messages=self._messages + (connection.messages if connection else 0),
            bytes=self._bytes + (connection.bytes if connection else 0),
            reconnects=max(0, self._connects - 1),
            queue=len(self.dispatcher),
            lag_s=self._lag_s,
            last_seen=self._last_seen,
            gaps=self._gaps,
            lost=self._lost,
        )

    def _on_state(self, frame: StateFrame) -> None:
        if frame.seq == self.received + 1 and self.is_dirty:
            self.received += 1  # as _take does, without a call
        elif not self._take(frame.seq):
            return
        now = self._last_seen = self._clock.now()
        if frame.at is not None:
            self._lag_s = now - frame.at
        self._apply(frame.states, Context(ulid_at_time(now)), frame.at)
        if self._settling is not None:
            self._settle()

    def _on_event(self, frame: EventFrame) -> None:
        if not self._take(frame.seq):
            return
        now = self._last_seen = self._clock.now()
        if frame.at is not None:
            self._lag_s = now - frame.at
        entity = self.inventory.entities.get(frame.entity)
        if entity is None:
            raise _unknown(frame.entity, "entity")
        types = entity.capabilities.get("event_types")
        if types and frame.event not in types:
            raise ProtocolError("unknown_event", f"got {frame.event!r}, described were {', '.join(types)}", "event")
        context = entity.cause(self._clock.monotonic()) or Context(ulid_at_time(now))
        if entity.domain == "event":
            entity.press(frame.event, frame.data, context, now)
        data: dict[str, Any] = {
            "device_id": entity.device_id, "device": self.device_id, "entity_id": entity.entity_id,
            "event": frame.event, "data": frame.data, "at": frame.at,
        }  # fmt: skip
        self._around.bus.fire(EVENT_DEVICE, data, context)

    def _on_result(self, frame: Result) -> None:
        now = self._last_seen = self._clock.now()
        ticket = self.dispatcher.take(frame.command)
        if frame.states:
            self._apply(frame.states, ticket.context if ticket else new_context(now))
        if ticket is None:
            return  # it came too late, but what the device says it is, it is
        if frame.ok:
            ticket.finish(_DONE, "", frame.states)
        else:
            self.dispatcher.fail(ticket, frame.error or "the device could not")

    def _on_describe(self, frame: Describe) -> None:
        self.inventory.describe(frame)
        self.dispatcher.may_queue = self.inventory.info.queue
        self._entry = None
        self._around.ledger.touch(self)
        self.is_available = True
        missing = [entity for entity in self.inventory.entities.values() if not entity.is_available]
        stateless = [entity for entity in missing if entity.domain in _STATELESS]
        self.inventory.set_available(True, stateless, self._context())
        if len(stateless) < len(missing) and self._settling is None:
            self._settling = self._clock.call_later(self._around.limits.grace_s, self._settle)

    def _on_ping(self, _: Ping) -> None:
        now = self._last_seen = self._clock.now()
        if self.connection is not None:
            self.connection.send(encode(Pong(now)))

    def _on_bye(self, frame: Bye) -> None:
        self._sleep_s = min(frame.wake_in_s, _MAX_SLEEP_S)
        self._entry = None
        connection = self.connection
        if connection is not None:
            self._detach()
            connection.close(CloseCode.NORMAL, "sleep well")
            self._wait_for_return(self._patience_s())

    def _take(self, seq: int) -> bool:
        """Advance to ``seq``; False when that is on the bus already, which is only acknowledged once more."""
        expected = self.received + 1
        if seq != expected:
            if not 0 < seq <= MAX_SEQ:
                raise ProtocolError("invalid", f"got {seq}, expected {expected} or a number after it", "seq")
            if seq < expected:
                self._around.ledger.touch(self)
                return False
            self._count_gap(seq - expected)
        self.received = seq
        if not self.is_dirty:
            self._around.ledger.touch(self)
        return True

    def _apply(self, states: Mapping[str, DeviceValue], context: Context, at: float | None = None) -> None:
        entities = self.inventory.entities
        for key, value in states.items():
            entity = entities.get(key)
            try:
                if entity is None:
                    raise _unknown(key, f"states.{key}")
                cause = entity.effect_of and entity.cause(self._clock.monotonic())
                entity.report(value, cause or context, at)
            except ProtocolError as error:
                self._refuse(ProtocolError(error.code, error.message, f"states.{key}"))

    def _refuse(self, error: ProtocolError) -> None:
        if self.connection is not None:
            self.connection.refuse(error)

    def _count_gap(self, lost: int) -> None:
        self._gaps += 1
        self._lost += lost
        self._entry = None
        self.inventory.show_gaps(self._lost)

    # -- presence ---------------------------------------------------------------------------------------------------

    def _welcome(self, connection: Connection, *, is_resumed: bool) -> None:
        limits = self._around.limits
        welcome = Welcome(
            session=self.session_id,
            resumed=is_resumed,
            received=self.durable,
            time=self._clock.now(),
            heartbeat_s=self.heartbeat_s,
            max_frame=limits.max_frame,
            rate=limits.rate_per_s,
        )
        room = limits.max_frame - len(encode(welcome))
        welcome.commands, rest = self.dispatcher.redeliver(room)
        connection.send(encode(welcome))
        for frame in rest:
            connection.send(frame)

    def _start_over(self) -> None:
        """Begin a new session: the device numbers from 1 and describes itself."""
        self.session_id = ulid_at_time(self._clock.now())
        self.received = self.durable = 0
        self.dispatcher.forget_unrepeatable()
        self._entry = None

    def _is_over(self) -> bool:
        """True when the session was without a socket for longer than it lives."""
        lives_s = max(self._around.limits.session_ttl_s, OVERSLEEP * self._sleep_s)
        return self.connection is None and self._clock.monotonic() - self._gone_at > lives_s

    def _lost_socket(self, connection: Connection) -> None:
        if self.connection is connection:
            self._detach()
            self._wait_for_return(self._patience_s())

    def _detach(self) -> None:
        connection = self.connection
        assert connection is not None
        connection.on_lost = _nothing
        self.connection = self.dispatcher.connection = None
        self._around.connected -= 1
        self._messages += connection.messages
        self._bytes += connection.bytes
        self._gone_at = self._clock.monotonic()
        self._around.ledger.touch(self)
        if self._sleep_s:
            _log.debug("device %s sleeps for %.0f s", self.device_id, self._sleep_s)
        else:
            _log.info("device %s is gone", self.device_id)

    def _patience_s(self) -> float:
        """Return how long the device may be away before it is missed."""
        return OVERSLEEP * self._sleep_s if self._sleep_s else self._around.limits.grace_s

    def _wait_for_return(self, patience_s: float) -> None:
        self._cancel_absence()
        self.dispatcher.back_in_s = self._sleep_s
        self._absence = self._clock.call_later(patience_s, self._become_unavailable)

    def _cancel_absence(self) -> None:
        for timer in (self._absence, self._settling):
            if timer is not None:
                timer.cancel()
        self._absence = self._settling = None

    def _become_unavailable(self) -> None:
        self._cancel_absence()
        self.dispatcher.back_in_s = float("inf")
        if not self.is_available:
            return
        self.is_available = False
        self._entry = None  # it keeps the values now
        self._around.ledger.touch(self)
        _log.warning("device %s does not come back; its entities are unavailable", self.device_id)
        self.inventory.set_available(False, list(self.inventory.entities.values()), self._context())

    def _become_available(self) -> None:
        if not self.is_available:
            self.is_available = True
            self._entry = None
            self.inventory.set_available(True, list(self.inventory.entities.values()), self._context())

    def _settle(self) -> None:
        """The device has said how it is: what it left out is as it was."""
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None
        self.inventory.set_available(True, list(self.inventory.entities.values()), self._context())

    def _context(self) -> Context:
        return new_context(self._clock.now())

    def _make_entry(self) -> SessionEntry:
        inventory = self.inventory
        return SessionEntry(
            info=inventory.info,
            entities={key: entity.description for key, entity in inventory.entities.items()},
            heartbeat_s=self.heartbeat_s,
            sleep_s=self._sleep_s,
            gaps=self._gaps,
            lost=self._lost,
            values={} if self.is_available else inventory.values(),
        )


_HANDLERS: Final[Mapping[type[Any], Callable[[DeviceSession, Any], None]]] = {
    EventFrame: DeviceSession._on_event,  # noqa: SLF001 - the table of its own methods
    Result: DeviceSession._on_result,  # noqa: SLF001
    Describe: DeviceSession._on_describe,  # noqa: SLF001
    Ping: DeviceSession._on_ping,  # noqa: SLF001
    Bye: DeviceSession._on_bye,  # noqa: SLF001
}


def _unknown(key: str, field: str) -> ProtocolError:
    return ProtocolError("unknown_entity", f"got {key!r}, which was not described", field)


def _nothing() -> None:
    """A socket that is no longer this session's is lost."""
