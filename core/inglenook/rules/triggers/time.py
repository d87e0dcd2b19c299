"""The trigger on the time of day: ``trigger: time``, at a fixed time or at one that an entity shows."""

import logging
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import WEEKDAYS, duration, entity_domain, is_template, shown, time_of_day, weekdays
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN, Context, State
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, each, lifted
from inglenook.rules.wall import LATE_S, WallAlarm, WallPattern

_log = logging.getLogger(__name__)

_an_entity: Final = entity_domain("input_datetime", "sensor")
_AT_ENTITY: Final = Shape({vol.Required("entity_id"): _an_entity, vol.Optional("offset", default=0.0): duration})
_DAY_S: Final = 86_400.0
_MOMENTS: Final = ("timestamp", "uptime")


def _at(value: Any) -> Any:
    """Return a time of day, a template, or a mapping of an entity and an offset."""
    if isinstance(value, Mapping):
        return _AT_ENTITY(value)
    if is_template(value):
        return value
    if isinstance(value, str) and "." in value and ":" not in value:
        return _AT_ENTITY({"entity_id": value})
    return time_of_day(value)


SHAPE: Final = Shape({vol.Required("at"): each(_at), "weekday": weekdays})


def arm_time(arming: Arming) -> Disarm:
    """Wait for each of the times; templates are rendered now, without access to states."""
    disarms: list[Disarm] = []

    def disarm_all() -> None:
        for disarm in disarms:
            disarm()

    try:
        for at in arming.config["at"]:
            disarms.append(_arm_one(arming, at))  # noqa: PERF401 - what is armed must be known when the next one fails
    except vol.Invalid:
        disarm_all()
        raise
    return disarm_all


def _arm_one(arming: Arming, at: Any) -> Disarm:
    if isinstance(at, str):
        at = _at(arming.templates.compile(at).render(arming.variables, limited=True))
    if isinstance(at, time):
        return _Bell(arming, None).daily(at)
    return _EntityTime(arming, at["entity_id"], at["offset"]).disarm


class _Bell:
    """Fires the trigger at the times it is given, on the days that count."""

    __slots__ = ("_arming", "_entity_id")

    def __init__(self, arming: Arming, entity_id: str | None) -> None:
        self._arming = arming
        self._entity_id = entity_id

    def daily(self, at: time) -> Disarm:
        """Ring each day at ``at``."""
        return WallAlarm(self._arming.home.clock, WallPattern.at(at), self.ring, self.miss).stop

    def once(self, when: float) -> Disarm:
        """Ring at ``when``, seconds since the epoch; not at all if that is past."""
        clock = self._arming.home.clock
        if when < clock.now():
            return _nothing

        def came() -> None:
            late_s = clock.now() - when
            if late_s > LATE_S:
                self.miss(late_s)
            else:
                self.ring()

        return clock.call_at(when, came).cancel

    def ring(self) -> None:
        """Fire, if today is one of the days."""
        now = self._arming.home.clock.local()
        if WEEKDAYS[now.weekday()] in self._arming.config.get("weekday", WEEKDAYS):
            self._arming.fire(lambda: self._payload(now))

    def miss(self, late_s: float) -> None:
        """Log that the time has passed unseen."""
        _log.info("rule %s, %s: it missed its time by %.0f s", self._arming.name, self._arming.place, late_s)

    def _payload(self, now: datetime) -> dict[str, Any]:
        of_entity = "" if self._entity_id is None else f" set in {self._entity_id}"
        return {"now": now, "entity_id": self._entity_id, "description": f"time{of_entity}"}


class _EntityTime:
    """The time that an entity shows, followed as it changes."""

    __slots__ = ("_arming", "_bell", "_entity_id", "_offset_s", "_stop_bell", "_unsubscribe")

    def __init__(self, arming: Arming, entity_id: str, offset_s: float) -> None:
        self._arming = arming
        self._entity_id = entity_id
        self._offset_s = offset_s
        self._bell = _Bell(arming, entity_id)
        self._stop_bell: Disarm = _nothing
        self._set(arming.home.states.get(entity_id))
        self._unsubscribe = arming.states.watch(entity_id, self._changed)

    def disarm(self) -> None:
        """Follow the entity no more."""
        self._unsubscribe()
        self._stop_bell()

    def _changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        try:
            self._set(new)
        except vol.Invalid as error:
            self._arming.log("%s", error)

    def _set(self, state: State | None) -> None:
        self._stop_bell()
        self._stop_bell = _nothing
        if state is None or state.state in {STATE_UNKNOWN, STATE_UNAVAILABLE}:
            return
        if state.domain == "input_datetime":
            self._follow_input(state)
        else:
            self._follow_sensor(state)

    def _follow_input(self, state: State) -> None:
        has_date, has_time = state.attributes.get("has_date"), state.attributes.get("has_time")
        if has_date:
            moment = datetime.fromisoformat(state.state) if has_time else _midnight(state.state)
            local = moment.replace(tzinfo=self._arming.home.clock.time_zone)
            self._stop_bell = self._bell.once(local.timestamp() + self._offset_s)
        elif has_time:
            at = datetime.combine(date.min + timedelta(days=1), time.fromisoformat(state.state))
            self._stop_bell = self._bell.daily((at + timedelta(seconds=self._offset_s % _DAY_S)).time())

    def _follow_sensor(self, state: State) -> None:
        if state.attributes.get("device_class") not in _MOMENTS:
            return
        try:
            moment = datetime.fromisoformat(state.state)
        except ValueError:
            return
        if moment.tzinfo is None:
            raise vol.Invalid(f"{self._entity_id}: expected a time with its zone, got {shown(state.state)}")
        self._stop_bell = self._bell.once(moment.timestamp() + self._offset_s)


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time())


def _nothing() -> None:
    """Nothing is waiting."""


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_time)
