"""Dates, times of day and moments that can be set."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from inglenook.config.values import day, moment, time_of_day
from inglenook.entities.domain import Domain, DomainService, Field, Prepare, Prepared, Validator
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entity import Entity


class DateEntity(DomainEntity):
    """A day in ``value``. An author writes ``set_value(date)``."""

    domain = "date"
    value: date | None = None

    def shown_state(self) -> StateValue:
        """Return the day as ISO text."""
        return None if self.value is None else self.value.isoformat()


class TimeEntity(DomainEntity):
    """A time of day in ``value``. An author writes ``set_value(time)``."""

    domain = "time"
    value: time | None = None

    def shown_state(self) -> StateValue:
        """Return the time as ISO text."""
        return None if self.value is None else self.value.isoformat()


class DateTimeEntity(DomainEntity):
    """A moment in ``value``, with its time zone. An author writes ``set_value(datetime)``."""

    domain = "datetime"
    value: datetime | None = None

    def shown_state(self) -> StateValue:
        """Return the moment as ISO text in UTC, in whole seconds."""
        return None if self.value is None else self.value.astimezone(UTC).isoformat(timespec="seconds")


def zoned(entity: Entity, value: Any) -> Any:
    """Return ``value``, a moment that names no time zone in that of the home; a day, or a moment with one, as it is."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=entity.clock.time_zone)
    return value


def _set_moment(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return "set_value", {"datetime": zoned(entity, data["datetime"])}


def _setting(name: str, validate: Validator, description: str, prepare: Prepare | None = None) -> DomainService:
    field = Field(name, validate, {name: {}}, description, required=True)
    return DomainService("set_value", f"Set the {name}.", (field,), prepare=prepare)


DATE: Final = Domain("date", DateEntity, (_setting("date", day, "The day, like 2026-03-10."),))
TIME: Final = Domain("time", TimeEntity, (_setting("time", time_of_day, "The time of day, like 07:30."),))
DATETIME: Final = Domain(
    "datetime",
    DateTimeEntity,
    (_setting("datetime", moment, "The moment; in the home's time zone if it names none.", _set_moment),),
)
