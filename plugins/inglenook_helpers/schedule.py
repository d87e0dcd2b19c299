"""``schedule``: on and off by a weekly plan."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService
from inglenook.values import ensure_list, icon, shown, string, time_of_day
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import Config, mapping, named

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
END_OF_DAY: Final = time.max  # what 24:00 stands for


class Schedule(Declared):
    """On within the blocks of the week, their ends excluded; in the home's time zone.

    While it is on, the data of its block are attributes. ``next_event`` is when it will next begin or end a block.
    """

    domain = "schedule"
    SHOWN = ("next_event",)

    next_event: datetime | None = None

    def __init__(self, object_id: str, config: Config) -> None:
        self._cancel_alarm: Callable[[], None] | None = None
        super().__init__(object_id, config)

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self._week = [config[day] for day in DAYS]

    def adapt(self) -> None:
        """Follow the other plan."""
        self._look()

    def added(self) -> None:
        """Begin to follow the clock."""
        self._look()

    def removed(self) -> None:
        """Follow the clock no more."""
        if self._cancel_alarm is not None:
            self._cancel_alarm()
            self._cancel_alarm = None

    def get_schedule(self) -> dict[str, Any]:
        """Return the blocks of each day."""
        return {day: [_as_data(block) for block in blocks] for day, blocks in zip(DAYS, self._week, strict=True)}

    def _look(self) -> None:
        """See what holds now, and come back at the next edge."""
        now = self.clock.local()
        block = next((block for block in self._week[now.weekday()] if _holds(block, now.time())), None)
        self.state = block is not None
        self.next_event = next((edge for edge in self._edges(now) if edge > now), None)
        data = block["data"] if block is not None else {}
        self.extra_attributes = {**data, "editable": self.is_editable}
        self.removed()
        if self.next_event is not None:
            self._cancel_alarm = self.clock.call_at(self.next_event.timestamp(), self._turn).cancel

    def _turn(self) -> None:
        self._look()
        self.write()

    def _edges(self, now: datetime) -> Iterator[datetime]:
        """Yield the beginnings and ends of blocks from today on for a week, in order."""
        for days in range(8):
            day = now.date() + timedelta(days=days)
            blocks = self._week[day.weekday()]
            for at in sorted({edge for block in blocks for edge in (block["from"], block["to"])}):
                if at == END_OF_DAY:
                    yield datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
                else:
                    yield datetime.combine(day, at, now.tzinfo)


def _holds(block: Config, now: time) -> bool:
    begin, end = block["from"], block["to"]
    return bool(begin <= now and (now < end or end == END_OF_DAY))


def _as_data(block: Config) -> dict[str, Any]:
    end = "24:00:00" if block["to"] == END_OF_DAY else block["to"].isoformat()
    found = {"from": block["from"].isoformat(), "to": end}
    return {**found, "data": block["data"]} if block["data"] else found


def _end(value: Any) -> time:
    if isinstance(value, str) and value in ("24:00", "24:00:00"):
        return END_OF_DAY
    end: time = time_of_day(value)
    return end


_block: Final = vol.Schema(
    {
        vol.Required("from"): time_of_day,
        vol.Required("to"): _end,
        vol.Optional("data", default=dict): vol.All(mapping, {string: vol.Any(bool, str, int, float)}),
    }
)


def _day(value: Any) -> Sequence[Config]:
    """Validate the blocks of a day; returns them in their order."""
    blocks: list[Config] = sorted(vol.Schema([_block])(ensure_list(value)), key=lambda block: block["from"])
    before = None
    for block in blocks:
        begin, end = block["from"], block["to"]
        if begin >= end:
            raise vol.Invalid(f"expected a block that ends after it begins, got {begin} to {end}")
        if before is not None and begin < before:
            raise vol.Invalid(
                f"expected blocks that do not overlap, got one that begins at {begin} before another ends at {before}"
            )
        before = end
    return blocks


def _name(value: Any) -> str:
    name: str = string(value)
    if name:
        return name
    raise vol.Invalid(f"expected a name, got {shown(value)}")


DOMAIN: Final = Domain(
    "schedule",
    Schedule,
    (DomainService("get_schedule", "Return the blocks of the week.", supports_response="only"),),
)


KEYS: Final[dict[Any, Any]] = {
    vol.Required("name"): _name,
    "icon": icon,
    **{vol.Optional(day, default=list): _day for day in DAYS},
}


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS), Schedule)
