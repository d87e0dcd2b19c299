"""The route of past states."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final

from inglenook.auth import Permission
from inglenook.history.periods import shortened, significant
from inglenook.model import State
from inglenook.states import is_entity_id
from inglenook.web.moments import epoch, iso
from inglenook.web.rest.routes import ApiError, Call, Routes

ROUTES: Final = Routes()

_DAY_S: Final = 86_400.0


@ROUTES.route("GET", "/api/history/period", Permission.READ)
@ROUTES.route("GET", "/api/history/period/{start}", Permission.READ)
async def period(call: Call) -> list[list[dict[str, Any]]]:
    """Return the states of some entities in a period, of the last day if nothing else is said."""
    query, now = call.request.query, call.house.home.clock.now()
    given = call.request.match_info.get("start")
    start = now - _DAY_S if given is None else moment(call, given, "Invalid datetime")
    end = moment(call, query["end_time"], "Invalid end_time") if query.get("end_time") else start + _DAY_S
    ids = _entity_ids(query.get("filter_entity_id", ""))
    if start > now:
        return []
    found = await call.house.history.states(ids, start, end, with_start="skip_initial_state" not in query)
    is_whole, has_attributes = "minimal_response" not in query, "no_attributes" not in query
    is_every = query.get("significant_changes_only", "1") == "0"
    return [
        list(_shown(states if is_every else significant(states), is_whole=is_whole, has_attributes=has_attributes))
        for states in found.values()
    ]


def moment(call: Call, text: str, otherwise: str) -> float:
    """Return a moment of a path or a query in seconds since the epoch.

    Raises:
        ApiError: it is none; says ``otherwise``.
    """
    at = epoch(text, call.house.home.clock.time_zone)
    if at is None:
        raise ApiError(HTTPStatus.BAD_REQUEST, otherwise)
    return at


def _entity_ids(text: str) -> list[str]:
    if not text:
        raise ApiError(HTTPStatus.BAD_REQUEST, "filter_entity_id is missing")
    ids = [one.strip() for one in text.lower().split(",")]
    if not all(map(is_entity_id, ids)):
        raise ApiError(HTTPStatus.BAD_REQUEST, "Invalid filter_entity_id")
    return list(dict.fromkeys(ids))


def _shown(states: Iterable[State], *, is_whole: bool, has_attributes: bool) -> Iterator[dict[str, Any]]:
    each = ((state, True) for state in states) if is_whole else shortened(states)
    for state, is_full in each:
        if not is_full:
            yield {"state": state.state, "last_changed": iso(state.changed_at)}
        elif has_attributes:
            yield state.as_dict()
        else:
            yield {**state.as_dict(), "attributes": {}}
