"""The ledger: what of sessions and commands must outlive the process, and the word that it is safe.

A session moves with every frame and most commands are answered before a batch is written, so nothing is made into a
row until the store asks: then each dirty session is one row, and only commands that still wait are any.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from inglenook.clock import Clock
from inglenook.devices.command import Ticket
from inglenook.model import Context
from inglenook.protocol import encode
from inglenook.store import Row, Store

_log = logging.getLogger(__name__)


class Numbered(Protocol):
    """A session, as the ledger sees it."""

    session_id: str
    received: int
    is_dirty: bool

    @property
    def sleeps(self) -> bool:
        """True when the device goes to sleep as soon as it knows that what it said is safe."""

    def row(self) -> Row:
        """Return the session's row for the store."""

    def acknowledge(self, session_id: str, seq: int) -> None:
        """Everything up to ``seq`` of ``session_id`` is safe, and what it led to."""


class CommandRow(Struct):
    """A waiting command in the store; ``expires_at`` in seconds since the epoch."""

    key: str
    entity_id: str
    service: str
    data: Mapping[str, Any]
    context: Context
    expires_at: float


class Ledger:
    """Collects what is dirty, writes it once a batch, and lets sessions acknowledge what is written."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._dirty: list[Numbered] = []
        self._unwritten: dict[str, Ticket] = {}
        store.before_write.append(self._give)

    def touch(self, session: Numbered) -> None:
        """Write ``session`` with the next batch and let it acknowledge what it has received by then."""
        if not session.is_dirty:
            session.is_dirty = True
            if session.sleeps:
                self._store.hurry()
            elif not self._dirty:
                self._store.wake()
            self._dirty.append(session)

    def issued(self, ticket: Ticket) -> None:
        """Keep a command until it is settled."""
        if not self._unwritten:
            self._store.wake()
        self._unwritten[ticket.id] = ticket

    def settled(self, ticket: Ticket) -> None:
        """Forget a command."""
        self._unwritten.pop(ticket.id, None)
        if ticket.is_stored:
            self._store.delete("commands", ticket.id)

    def forget(self, device_id: str) -> None:
        """Forget the device's session."""
        self._store.delete("sessions", device_id)

    def load_sessions(self) -> list[Row]:
        """Return the rows of the sessions. Blocking."""
        return self._store.load("sessions")

    def load_commands(self) -> list[Ticket]:
        """Return the commands that were waiting and are not over yet; one that cannot be read is left out. Blocking."""
        found: list[Ticket] = []
        now, monotonic = self._clock.now(), self._clock.monotonic()
        for command_id, device_id, entry in self._store.load("commands"):
            try:
                row = msgspec.json.decode(entry, type=CommandRow)
            except msgspec.MsgspecError:
                _log.exception("what is stored of a command to device %s cannot be read; it is forgotten", device_id)
                self._store.delete("commands", command_id)
                continue
            if row.expires_at <= now:
                self._store.delete("commands", command_id)
                continue
            deadline = monotonic + row.expires_at - now
            ticket = Ticket(command_id, device_id, row.key, row.entity_id, row.service, row.data, row.context, deadline)
            ticket.is_sent = ticket.is_stored = True  # it may have been sent
            found.append(ticket)
        return found

    def _give(self) -> None:
        dirty, self._dirty = self._dirty, []
        unwritten, self._unwritten = self._unwritten, {}
        offset = self._clock.now() - self._clock.monotonic()
        for ticket in _worth_storing(unwritten.values()):
            ticket.is_stored = True
            self._store.put_made("commands", ticket.id, partial(_command_row, ticket, ticket.deadline + offset))
        if not dirty:
            return
        marks = []
        for session in dirty:
            session.is_dirty = False
            self._store.put("sessions", session.row())
            marks.append((session, session.session_id, session.received))
        self._store.on_durable(partial(_acknowledge, marks))


def _worth_storing(tickets: Iterable[Ticket]) -> Iterator[Ticket]:
    """Yield the commands that must come again after a crash: of those that are sent and set the same, the newest."""
    newest: dict[tuple[str, str, str], Ticket] = {}
    for ticket in tickets:
        if ticket.is_sent and ticket.may_wait:
            newest[ticket.device_id, *ticket.sets] = ticket
        else:
            yield ticket
    yield from newest.values()


def _acknowledge(marks: list[tuple[Numbered, str, int]]) -> None:
    for session, session_id, seq in marks:
        session.acknowledge(session_id, seq)


def _command_row(ticket: Ticket, expires_at: float) -> Row:
    row = CommandRow(ticket.key, ticket.entity_id, ticket.service, ticket.data, ticket.context, expires_at)
    return ticket.id, ticket.device_id, encode(row).decode()
