"""``input_datetime``: a date, a time of day, or both."""

from datetime import date, datetime, time
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Field, InvalidServiceData
from inglenook.values import boolean, float_, icon, shown, string, time_of_day
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import Config, named

MIDNIGHT: Final = time()


class InputDatetime(Declared):
    """A moment of the home's calendar, without a time zone; of its two parts only those it has are shown.

    What it last was comes back, unless the settings say how it begins; else it is today at midnight.
    """

    domain = "input_datetime"

    has_date: bool
    has_time: bool

    def __init__(self, object_id: str, config: Config) -> None:
        super().__init__(object_id, config)
        self._initial: str | None = config.get("initial")
        self._moment: datetime

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self.has_date, self.has_time = config["has_date"], config["has_time"]

    def added(self) -> None:
        """Take up the initial or the last state."""
        known = self._initial or (self.last_state.state if self.last_state is not None else "")
        day, at = _parts(known, has_date=self.has_date, has_time=self.has_time)
        self._moment = datetime.combine(day or self.clock.local().date(), at or MIDNIGHT)

    def set_datetime(
        self,
        date: date | None = None,
        time: time | None = None,
        datetime: datetime | None = None,
        timestamp: float | None = None,
    ) -> None:
        """Be another moment; a part that is not given, or that it does not have, stays as it is.

        Raises:
            InvalidServiceData: nothing that it has was given.
        """
        if timestamp is not None:
            datetime = self._local(timestamp)
        if datetime is not None:
            date, time = datetime.date(), datetime.time()
        date, time = (date if self.has_date else None), (time if self.has_time else None)
        if date is None and time is None:
            raise InvalidServiceData(f"{self.entity_id}: there is nothing to set; it has {self._kind()}")
        self._become(date or self._moment.date(), time or self._moment.time())

    def shown_state(self) -> str:
        """Return the parts that it has."""
        form = "%Y-%m-%d %H:%M:%S" if self.has_date and self.has_time else "%Y-%m-%d" if self.has_date else "%H:%M:%S"
        return self._moment.strftime(form)

    def shown_attributes(self) -> dict[str, Any]:
        """Return the parts as numbers; ``timestamp`` is in seconds since the epoch, of a time alone since midnight."""
        moment = self._moment
        found: dict[str, Any] = {"has_date": self.has_date, "has_time": self.has_time}
        if self.has_date:
            found |= {"year": moment.year, "month": moment.month, "day": moment.day}
        if self.has_time:
            found |= {"hour": moment.hour, "minute": moment.minute, "second": moment.second}
        return {**found, "timestamp": self._timestamp()}

    def _timestamp(self) -> float:
        moment = self._moment
        if not self.has_date:
            return moment.hour * 3600 + moment.minute * 60 + moment.second
        shown = moment if self.has_time else datetime.combine(moment, MIDNIGHT)
        return shown.replace(tzinfo=self.clock.time_zone).timestamp()

    def _become(self, day: date, at: time) -> None:
        self._moment = datetime.combine(day, at.replace(tzinfo=None))
        self.write()

    def _local(self, timestamp: float) -> datetime:
        return datetime.fromtimestamp(timestamp, self.clock.time_zone)

    def _kind(self) -> str:
        return " and ".join(word for word, has in (("a date", self.has_date), ("a time", self.has_time)) if has)


def _parts(text: str, *, has_date: bool, has_time: bool) -> tuple[date | None, time | None]:
    """Return the date and the time that ``text`` is; None for what it is not, or what is not wanted."""
    try:
        if has_date:
            moment = datetime.fromisoformat(text)
            return moment.date(), moment.time() if has_time else None
        return None, time_of_day(text)
    except (ValueError, vol.Invalid):
        return None, None


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(string(value))
    except ValueError:
        raise vol.Invalid(f'expected a date and time like "2026-05-01 07:30:00", got {shown(value)}') from None


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(string(value))
    except ValueError:
        raise vol.Invalid(f'expected a date like "2026-05-01", got {shown(value)}') from None


def _whole(config: Config) -> Config:
    """Check that it has a part, and that its initial state has the parts."""
    has_date, has_time = config["has_date"], config["has_time"]
    if not (has_date or has_time):
        raise vol.Invalid("expected has_date or has_time to be true")
    if "initial" in config and not any(_parts(config["initial"], has_date=has_date, has_time=has_time)):
        kind = " and ".join(word for word, has in (("a date", has_date), ("a time", has_time)) if has)
        raise vol.Invalid(f"expected {kind}, got {shown(config['initial'])}", ["initial"])
    return config


def _one_form(data: dict[str, Any]) -> dict[str, Any]:
    forms = ("date" in data or "time" in data) + ("datetime" in data) + ("timestamp" in data)
    if forms == 1:
        return data
    raise vol.Invalid(f"expected date, time or both; or datetime; or timestamp; got {', '.join(data) or 'none'}")


DOMAIN: Final = Domain(
    "input_datetime",
    InputDatetime,
    (
        DomainService(
            "set_datetime",
            "Set the date, the time, or both.",
            (
                Field("date", _day, {"text": {}}, "The date."),
                Field("time", time_of_day, {"time": {}}, "The time of day."),
                Field("datetime", _moment, {"text": {}}, "Date and time; a time zone in it is left out."),
                Field("timestamp", float_, {"number": {"min": 0}}, "Seconds since the epoch."),
            ),
            check=_one_form,
        ),
    ),
)


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Optional("has_date", default=False): boolean,
    vol.Optional("has_time", default=False): boolean,
    "initial": string,
    "icon": icon,
}


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS, _whole), InputDatetime)
