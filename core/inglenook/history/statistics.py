"""What numbers come to: mean, lowest and highest of what is measured, the growth of what is counted.

Pure: rows are made of the states of one entity. A row is five minutes or made of such rows.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from inglenook.history.quantities import converted, unit_class_of
from inglenook.model import State

SHORT_S: Final = 300
PERIODS: Final = ("5minute", "hour", "day", "week", "month", "year")
TYPES: Final = ("change", "last_reset", "max", "mean", "min", "state", "sum")
_NONE, _ARITHMETIC, _CIRCULAR = 0, 1, 2  # the words of the wire for how a mean is made
_MEANS: Final = {"measurement": _ARITHMETIC, "measurement_angle": _CIRCULAR}
_SUMS: Final = frozenset({"total", "total_increasing"})
_RESET_BELOW: Final = 0.9  # a meter that falls below this share of what it showed began anew


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of an entity whose states come to statistics.

    Attributes:
        unit: in which they are kept, that of the state as it is now.
        state_class: ``measurement``, ``measurement_angle``, ``total`` or ``total_increasing``.
    """

    entity_id: str
    unit: str | None
    state_class: str

    @property
    def has_sum(self) -> bool:
        """True for what is counted, false for what is measured."""
        return self.state_class in _SUMS

    @property
    def is_angle(self) -> bool:
        """True when the mean of 350° and 10° is 0°."""
        return self.state_class == "measurement_angle"

    def as_dict(self) -> dict[str, Any]:
        """Return it as clients read it."""
        mean_type = _MEANS.get(self.state_class, _NONE)
        return {
            "statistic_id": self.entity_id,
            "display_unit_of_measurement": self.unit,
            "has_mean": mean_type == _ARITHMETIC,
            "mean_type": mean_type,
            "has_sum": self.has_sum,
            "name": None,
            "source": "recorder",
            "statistics_unit_of_measurement": self.unit,
            "unit_class": unit_class_of(self.unit),
        }


def measured(state: State) -> Measured | None:
    """Return what ``state`` says of its statistics; None for an entity that has none."""
    state_class = state.attributes.get("state_class")
    if state.domain != "sensor" or (not isinstance(state_class, str) or state_class not in (*_MEANS, *_SUMS)):
        return None
    return Measured(state.entity_id, _unit_of(state), str(state_class))


class Statistic(NamedTuple):
    """One row: epoch seconds, and those of the numbers that its kind of entity has."""

    start: float
    end: float
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    state: float | None = None
    sum: float | None = None
    last_reset: float | None = None
    change: float | None = None


class _Reading(NamedTuple):
    at: float
    number: float | None
    last_reset: str | None


def short_rows(entity: Measured, states: Sequence[State], until: float) -> list[Statistic]:
    """Return the rows of five minutes from the first of ``states`` on; those that have ended by ``until``."""
    readings = [_reading(state, entity.unit) for state in states]
    if not readings:
        return []
    if entity.has_sum:
        return list(_GrowthOf(only_rises=entity.state_class == "total_increasing")(readings, until))
    return list(_MeanOf(is_angle=entity.is_angle)(readings, until))


def reduced(rows: Sequence[Statistic], period: str, zone: tzinfo) -> list[Statistic]:
    """Return rows of a longer ``period``: an hour, or a day, week, month or year of the calendar in ``zone``.

    The last one may be of a part of its period.
    """
    groups: dict[tuple[float, float], list[Statistic]] = {}
    bounds = _BOUNDS[period]
    for row in rows:
        groups.setdefault(bounds(row.start, zone), []).append(row)
    return [_joined(start, end, group) for (start, end), group in groups.items()]


def rows_of_period(rows: Sequence[Statistic], period: str, zone: tzinfo, now: float) -> list[Statistic]:
    """Return rows of ``period`` made of those of five minutes, with how sums grew; hours count once they are over."""
    if period == "5minute":
        return with_changes(rows)
    hours = [row for row in reduced(rows, "hour", zone) if row.end <= now]
    return with_changes(hours if period == "hour" else reduced(hours, period, zone))


def bounds_of(period: str, at: float, zone: tzinfo, offset: int = 0) -> tuple[float, float]:
    """Return start and end (epoch seconds) of the hour, day, week, month or year of ``at``, or of one ``offset`` on."""
    start, end = _BOUNDS[period](at, zone)
    for _ in range(abs(offset)):
        start, end = _BOUNDS[period](end if offset > 0 else start - 1, zone)
    return start, end


def whole(rows: Sequence[Statistic], start: float, end: float) -> Statistic:
    """Return one row for all ``rows`` of five minutes that begin from ``start`` and before ``end``."""
    within = [row for row in with_changes(rows) if start <= row.start < end]
    if not within:
        return Statistic(start, end)
    changes = [row.change for row in within if row.change is not None]
    return _joined(start, end, within)._replace(change=math.fsum(changes) if changes else None)


def with_changes(rows: Sequence[Statistic]) -> list[Statistic]:
    """Return ``rows`` of one entity, in order, with how much the sum grew in each."""
    found: list[Statistic] = []
    before = 0.0
    for row in rows:
        found.append(row if row.sum is None else row._replace(change=row.sum - before))
        before = before if row.sum is None else row.sum
    return found


def in_unit(row: Statistic, unit: str | None, to_unit: str | None) -> Statistic:
    """Return ``row`` with its numbers in another unit; as it is when the two do not measure the same."""
    if unit == to_unit or converted(0.0, unit, to_unit) is None:
        return row
    changed: dict[str, Any] = {}
    for name in _NUMBERS:
        number = getattr(row, name)
        changed[name] = None if number is None else converted(number, unit, to_unit)
    return row._replace(**changed)


def as_dict(row: Statistic, entity: Measured, types: Sequence[str]) -> dict[str, Any]:
    """Return ``row`` as clients read it, milliseconds and the numbers of ``types`` that such an entity has."""
    kinds = _OF_SUMS if entity.has_sum else _OF_MEANS
    shown: dict[str, Any] = {"start": int(row.start * 1000), "end": int(row.end * 1000)}
    for name in kinds:
        if name in types:
            value = getattr(row, name)
            shown[name] = int(value * 1000) if name == "last_reset" and value is not None else value
    return shown


def unit_issues(entity: Measured, states: Sequence[State]) -> list[dict[str, Any]]:
    """Return what keeps some of ``states`` out of the statistics: units that cannot be led to the present one."""
    others = {_unit_of(state) for state in states if _number(state) is not None} - {entity.unit}
    scale = unit_class_of(entity.unit)
    return [
        {
            "type": "units_changed",
            "data": {
                "statistic_id": entity.entity_id,
                "state_unit": entity.unit,
                "metadata_unit": unit,
                "supported_unit": scale or entity.unit,
            },
        }
        for unit in sorted(others, key=str)
        if converted(0.0, unit, entity.unit) is None
    ]


# -- readings -------------------------------------------------------------------------------------------------------


def _unit_of(state: State) -> str | None:
    unit = state.attributes.get("unit_of_measurement")
    return unit if isinstance(unit, str) else None


def _number(state: State) -> float | None:
    try:
        number = float(state.state)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _reading(state: State, unit: str | None) -> _Reading:
    """Return a number in ``unit``; none while there is none, or it cannot be led there."""
    number, own_unit = _number(state), _unit_of(state)
    if number is not None and own_unit != unit:
        number = converted(number, own_unit, unit)
    last_reset = state.attributes.get("last_reset")
    return _Reading(state.updated_at, number, None if last_reset is None else _iso(last_reset))


def _iso(moment: Any) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else str(moment)


def _windows(readings: Sequence[_Reading], until: float) -> Iterator[tuple[float, list[_Reading]]]:
    """Yield the beginning of each five minutes that has ended, and what was read in it; the first has a reading."""
    start = readings[0].at // SHORT_S * SHORT_S
    place = 0
    while start + SHORT_S <= until:
        first = place
        while place < len(readings) and readings[place].at < start + SHORT_S:
            place += 1
        yield start, list(readings[first:place])
        start += SHORT_S


# -- what is measured -----------------------------------------------------------------------------------------------


class _MeanOf:
    """Means over the time that each value held; lowest and highest value."""

    def __init__(self, *, is_angle: bool) -> None:
        self._is_angle = is_angle

    def __call__(self, readings: Sequence[_Reading], until: float) -> Iterator[Statistic]:
        held: float | None = None
        for start, inside in _windows(readings, until):
            pieces: list[tuple[float, float]] = []
            since = start
            for reading in (*inside, _Reading(start + SHORT_S, None, None)):
                if held is not None and reading.at > since:
                    pieces.append((held, reading.at - since))
                held, since = (reading.number, reading.at) if reading.at < start + SHORT_S else (held, since)
            if pieces:
                yield self._row(start, pieces)

    def _row(self, start: float, pieces: list[tuple[float, float]]) -> Statistic:
        end = start + SHORT_S
        if self._is_angle:
            return Statistic(start, end, _mean_angle(pieces))
        numbers = [number for number, _ in pieces]
        seconds = math.fsum(duration for _, duration in pieces)
        mean = math.fsum(number * duration for number, duration in pieces) / seconds
        return Statistic(start, end, mean, min(numbers), max(numbers))


def _mean_angle(pieces: Sequence[tuple[float, float]]) -> float:
    x = math.fsum(math.cos(math.radians(angle)) * weight for angle, weight in pieces)
    y = math.fsum(math.sin(math.radians(angle)) * weight for angle, weight in pieces)
    return math.degrees(math.atan2(y, x)) % 360


# -- what is counted ------------------------------------------------------------------------------------------------


class _GrowthOf:
    """What a meter shows and how much it has counted since its first reading, over the times that it began anew."""

    def __init__(self, *, only_rises: bool) -> None:
        self._only_rises = only_rises

    def __call__(self, readings: Sequence[_Reading], until: float) -> Iterator[Statistic]:
        shown: float | None = None
        counted, last_reset = 0.0, None
        for start, inside in _windows(readings, until):
            for reading in inside:
                number = reading.number
                if number is None or (self._only_rises and number < 0):
                    continue
                if shown is not None:
                    is_new = self._begins_anew(number, shown, reading.last_reset, last_reset)
                    counted += number if is_new else number - shown
                shown, last_reset = number, reading.last_reset
            if shown is not None:
                yield Statistic(start, start + SHORT_S, state=shown, sum=counted, last_reset=_epoch(last_reset))

    def _begins_anew(self, number: float, shown: float, reset: str | None, last_reset: str | None) -> bool:
        if self._only_rises:
            return number < _RESET_BELOW * shown
        return reset != last_reset and reset is not None


def _epoch(moment: str | None) -> float | None:
    try:
        return None if moment is None else datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return None


# -- longer periods -------------------------------------------------------------------------------------------------


def _joined(start: float, end: float, rows: Sequence[Statistic]) -> Statistic:
    """Return one row for several; the mean of an angle is not weighed by how steady it was."""
    means = [row.mean for row in rows if row.mean is not None]
    lowest = [row.min for row in rows if row.min is not None]
    highest = [row.max for row in rows if row.max is not None]
    last = rows[-1]
    if means and not lowest:
        mean: float | None = _mean_angle([(angle, 1.0) for angle in means])
    else:
        mean = math.fsum(means) / len(means) if means else None
    return Statistic(
        start, end, mean, min(lowest, default=None), max(highest, default=None), last.state, last.sum, last.last_reset
    )


def _hour(at: float, _: tzinfo) -> tuple[float, float]:
    start = at // 3600 * 3600
    return start, start + 3600


def _calendar(first: Callable[[datetime], datetime], following: Callable[[datetime], datetime]) -> Any:
    def bounds(at: float, zone: tzinfo) -> tuple[float, float]:
        moment = datetime.fromtimestamp(at, zone)
        start = first(moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0))
        return start.timestamp(), following(start).timestamp()

    return bounds


def _next_month(start: datetime) -> datetime:
    return (start + timedelta(days=31)).replace(day=1)


_BOUNDS: Final[dict[str, Callable[[float, tzinfo], tuple[float, float]]]] = {
    "hour": _hour,
    "day": _calendar(lambda day: day, lambda day: day + timedelta(days=1)),
    "week": _calendar(lambda day: day - timedelta(days=day.weekday()), lambda day: day + timedelta(days=7)),
    "month": _calendar(lambda day: day.replace(day=1), _next_month),
    "year": _calendar(lambda day: day.replace(month=1, day=1), lambda day: day.replace(year=day.year + 1)),
}

_NUMBERS: Final = ("mean", "min", "max", "state", "sum", "change")
_OF_MEANS: Final = ("mean", "min", "max")
_OF_SUMS: Final = ("last_reset", "state", "sum", "change")
