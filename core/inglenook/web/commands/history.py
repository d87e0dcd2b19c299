"""Commands about past states."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.history import Change, Row
from inglenook.history.periods import NEED_ATTRIBUTES, shortened, significant
from inglenook.model import State
from inglenook.web.commands.command import Commands, Request
from inglenook.web.commands.fields import texts
from inglenook.web.commands.periods import Live, known_ids, period_of

COMMANDS: Final = Commands()

Shown = list[dict[str, Any]]

_SCHEMA: Final = {
    vol.Required("start_time"): str,
    "end_time": str,
    vol.Required("entity_ids"): texts,
    vol.Optional("include_start_time_state", default=True): bool,
    vol.Optional("significant_changes_only", default=True): bool,
    vol.Optional("minimal_response", default=False): bool,
    vol.Optional("no_attributes", default=False): bool,
}


@COMMANDS.command("history/history_during_period", Permission.READ, _SCHEMA)
async def history_during_period(request: Request) -> dict[str, Shown]:
    """Return the states of some entities in a period, in short."""
    start, end = period_of(request, may_begin_later=True)
    ids, now = known_ids(request), request.home.clock.now()
    return {} if start > now else await _between(request, ids, start, now if end is None else end)


@COMMANDS.command("history/stream", Permission.READ, _SCHEMA)
async def stream(request: Request) -> None:
    """Send the states of some entities in a period, and then each that comes."""
    start, end = period_of(request)
    ids, now = known_ids(request), request.home.clock.now()
    wanted = _wanted(ids, is_every=not request.data["significant_changes_only"])
    request.accept()

    def send(rows: Sequence[Row]) -> None:
        states: dict[str, Shown] = {}
        for row in rows:
            if isinstance(row, Change):
                states.setdefault(row.state.entity_id, []).append(_short(row.state, request.data))
        request.event({"states": states})

    live = None
    if end is None or end > now:
        live = Live(request, request.house.history, wanted, send, end)
    else:
        request.subscribe()
    until = now if live is not None or end is None else end
    states = await _between(request, ids, start, until)
    request.event({"states": states, "start_time": start, "end_time": until})
    if live is not None:
        live.release()


async def _between(request: Request, ids: Sequence[str], start: float, end: float) -> dict[str, Shown]:
    data = request.data
    found = await request.house.history.states(ids, start, end, with_start=data["include_start_time_state"])
    if data["significant_changes_only"]:
        found = {entity_id: significant(states) for entity_id, states in found.items()}
    if not data["minimal_response"]:
        return {entity_id: [_short(state, data) for state in states] for entity_id, states in found.items()}
    return {
        entity_id: [
            _short(state, data) if is_whole else {"s": state.state, "lu": state.updated_at}
            for state, is_whole in shortened(states)
        ]
        for entity_id, states in found.items()
    }


def _short(state: State, data: Mapping[str, Any]) -> dict[str, Any]:
    short: dict[str, Any] = {"s": state.state}
    if not data["no_attributes"] or state.domain in NEED_ATTRIBUTES:
        short["a"] = state.attributes
    short["lu"] = state.updated_at
    if state.changed_at != state.updated_at:
        short["lc"] = state.changed_at
    return short


def _wanted(ids: Sequence[str], *, is_every: bool) -> Callable[[Row], bool]:
    """Return what tells whether a row is a change that the client wants to see."""
    known = frozenset(ids)

    def wanted(row: Row) -> bool:
        if not isinstance(row, Change) or row.state.entity_id not in known:
            return False
        return is_every or row.before is None or len(significant((row.before, row.state))) > 1

    return wanted
