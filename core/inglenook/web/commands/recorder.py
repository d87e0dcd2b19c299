"""Commands about statistics: what the numbers of sensors come to, of as much of the past as is kept."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.history import statistics
from inglenook.history.quantities import unit_class_of
from inglenook.history.statistics import PERIODS, TYPES, Measured, measured
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import mapping, texts
from inglenook.web.commands.periods import period_of
from inglenook.web.moments import epoch

COMMANDS: Final = Commands()
_OF_A_PERIOD: Final = ("max", "mean", "min", "change")


def _period(value: Any) -> float:
    """Take days, hours, minutes and seconds in a mapping as seconds; may be negative."""
    try:
        return timedelta(**value).total_seconds()
    except (TypeError, OverflowError) as error:
        raise vol.Invalid("expected a mapping of days, hours, minutes or seconds") from error


@COMMANDS.command("recorder/info", Permission.READ)
def info(request: Request) -> dict[str, Any]:
    """Return that the past is kept; it is in no database, so in no backup of one either."""
    history = request.house.history
    return {
        "backlog": 0,
        "db_in_default_location": False,
        "max_backlog": history.room,
        "migration_in_progress": False,
        "migration_is_live": False,
        "recording": history.is_recording,
        "thread_running": history.is_recording,
    }


@COMMANDS.command(
    "recorder/list_statistic_ids",
    Permission.READ,
    {"statistic_type": vol.Any("sum", "mean")},
)
def list_statistic_ids(request: Request) -> list[dict[str, Any]]:
    """Return what has statistics."""
    wanted = request.data.get("statistic_type")
    return [one.as_dict() for one in _all(request) if wanted is None or one.has_sum == (wanted == "sum")]


@COMMANDS.command("recorder/get_statistics_metadata", Permission.READ, {"statistic_ids": texts})
def get_statistics_metadata(request: Request) -> list[dict[str, Any]]:
    """Return what is known of some that have statistics, or of all."""
    ids = request.data.get("statistic_ids")
    return [one.as_dict() for one in _all(request) if ids is None or one.entity_id in ids]


@COMMANDS.command(
    "recorder/statistics_during_period",
    Permission.READ,
    {
        vol.Required("start_time"): str,
        "end_time": str,
        vol.Required("statistic_ids"): texts,
        vol.Required("period"): vol.Any(*PERIODS),
        "units": mapping,
        vol.Optional("types", default=lambda: list(TYPES)): vol.Schema([vol.Any(*TYPES)]),
    },
)
async def statistics_during_period(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a period by entity."""
    start, end = period_of(request, may_begin_later=True)
    data, clock = request.data, request.home.clock
    now, zone = clock.now(), clock.time_zone
    known = {one.entity_id: one for one in _all(request)}
    wanted = [known[one] for one in dict.fromkeys(data["statistic_ids"]) if one in known]
    units = [_unit(entity, data.get("units") or {}) for entity in wanted]
    until = now if end is None else min(end, now)
    past = await request.house.history.states([one.entity_id for one in wanted], 0.0, until)

    def rows_of(entity: Measured, unit: str | None) -> list[dict[str, Any]]:
        short = statistics.short_rows(entity, past.get(entity.entity_id, ()), now)
        rows = statistics.rows_of_period(short, data["period"], zone, now)
        shown = (row for row in rows if row.start >= start and (end is None or row.start < end))
        changed = (statistics.in_unit(row, entity.unit, unit) for row in shown)
        return [statistics.as_dict(row, entity, data["types"]) for row in changed]

    found = await asyncio.to_thread(lambda: list(map(rows_of, wanted, units)))  # milliseconds for each of them
    return {entity.entity_id: rows for entity, rows in zip(wanted, found, strict=True) if rows}


@COMMANDS.command(
    "recorder/statistic_during_period",
    Permission.READ,
    {
        vol.Required("statistic_id"): str,
        "calendar": vol.Schema(
            {
                vol.Required("period"): vol.Any("hour", "day", "week", "month", "year"),
                vol.Optional("offset", default=0): vol.All(int, vol.Range(-1_000, 1_000)),
            }
        ),
        "fixed_period": vol.Schema({"start_time": str, "end_time": str}),
        "rolling_window": vol.Schema({vol.Required("duration"): _period, "offset": _period}),
        "units": mapping,
        vol.Optional("types", default=lambda: list(_OF_A_PERIOD)): vol.Schema([vol.Any(*_OF_A_PERIOD)]),
    },
)
async def statistic_during_period(request: Request) -> dict[str, float | None]:
    """Return the numbers of one entity over a whole period, of all that is kept by default; null for what it lacks."""
    data, clock = request.data, request.home.clock
    start, end = _bounds(request)
    entity = next((one for one in _all(request) if one.entity_id == data["statistic_id"]), None)
    if entity is None:
        return dict.fromkeys(data["types"])
    unit, now = _unit(entity, data.get("units") or {}), clock.now()
    past = await request.house.history.states([entity.entity_id], 0.0, min(end, now))

    def numbers() -> dict[str, float | None]:
        row = statistics.whole(statistics.short_rows(entity, past.get(entity.entity_id, ()), now), start, end)
        shown = statistics.in_unit(row, entity.unit, unit)
        return {name: getattr(shown, name) for name in data["types"]}

    return await asyncio.to_thread(numbers)


def _bounds(request: Request) -> tuple[float, float]:
    """Return start and end of the period that is asked for, in epoch seconds; all of the past without one."""
    data, clock = request.data, request.home.clock
    now, zone = clock.now(), clock.time_zone
    if len(data.keys() & {"calendar", "fixed_period", "rolling_window"}) > 1:
        raise CommandError("invalid_format", "expected one of calendar, fixed_period and rolling_window, got several")
    if (calendar := data.get("calendar")) is not None:
        return statistics.bounds_of(calendar["period"], now, zone, calendar["offset"])
    if (rolling := data.get("rolling_window")) is not None:
        end = now + rolling.get("offset", 0.0)
        return end - rolling["duration"], end
    given = data.get("fixed_period") or {}
    moments = {name: epoch(text, zone) for name, text in given.items()}
    if None in moments.values():
        raise CommandError("invalid_format", "expected start_time and end_time as moments, like 2026-11-28T12:00:00Z")
    return moments.get("start_time") or 0.0, moments.get("end_time") or now


@COMMANDS.command("recorder/validate_statistics", Permission.READ)
async def validate_statistics(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return what keeps states out of the statistics, by entity."""
    known = _all(request)
    past = await request.house.history.states([one.entity_id for one in known], 0.0, request.home.clock.now())
    issues = {one.entity_id: statistics.unit_issues(one, past.get(one.entity_id, ())) for one in known}
    return {entity_id: found for entity_id, found in issues.items() if found}


@COMMANDS.command("recorder/update_statistics_issues", Permission.READ)
def update_statistics_issues(request: Request) -> None:
    """Do nothing: what is wrong with statistics is found anew whenever somebody asks."""
    del request


def _all(request: Request) -> list[Measured]:
    found = [measured(state) for state in request.home.states.domain("sensor")]
    return [one for one in found if one is not None]


def _unit(entity: Measured, units: dict[str, Any]) -> str | None:
    """Return the unit in which the client wants to see ``entity``.

    Raises:
        CommandError: it is none of that kind of amount.
    """
    kind = unit_class_of(entity.unit)
    if kind is None or kind not in units:
        return entity.unit
    unit: str | None = units[kind]
    if unit_class_of(unit) != kind:
        raise CommandError("invalid_format", f"expected a unit of {kind}, got {unit!r:.80}")
    return unit
