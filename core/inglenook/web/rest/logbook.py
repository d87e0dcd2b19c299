"""The route of the logbook."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from inglenook.auth import Permission
from inglenook.history.logbook import Logbook
from inglenook.states import is_entity_id
from inglenook.web.moments import iso
from inglenook.web.rest.history import moment
from inglenook.web.rest.routes import ApiError, Call, Routes

ROUTES: Final = Routes()


@ROUTES.route("GET", "/api/logbook", Permission.READ)
@ROUTES.route("GET", "/api/logbook/{start}", Permission.READ)
async def logbook(call: Call) -> list[dict[str, Any]]:
    """Return the entries of a period, of today if nothing else is said."""
    query = call.request.query
    start, end = _period(call)
    ids = _entity_ids(query.get("entity", ""))
    context_id = query.get("context_id")
    if ids and context_id is not None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "Can't combine entity with context_id")
    entries = Logbook(call.house.home, call.house.history, iso, with_names=True)
    return await entries.between(start, end, ids, context_id)


def _period(call: Call) -> tuple[float, float]:
    """Return start and end: those given, or ``period`` days up to the end of the day that begins at the start."""
    query, clock = call.request.query, call.house.home.clock
    given = call.request.match_info.get("start")
    if given is not None:
        start = moment(call, given, "Invalid datetime")
    else:
        start = clock.local().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    days = _days(query.get("period", "1"))
    if "end_time" in query:
        return start, moment(call, query["end_time"], "Invalid end_time")
    try:
        first = datetime.fromtimestamp(start, clock.time_zone) - timedelta(days=days - 1)
        return first.timestamp(), (first + timedelta(days=days)).timestamp()
    except (OverflowError, ValueError):
        raise ApiError(HTTPStatus.BAD_REQUEST, "Invalid period") from None


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or text.strip("0") == "":
        raise ApiError(HTTPStatus.BAD_REQUEST, "Invalid period")
    return int(text)


def _entity_ids(text: str) -> frozenset[str] | None:
    if not text:
        return None
    ids = [one.strip().lower() for one in text.split(",")]
    if not all(map(is_entity_id, ids)):
        told = f"Invalid entity id(s) encountered: {text:.80}. Format should be <domain>.<object_id>"
        raise ApiError(HTTPStatus.BAD_REQUEST, told)
    return frozenset(ids)
