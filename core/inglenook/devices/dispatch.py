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

    __slots__ = ("_around", "_device_id", "_expiry", "_queue", "back_in_s", "connection", "may_queue")

    def __init__(self, device_id: str, around: Surroundings) -> None:
        self.connection: Connection | None = None
        self.back_in_s = float("inf")
        self.may_queue = False
        self._device_id = device_id
        self._around = around
        self._queue = CommandQueue(around.limits.queue_commands)
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
        clock = self._around.clock
        connection = self.connection
        may_queue = queue or self.may_queue
        if not ttl_s:
            ttl_s = QUEUED_TTL_S if may_queue else TTL_S
        elif ttl_s > QUEUED_TTL_S:
            ttl_s = QUEUED_TTL_S
        now = clock.monotonic()
        command_id = ulid_at_time(clock.now())
        ticket = Ticket(command_id, self._device_id, entity.key, entity.entity_id, service, data, context, now + ttl_s)
        problem = self._problem(ticket, ttl_s, may_queue) if connection is None else ""
        if problem or not self._keep(ticket, ttl_s):
            self._fail(ticket, Outcome.UNAVAILABLE, problem or f"{len(self._queue)} commands wait for it already")
            return ticket
        self._around.ledger.issued(ticket)
        if connection is not None:
            ticket.is_sent = True
            entity.effect_of, entity.effect_until = context, now + EFFECT_S
            connection.send(encode(CommandFrame(command_id, entity.key, service, data, ttl_s)))
        return ticket

    def restore(self, ticket: Ticket) -> None:
        """Take up a command that was waiting when the hub stopped."""
        self._keep(ticket, ticket.deadline - self._around.clock.monotonic())

    def take(self, command_id: str) -> Ticket | None:
        """Take the command whose result has come; None for one that is over, or never was."""
        ticket = self._queue.take(command_id)
        if ticket is not None:
            self._around.ledger.settled(ticket)
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

    def _keep(self, ticket: Ticket, ttl_s: float) -> bool:
        """Let ``ticket`` wait for its result; False if too many do."""
        replaced = self._queue.add(ticket, is_away=self.connection is None)
        if replaced is None:
            return False
        for older in replaced:
            self._around.ledger.settled(older)
        if self._expiry is None:
            self._expiry = self._around.clock.call_later(ttl_s, self._expire)
        elif ticket.deadline < self._expiry.deadline:
            self._expiry.restart(ttl_s)
        return True

    def _expire(self) -> None:
        clock = self._around.clock
        for ticket in self._queue.take_expired(clock.monotonic() + 1e-4):
            self._settle(ticket, Outcome.EXPIRED, "the device did not answer in time")
        deadline = self._queue.next_deadline()
        self._expiry = clock.call_later(deadline - clock.monotonic(), self._expire) if deadline else None

    def _settle(self, ticket: Ticket, outcome: Outcome, reason: str) -> None:
        self._around.ledger.settled(ticket)
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
