"""Commands about the logbook: what happened in words, and why."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.history import Row
from inglenook.history.logbook import Logbook, is_shown
from inglenook.home import Home
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import texts
from inglenook.web.commands.periods import Live, period_of

COMMANDS: Final = Commands()

_SCHEMA: Final = {
    vol.Required("start_time"): str,
    "end_time": str,
    "entity_ids": texts,
    "device_ids": texts,
}


@COMMANDS.command("logbook/get_events", Permission.READ, {**_SCHEMA, "context_id": str})
async def get_events(request: Request) -> list[dict[str, Any]]:
    """Return the entries of a period."""
    start, end = period_of(request, may_begin_later=True)
    ids, context_id = _ids(request), request.data.get("context_id")
    if ids is not None and context_id is not None:
        raise CommandError("invalid_format", "Can't combine entity_ids or device_ids with context_id")
    until = request.home.clock.now() if end is None else end
    return await _logbook(request).between(start, until, ids, context_id)


@COMMANDS.command("logbook/get_action_calls", Permission.ADMIN, {vol.Required("start_time"): str, "end_time": str})
async def get_calls(request: Request) -> list[dict[str, Any]]:
    """Return the services that were called in a period, and why."""
    start, end = period_of(request, may_begin_later=True)
    return await _logbook(request).calls(start, request.home.clock.now() if end is None else end)


@COMMANDS.command("logbook/event_stream", Permission.READ, _SCHEMA)
async def event_stream(request: Request) -> None:
    """Send the entries of a period, and then each that comes."""
    start, end = period_of(request)
    ids, now = _ids(request), request.home.clock.now()
    logbook = _logbook(request)
    request.accept()

    def send(rows: Sequence[Row]) -> None:
        entries = logbook.entries_of_now(rows)
        if entries:
            request.event({"events": entries})

    if end is not None and end <= now:
        request.subscribe()
        request.event(_told(await logbook.between(start, end, ids), start, end))
        return
    live = Live(request, request.house.history, _wanted(ids), send, end)
    request.event({**_told(await logbook.between(start, now, ids), start, now), "partial": True})
    request.event(_told([], now, now))
    live.release()


def _logbook(request: Request) -> Logbook:
    return Logbook(request.home, request.house.history, lambda at: at, with_names=False)


def _told(entries: list[dict[str, Any]], start: float, end: float) -> dict[str, Any]:
    return {"events": entries, "start_time": start, "end_time": end}


def _wanted(ids: frozenset[str] | None) -> Callable[[Row], bool]:
    return is_shown if ids is None else lambda row: row.entity_id in ids and is_shown(row)


def _ids(request: Request) -> frozenset[str] | None:
    """Return whose entries are wanted, None for everybody's."""
    entities, devices = request.data.get("entity_ids"), request.data.get("device_ids")
    if entities is None and devices is None:
        return None
    return frozenset((*(entities or ()), *_of_devices(request.home, devices or ())))


def _of_devices(home: Home, device_ids: Iterable[str]) -> list[str]:
    wanted = frozenset(device_ids)
    return [entry.entity_id for entry in home.registry.entities if entry.device_id in wanted]
