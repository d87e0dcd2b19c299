"""What commands about the past share: the period that a client asks for, and what it hears of live."""

from collections.abc import Callable
from typing import Final

from inglenook.clock import Timer
from inglenook.history import History, Row
from inglenook.states import is_entity_id
from inglenook.web.commands.command import CommandError, Request
from inglenook.web.moments import epoch

GATHER_S: Final = 0.35  # what happens within so long is sent together
MAX_GATHERED: Final = 1_024  # rows; more are sent at once


def period_of(request: Request, *, may_begin_later: bool = False) -> tuple[float, float | None]:
    """Return ``start_time`` and ``end_time`` of a command, in seconds since the epoch.

    Raises:
        CommandError: they are no moments, the end comes first, or the start is yet to come.
    """
    clock = request.home.clock
    start = epoch(request.data["start_time"], clock.time_zone)
    if start is None or (start > clock.now() and not may_begin_later):
        raise CommandError("invalid_start_time", "Invalid start_time")
    given = request.data.get("end_time")
    end = None if given is None else epoch(given, clock.time_zone)
    if given is not None and (end is None or (end < start and not may_begin_later)):
        raise CommandError("invalid_end_time", "Invalid end_time")
    return start, end


class Live:
    """Sends what happens from now on, gathered for a moment, until an end.

    Args:
        request: of the client that listens.
        history: where it comes from.
        wanted: tells whether a row is.
        send: is given the rows of a moment.
        until: seconds since the epoch; None for no end.
    """

    def __init__(
        self,
        request: Request,
        history: History,
        wanted: Callable[[Row], bool],
        send: Callable[[list[Row]], object],
        until: float | None,
    ) -> None:
        self._clock = request.home.clock
        self._wanted = wanted
        self._send = send
        self._rows: list[Row] = []
        self._timer: Timer | None = None
        self._is_held = True
        self._is_open = True
        self._unlisten = history.subscribe(self._hear)
        self._request = request
        self._end = None if until is None else self._clock.call_at(until, self._ended)
        request.subscribe(self.close)

    def release(self) -> None:
        """Send what was heard since the start, and from now on all that is."""
        self._is_held = False
        if self._rows:
            self._flush()

    def close(self) -> None:
        """Hear nothing more."""
        if not self._is_open:
            return
        self._is_open = False
        self._unlisten()
        for timer in (self._timer, self._end):
            if timer is not None:
                timer.cancel()

    def _ended(self) -> None:
        self._flush()
        self._request.unsubscribe(self._request.id)

    def _hear(self, row: Row) -> None:
        if not self._wanted(row):
            return
        self._rows.append(row)
        if self._is_held:
            return
        if len(self._rows) >= MAX_GATHERED:
            self._flush()
        elif self._timer is None:
            self._timer = self._clock.call_later(GATHER_S, self._flush)

    def _flush(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        rows, self._rows = self._rows, []
        if rows and not self._is_held:
            self._send(rows)


def known_ids(request: Request) -> list[str]:
    """Return ``entity_ids``, each once.

    Raises:
        CommandError: there are none, or one of them is no entity id.
    """
    ids: list[str] = request.data["entity_ids"]
    if not ids or not all(map(is_entity_id, ids)):
        raise CommandError("invalid_entity_ids", "Invalid entity_ids")
    return list(dict.fromkeys(ids))
