"""The way of a command: from the caller's ticket to the device and back."""

import asyncio
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from msgspec import Struct

from inglenook.errors import CommandExpired, CommandFailed, DeviceUnavailable, InglenookError
from inglenook.model import NO_DATA, Context
from inglenook.protocol import CommandBody, CommandFrame, encode

TTL_S: Final = 10.0
QUEUED_TTL_S: Final = 86_400.0

# What depends on the state that it meets would do something else later: it is never kept for a device that is away.
_NEVER_QUEUED: Final = frozenset(
    ("toggle", "press", "increment", "decrement", "select_next", "select_previous", "increase_speed", "decrease_speed")
)
_NEVER_QUEUED_PREFIXES: Final = ("toggle_", "volume_", "media_")
# Services that set one thing: of those that wait, the newest is what the caller wants. Any other stands for itself.
_SETS: Final[dict[str, str]] = {
    "turn_on": "power", "turn_off": "power",
    "open_cover": "position", "close_cover": "position", "set_cover_position": "position", "stop_cover": "position",
    "open_valve": "position", "close_valve": "position", "set_valve_position": "position", "stop_valve": "position",
    "lock": "lock", "unlock": "lock", "open": "lock",
    "select_option": "option", "select_first": "option", "select_last": "option",
}  # fmt: skip


class Outcome(Enum):
    """What became of a command."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    REPLACED = "replaced"  # by a newer one that sets the same; no error
    UNAVAILABLE = "unavailable"


_ERRORS: Final[dict[Outcome, type[InglenookError]]] = {
    Outcome.FAILED: CommandFailed,
    Outcome.EXPIRED: CommandExpired,
    Outcome.UNAVAILABLE: DeviceUnavailable,
}


class Ticket(Struct, eq=False, gc=False):  # who waits is forgotten once it is settled: no cycle stays
    """One command on its way. Await it for the states that the device answered with; or leave it.

    Awaiting raises :class:`DeviceUnavailable`, :class:`CommandFailed` or :class:`CommandExpired`.

    Attributes:
        id: a ULID, by which the device knows a command that it has seen.
        key: the device's word for the entity; ``entity_id`` is ours.
        deadline: on the clock's monotonic scale.
        is_sent: whether it has been written to a socket: the device may have carried it out.
        is_stored: whether the store holds it.
        outcome: what became of it so far.
        reason: why it failed, for a person.
        states: what a successful result brought, by key.
        waiters: who awaits it.
    """

    id: str
    device_id: str
    key: str
    entity_id: str
    service: str
    data: Mapping[str, Any]
    context: Context
    deadline: float
    is_sent: bool = False
    is_stored: bool = False
    outcome: Outcome = Outcome.WAITING
    reason: str = ""
    states: Mapping[str, Any] = NO_DATA
    waiters: tuple["asyncio.Future[None]", ...] = ()

    def __await__(self) -> Generator[Any, None, Mapping[str, Any]]:
        if self.outcome is Outcome.WAITING:
            waiter = asyncio.get_running_loop().create_future()
            self.waiters = (*self.waiters, waiter)
            yield from waiter
        error = _ERRORS.get(self.outcome)
        if error is not None:
            raise error(f"{self.entity_id} {self.service}: {self.reason}")
        return self.states

    @property
    def sets(self) -> tuple[str, str]:
        """What it sets: the entity's key and one aspect of it, like ``power``."""
        return self.key, _SETS.get(self.service, self.service)

    @property
    def may_wait(self) -> bool:
        """False for what depends on the state that it meets, like ``toggle``: too late is worse than never."""
        return self.service not in _NEVER_QUEUED and not self.service.startswith(_NEVER_QUEUED_PREFIXES)

    def frame(self, now: float) -> bytes:
        """Return the frame for the device; ``now`` is monotonic."""
        return encode(CommandFrame(self.id, self.key, self.service, self.data, self._ttl(now)))

    def body(self, now: float) -> CommandBody:
        """Return the command as it rides in a welcome."""
        return CommandBody(self.id, self.key, self.service, self.data, self._ttl(now))

    def finish(self, outcome: Outcome, reason: str = "", states: Mapping[str, Any] = NO_DATA) -> None:
        """Settle the command and wake who awaits it."""
        self.outcome = outcome
        self.reason = reason
        self.states = states
        if self.waiters:
            waiters, self.waiters = self.waiters, ()
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def _ttl(self, now: float) -> float:
        return max(round(self.deadline - now, 3), 0.001)


class CommandQueue:
    """The commands of one device that have no result yet, in the order they were given.

    Args:
        limit: how many may wait.

    Attributes:
        tickets: those commands by id.
    """

    __slots__ = ("_limit", "tickets")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.tickets: dict[str, Ticket] = {}

    def __len__(self) -> int:
        return len(self.tickets)

    def __iter__(self) -> Iterator[Ticket]:
        return iter(tuple(self.tickets.values()))

    def make_room(self, ticket: Ticket, *, is_away: bool) -> Sequence[Ticket] | None:
        """Remove and return those whose place ``ticket`` takes, settled; None when there is no room for it.

        While the device is away it takes the place of an unsent one that sets the same; when the queue is full, of
        sent ones too.
        """
        tickets = self.tickets
        is_full = len(tickets) >= self._limit
        replaced: Sequence[Ticket] = ()
        if tickets and (is_away or is_full):
            key, aspect = ticket.sets
            replaced = [  # compares as ``Ticket.sets`` does, without a tuple for each
                older
                for older in tickets.values()
                if older.key == key
                and (is_full or not older.is_sent)
                and _SETS.get(older.service, older.service) == aspect
            ]
            if is_full and not replaced:
                return None
            for older in replaced:
                del tickets[older.id]
                older.finish(Outcome.REPLACED, "a newer command took its place")
        return replaced

    def take_expired(self, now: float) -> list[Ticket]:
        """Remove and return those whose time is over; ``now`` is monotonic."""
        return self._take(lambda ticket: ticket.deadline <= now)

    def take_unrepeatable(self) -> list[Ticket]:
        """Remove and return those that were sent and must not be done twice."""
        return self._take(lambda ticket: ticket.is_sent and not ticket.may_wait)

    def take_all(self) -> list[Ticket]:
        """Remove and return every one."""
        return self._take(lambda _: True)

    def next_deadline(self) -> float | None:
        """Return when the first one expires (monotonic), or None when nothing waits."""
        return min((ticket.deadline for ticket in self.tickets.values()), default=None)

    def _take(self, wanted: Callable[[Ticket], bool]) -> list[Ticket]:
        found = [ticket for ticket in self.tickets.values() if wanted(ticket)]
        for ticket in found:
            del self.tickets[ticket.id]
        return found
