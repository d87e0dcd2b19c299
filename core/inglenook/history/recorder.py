"""``recorder.…``: what rules do to the past that the home keeps."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import between, boolean, ensure_list, integer, moment, one_of, slug, string
from inglenook.errors import InvalidServiceData
from inglenook.history.memory import MemoryHistory
from inglenook.history.quantities import unit_class_of
from inglenook.history.statistics import (
    PERIODS,
    TYPES,
    Measured,
    Statistic,
    as_dict,
    in_unit,
    measured,
    rows_of_period,
    short_rows,
)
from inglenook.home import Home
from inglenook.model import NO_TARGET, ServiceCall

DOMAIN: Final = "recorder"
_DAY_S: Final = 86_400.0
_MOMENTS: Final = ("start", "end", "last_reset")

_NEEDED: Final = ("start_time", "statistic_ids", "period", "types")
_DAYS: Final = between(integer, 0)
_PURGE: Final = vol.Schema({"keep_days": _DAYS, "repack": boolean, "apply_filter": boolean})
_ENTITIES: Final = vol.Schema(
    {
        "domains": vol.All(ensure_list, [slug]),
        "entity_globs": vol.All(ensure_list, [string]),
        vol.Optional("keep_days", default=0): _DAYS,
    }
)
_STATISTICS: Final = vol.Schema(
    {
        vol.Required("start_time"): moment,
        "end_time": moment,
        vol.Required("statistic_ids"): vol.All(ensure_list, [string]),
        vol.Required("period"): one_of(*PERIODS),
        vol.Required("types"): vol.All(ensure_list, [one_of(*TYPES)]),
        "units": {string: string},
    }
)
_NOTHING: Final = vol.Schema({})


def register_recorder(home: Home, history: MemoryHistory) -> None:
    """Offer the services that act on ``history``."""

    def offer(
        name: str, handler: Callable[[ServiceCall], None], schema: vol.Schema, *, has_target: bool = False
    ) -> None:
        home.services.register(DOMAIN, name, handler, schema, fields=_fields(schema), has_target=has_target)

    offer("enable", lambda _: history.start(), _NOTHING)
    offer("disable", lambda _: history.stop(), _NOTHING)
    offer("purge", partial(_purge, home, history), _PURGE)
    offer("purge_entities", partial(_purge_entities, home, history), _ENTITIES, has_target=True)
    home.services.register(
        DOMAIN,
        "get_statistics",
        partial(_get_statistics, home, history),
        _STATISTICS,
        supports_response="only",
        fields=_fields(_STATISTICS),
        has_target=False,
    )


def _purge(home: Home, history: MemoryHistory, call: ServiceCall) -> None:
    """Forget what is older than so many days; without their number, than what the home is told to keep."""
    days = call.data.get("keep_days")
    history.forget(home.clock.now() - (history.keep_s if days is None else days * _DAY_S))


def _purge_entities(home: Home, history: MemoryHistory, call: ServiceCall) -> None:
    """Forget the states of some entities.

    Raises:
        InvalidServiceData: none are named.
    """
    ids = set(home.registry.resolve(call.target))
    domains, globs = call.data.get("domains", ()), call.data.get("entity_globs", ())
    if call.target == NO_TARGET and not (domains or globs):
        raise InvalidServiceData(f"{DOMAIN}.purge_entities: expected entity_id, domains or entity_globs")

    def is_meant(entity_id: str) -> bool:
        is_named = entity_id in ids or entity_id.partition(".")[0] in domains
        return is_named or any(fnmatchcase(entity_id, glob) for glob in globs)

    history.forget(home.clock.now() - call.data["keep_days"] * _DAY_S, is_meant)


async def _get_statistics(home: Home, history: MemoryHistory, call: ServiceCall) -> dict[str, Any]:
    """Answer with what the numbers of sensors come to: rows of a period by entity, moments as texts."""
    data, zone, now = call.data, home.clock.time_zone, home.clock.now()
    start, end = _epoch(data["start_time"], zone), _epoch(data.get("end_time"), zone)
    states = (home.states.get(name) for name in dict.fromkeys(data["statistic_ids"]))
    wanted = [one for state in states if state is not None and (one := measured(state)) is not None]
    past = await history.states([one.entity_id for one in wanted], 0.0, now if end is None else min(end, now))
    units = data.get("units") or {}

    def rows_of(one: Measured) -> list[dict[str, Any]]:
        unit = units.get(unit_class_of(one.unit), one.unit)
        rows = rows_of_period(short_rows(one, past.get(one.entity_id, ()), now), data["period"], zone, now)
        shown = (row for row in rows if row.start >= (start or 0.0) and (end is None or row.start < end))
        return [_told(in_unit(row, one.unit, unit), one, data["types"], zone) for row in shown]

    found = await asyncio.to_thread(lambda: {one.entity_id: rows_of(one) for one in wanted})  # milliseconds for each
    return {"statistics": {entity_id: rows for entity_id, rows in found.items() if rows}}


def _epoch(given: datetime | None, zone: tzinfo) -> float | None:
    if given is None:
        return None
    return (given if given.tzinfo is not None else given.replace(tzinfo=zone)).timestamp()


def _told(row: Statistic, one: Measured, types: Sequence[str], zone: tzinfo) -> dict[str, Any]:
    shown = as_dict(row, one, types)
    moments = (key for key in _MOMENTS if shown.get(key) is not None)
    return shown | {key: datetime.fromtimestamp(shown[key] / 1000, zone).isoformat() for key in moments}


def _fields(schema: vol.Schema) -> dict[str, Any]:
    return {str(key): _field(str(key)) for key in schema.schema}


def _field(name: str) -> dict[str, Any]:
    selectors: dict[str, dict[str, Any]] = {
        "keep_days": {"number": {"min": 0, "max": 365, "unit_of_measurement": "days"}},
        "repack": {"boolean": {}},
        "apply_filter": {"boolean": {}},
    }
    return {"required": name in _NEEDED, "selector": selectors.get(name, {"object": {}})}
