"""What the hub knows of one device, with or without a socket: its numbering, what it reports, what is stored of it."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct
from ulid_transform import ulid_at_time

from inglenook.devices.command import Outcome
from inglenook.devices.connection import Connection
from inglenook.devices.dispatch import Dispatcher
from inglenook.devices.inventory import Inventory
from inglenook.devices.presence import Presence
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

_DONE: Final = Outcome.DONE
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
        is_dirty: the ledger's mark.
        presence: whether it is here, and whether its entities are available.
    """

    __slots__ = (
        "_around", "_bytes", "_clock", "_connects", "_entry", "_gaps", "_lag_s", "_last_seen", "_lost", "_messages",
        "_touched_at", "connection", "device_id", "dispatcher", "durable", "inventory", "is_dirty", "presence",
        "received", "session_id",
    )  # fmt: skip

    def __init__(self, device_id: str, around: Surroundings) -> None:
        self.device_id = device_id
        self.session_id = ""
        self.received = 0
        self.durable = 0
        self.is_dirty = False
        self.connection: Connection | None = None
        self.dispatcher = Dispatcher(device_id, around)
        self.inventory = Inventory(device_id, around, self.dispatcher.send)
        self.presence = Presence(device_id, around, self.inventory, self.dispatcher, self._change)
        self._around = around
        self._clock = around.clock
        self._entry: str | None = None
        self._touched_at = self._clock.monotonic()
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
        self._gaps, self._lost = stored.gaps, stored.lost
        self.inventory.restore(stored.info, stored.entities, stored.values)
        self.dispatcher.may_queue = stored.info.queue
        if self._lost:
            self.inventory.show_gaps(self._lost)
        self.presence.restore(stored.heartbeat_s, stored.sleep_s, max(0.0, self._clock.now() - touched_at))

    def attach(self, connection: Connection, hello: Hello) -> None:
        """Welcome the device on a new socket, which takes the place of one that it had."""
        was_connected = self.connection
        if was_connected is not None:
            self._detach()
            was_connected.close(CloseCode.REPLACED, "a newer socket of this device took over")
        is_resumed = hello.session == self.session_id != "" and not self.presence.is_over()
        if not is_resumed:
            self._start_over()
        self.inventory.introduce(hello)
        was_asleep = self.presence.arrive(hello.heartbeat_s)
        self._connects += 1
        self.connection = self.dispatcher.connection = connection
        self._around.connected += 1
        connection.handle = self.receive
        connection.on_lost = partial(self._lost_socket, connection)
        self._change()
        self._welcome(connection, is_resumed=is_resumed)
        level = logging.DEBUG if is_resumed and was_asleep else logging.INFO  # one that sleeps comes and goes all day
        _log.log(level, "device %s is here%s", self.device_id, " again" if is_resumed else "")
        if is_resumed:
            self.presence.resume()

    def revoke(self, reason: str) -> None:
        """Close the device's socket, for its token is no longer good; what it is, stays known."""
        connection = self.connection
        if connection is not None:
            self._detach()
            connection.close(CloseCode.UNAUTHORIZED, reason)
        self.dispatcher.fail_all(reason)
        self._start_over()
        self.presence.miss()

    def close(self, code: CloseCode, reason: str) -> None:
        """Close the device's socket and nothing else, because the hub goes down."""
        self.presence.stop_waiting()
        if self.connection is not None:
            connection = self.connection
            self._detach()
            connection.close(code, reason)

    def sweep(self, now: float) -> None:
        """Look for a sign of life since the last sweep; ``now`` is monotonic."""
        connection = self.connection
        if connection is None:
            return
        silent_s = self.presence.silence(connection.messages, now)
        if silent_s > self.presence.longest_silence_s:
            self._detach()
            connection.close(CloseCode.SILENT, f"nothing heard for {silent_s:.0f} s")
            self.presence.miss()
        if now - self._touched_at > self._around.limits.session_ttl_s / _KEEP_FRESH:
            self._around.ledger.touch(self)

    # -- what the device says ---------------------------------------------------------------------------------------

    def receive(self, frame: AnyDeviceFrame) -> None:
        """Handle one frame of the connected device.

        Raises:
            ProtocolError: for the device.
        """
        if type(frame) is not StateFrame:  # most frames are
            handler = _HANDLERS.get(type(frame))
            if handler is None:
                raise ProtocolError("unexpected", f"got {type(frame).__name__.lower()}, but the session is up already")
            handler(self, frame)
            return
        if frame.seq == self.received + 1 and self.is_dirty:
            self.received += 1  # as _take does, without a call
        elif not self._take(frame.seq):
            return
        now, at = self._clock.now(), frame.at
        self._last_seen = now
        if at is not None:
            self._lag_s = now - at
        self._apply(frame.states, Context(ulid_at_time(now)), now, at)
        if self.presence.settling is not None:
            self.presence.settle()

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

    @property
    def sleeps(self) -> bool:
        """True when the device goes to sleep as soon as it knows that what it said is safe."""
        return self.dispatcher.may_queue

    @property
    def reconnects(self) -> int:
        """How often the device came back."""
        return max(0, self._connects - 1)

    def statistics(self) -> DeviceStatistics:
        """Return the device's counters."""
        connection = self.connection
        return DeviceStatistics(
            device=self.device_id,
            is_connected=connection is not None,
            is_available=self.presence.is_available,
            messages=self._messages + (connection.messages if connection else 0),
            bytes=self._bytes + (connection.bytes if connection else 0),
            reconnects=self.reconnects,
            queue=len(self.dispatcher),
            lag_s=self._lag_s,
            last_seen=self._last_seen,
            gaps=self._gaps,
            lost=self._lost,
        )

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
            self._apply(frame.states, ticket.context if ticket else new_context(now), now)
        if ticket is None:
            return  # it came too late, but what the device says it is, it is
        if frame.ok:
            ticket.finish(_DONE, "", frame.states)
        else:
            self.dispatcher.fail(ticket, frame.error or "the device could not")

    def _on_describe(self, frame: Describe) -> None:
        self.inventory.describe(frame)
        self.dispatcher.may_queue = self.inventory.info.queue
        self._change()
        self.presence.begin()

    def _on_ping(self, _: Ping) -> None:
        now = self._last_seen = self._clock.now()
        if self.connection is not None:
            self.connection.send(encode(Pong(now)))

    def _on_bye(self, frame: Bye) -> None:
        self.presence.sleep(frame.wake_in_s)
        self._entry = None
        connection = self.connection
        if connection is not None:
            self._detach()
            connection.close(CloseCode.NORMAL, "sleep well")
            self.presence.wait_for_return()

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

    def _apply(self, states: Mapping[str, DeviceValue], context: Context, now: float, at: float | None = None) -> None:
        entities = self.inventory.entities
        for key, value in states.items():
            entity = entities.get(key)
            try:
                if entity is None:
                    raise _unknown(key, f"states.{key}")
                cause = entity.effect_of and entity.cause(self._clock.monotonic())
                entity.report(value, cause or context, now, at)
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

    # -- the session ------------------------------------------------------------------------------------------------

    def _welcome(self, connection: Connection, *, is_resumed: bool) -> None:
        limits = self._around.limits
        welcome = Welcome(
            session=self.session_id,
            resumed=is_resumed,
            received=self.durable,
            time=self._clock.now(),
            heartbeat_s=self.presence.heartbeat_s,
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

    def _lost_socket(self, connection: Connection) -> None:
        if self.connection is connection:
            self._detach()
            self.presence.wait_for_return()

    def _detach(self) -> None:
        connection = self.connection
        assert connection is not None
        connection.on_lost = _nothing
        self.connection = self.dispatcher.connection = None
        self._around.connected -= 1
        self._messages += connection.messages
        self._bytes += connection.bytes
        self._around.ledger.touch(self)
        self.presence.leave()

    def _change(self) -> None:
        """Store anew what is known of the device."""
        self._entry = None
        self._around.ledger.touch(self)

    def _make_entry(self) -> SessionEntry:
        inventory = self.inventory
        return SessionEntry(
            info=inventory.info,
            entities={key: entity.description for key, entity in inventory.entities.items()},
            heartbeat_s=self.presence.heartbeat_s,
            sleep_s=self.presence.sleep_s,
            gaps=self._gaps,
            lost=self._lost,
            values={} if self.presence.is_available else inventory.values(),
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
