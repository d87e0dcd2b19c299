"""How commands get to one device: at once, when it is back, or not at all."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ulid_transform import ulid_at_time

from inglenook.clock import Timer
from inglenook.devices.command import QUEUED_TTL_S, TTL_S, CommandQueue, Outcome, Ticket
from inglenook.devices.connection import Connection
from inglenook.devices.entity import EFFECT_S, DeviceEntity
from inglenook.devices.surroundings import Surroundings
from inglenook.model import NO_DATA, Context
from inglenook.protocol import CommandBody, CommandFrame, encode

_log = logging.getLogger(__name__)

EVENT_COMMAND_FAILED: Final = "command_failed"


class Dispatcher:
    """The commands of one device.

    Attributes:
        connection: where to send them; None while the device is away.
        back_in_s: while it is away, when it is expected back: 0 for any moment, infinity for nobody knows.
        may_queue: whether the device wants commands kept for it however long it sleeps.
    """

    __slots__ = (
        "_around", "_clock", "_device_id", "_expiry", "_ledger", "_limit", "_queue", "_tickets", "back_in_s",
        "connection", "may_queue",
    )  # fmt: skip

    def __init__(self, device_id: str, around: Surroundings) -> None:
        self.connection: Connection | None = None
        self.back_in_s = float("inf")
        self.may_queue = False
        self._device_id = device_id
        self._around = around
        self._clock = around.clock
        self._ledger = around.ledger
        self._limit = around.limits.queue_commands
        self._queue = CommandQueue(self._limit)
        self._tickets = self._queue.tickets
        self._expiry: Timer | None = None

    def __len__(self) -> int:
        return len(self._queue)

    def send(
        self,
        entity: DeviceEntity,
        service: str,
        data: Mapping[str, Any],
        context: Context,
        *,
        ttl_s: float | None = None,
        queue: bool = False,
    ) -> Ticket:
        """Send a command, or let it wait for the device, and return its ticket; a refused one is settled already.

        Args:
            entity: what it is for.
            service: without the domain.
            data: validated, without the target.
            context: of the call; the states that it leads to carry it.
            ttl_s: how long it is worth carrying out; by default 10 s, a day for what may be queued; at most a day.
            queue: keep it also when nobody knows when the device is back.
        """
        connection = self.connection
        may_queue = queue or self.may_queue
        ttl_s = min(ttl_s or (QUEUED_TTL_S if may_queue else TTL_S), QUEUED_TTL_S)
        clock, key = self._clock, entity.key
        now = clock.monotonic()
        command_id, deadline = ulid_at_time(clock.now()), now + ttl_s
        ticket = Ticket(command_id, self._device_id, key, entity.entity_id, service, data, context, deadline)
        if connection is None or len(self._tickets) >= self._limit:
            problem = self._problem(ticket, ttl_s, may_queue) if connection is None else ""
            if problem or not self._make_room(ticket):
                self._fail(ticket, Outcome.UNAVAILABLE, problem or f"{len(self._queue)} commands wait for it already")
                return ticket
        self._tickets[command_id] = ticket
        if self._expiry is None or deadline < self._expiry.deadline:
            self._expire_in(ttl_s)
        self._ledger.issued(ticket)
        if connection is not None:
            ticket.is_sent = True
            entity.effect_of, entity.effect_until = context, now + EFFECT_S
            connection.send(encode(CommandFrame(command_id, key, service, data, ttl_s)))
        return ticket

    def restore(self, ticket: Ticket) -> None:
        """Take up a command that was waiting when the hub stopped."""
        if self._make_room(ticket):
            self._tickets[ticket.id] = ticket
            if self._expiry is None or ticket.deadline < self._expiry.deadline:
                self._expire_in(ticket.deadline - self._clock.monotonic())

    def take(self, command_id: str) -> Ticket | None:
        """Take the command whose result has come; None for one that is over, or never was."""
        ticket = self._tickets.pop(command_id, None)
        if ticket is not None:
            self._ledger.settled(ticket)
        return ticket

    def fail(self, ticket: Ticket, reason: str) -> None:
        """Settle a taken command that the device could not carry out."""
        self._fail(ticket, Outcome.FAILED, reason)

    def fail_all(self, reason: str) -> None:
        """Settle every command, for the device will not come back."""
        for ticket in self._queue.take_all():
            self._settle(ticket, Outcome.UNAVAILABLE, reason)

    def forget_unrepeatable(self) -> None:
        """Settle what was sent and must not be done twice: the device has forgotten what it did before."""
        for ticket in self._queue.take_unrepeatable():
            self._settle(ticket, Outcome.FAILED, "the device started anew before it answered")

    def redeliver(self, room: int) -> tuple[list[CommandBody], Iterator[bytes]]:
        """Return what waits, in order: as many as fit into ``room`` bytes for the welcome, then the frames of the rest.

        All of them count as sent.
        """
        now = self._around.clock.monotonic()
        bodies: list[CommandBody] = []
        rest: list[bytes] = []
        for ticket in self._queue:
            ticket.is_sent = True
            frame = ticket.frame(now)
            room -= len(frame)
            if room > 0:
                bodies.append(ticket.body(now))
            else:
                rest.append(frame)
        return bodies, iter(rest)

    def waiting(self) -> list[Ticket]:
        """Return the commands that have no result yet, in order."""
        return list(self._queue)

    def _problem(self, ticket: Ticket, ttl_s: float, may_queue: bool) -> str:
        """Return why ``ticket`` cannot wait for the device, which is away; nothing if it can."""
        if not ticket.may_wait:
            return f"{self._device_id} is away, and {ticket.service} is not kept for later"
        if may_queue or self.back_in_s <= ttl_s:
            return ""
        return f"{self._device_id} is away"

    def _make_room(self, ticket: Ticket) -> bool:
        """Settle the commands whose place ``ticket`` takes; False if too many others wait."""
        replaced = self._queue.make_room(ticket, is_away=self.connection is None)
        if replaced is None:
            return False
        for older in replaced:
            self._ledger.settled(older)
        return True

    def _expire_in(self, delay_s: float) -> None:
        if self._expiry is None:
            self._expiry = self._clock.call_later(delay_s, self._expire)
        else:
            self._expiry.restart(delay_s)

    def _expire(self) -> None:
        self._expiry = None
        for ticket in self._queue.take_expired(self._clock.monotonic() + 1e-4):
            self._settle(ticket, Outcome.EXPIRED, "the device did not answer in time")
        deadline = self._queue.next_deadline()
        if deadline and (self._expiry is None or deadline < self._expiry.deadline):
            self._expire_in(deadline - self._clock.monotonic())

    def _settle(self, ticket: Ticket, outcome: Outcome, reason: str) -> None:
        self._ledger.settled(ticket)
        self._fail(ticket, outcome, reason)

    def _fail(self, ticket: Ticket, outcome: Outcome, reason: str) -> None:
        ticket.finish(outcome, reason, NO_DATA)
        _log.debug("command %s for %s %s: %s", ticket.id, ticket.entity_id, outcome.value, reason)
        self._around.bus.fire(
            EVENT_COMMAND_FAILED,
            {
                "command": ticket.id,
                "device": self._device_id,
                "entity_id": ticket.entity_id,
                "service": ticket.service,
                "outcome": outcome.value,
                "reason": reason,
            },
            ticket.context,
        )
