"""Purpose-specific kinds that ask the sun itself: ``sun.dusk``, ``sun.is_golden_hour`` and the like."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, duration, one_of
from inglenook.home import Home
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Disarm, TriggerKind
from inglenook.rules.purpose.trigger import Options, late_shape
from inglenook.rules.sun import (
    HORIZON,
    SUNRISE,
    SUNSET,
    Moment,
    Passage,
    last_extreme,
    next_sun_event,
    sun_event,
    sun_height,
)
from inglenook.rules.sun_alarm import SunAlarm

_MINUTE_S: Final = 60.0
_YEAR_DAYS: Final = 370
_POLAR_LATITUDE: Final = 65.0  # degrees; nearer to the equator the sun rises and sets every day

_TWILIGHTS: Final = {"civil": -6.0, "nautical": -12.0, "astronomical": -18.0}
_BANDS: Final = {
    "any": (-18.0, HORIZON), "civil": (-6.0, HORIZON), "nautical": (-12.0, -6.0), "astronomical": (-18.0, -12.0),
}  # fmt: skip
_GOLDEN: Final = (-4.0, 6.0)  # heights between which an hour is golden, and blue
_BLUE: Final = (-6.0, -4.0)
_PERIODS: Final = ("any", "morning", "evening")

_OFFSET: Final[Mapping[Any, Validator]] = {
    vol.Optional("offset", default=0.0): duration,
    vol.Optional("offset_type", default="after"): one_of("before", "after"),
}
_PERIOD: Final[Mapping[Any, Validator]] = {vol.Optional("period", default="any"): one_of(*_PERIODS)}
_TYPE: Final[Mapping[Any, Validator]] = {vol.Optional("type", default="civil"): one_of(*_TWILIGHTS)}
_BAND: Final[Mapping[Any, Validator]] = {vol.Optional("type", default="any"): one_of(*_BANDS)}

Next = Callable[[Home, Options, float], float | None]


@dataclass(frozen=True, slots=True)
class SunTrigger:
    """A row of the table: ``next`` returns when the event plus an offset in seconds comes next, None for never.

    ``shown`` are the options that ``trigger`` tells.
    """

    name: str
    next: Next
    options: Mapping[Any, Validator] = field(default_factory=dict)
    shown: Sequence[str] = ()

    def kind(self) -> TriggerKind:
        """Return it as the vocabulary knows kinds."""
        keys = {**self.options, **_OFFSET}
        return TriggerKind(lambda _: late_shape(keys, has_target=False), self._arm)

    def _arm(self, arming: Arming) -> Disarm:
        options: Options = arming.config["options"]
        offset_s: float = options["offset"] if options["offset_type"] == "after" else -options["offset"]

        def payload() -> dict[str, Any]:
            shown = {name: options[name] for name in self.shown}
            return {**shown, "description": f"sun event {self.name}"}

        return SunAlarm(arming, self.name, lambda: self.next(arming.home, options, offset_s), payload).disarm


def _at(moment: Moment) -> Next:
    return lambda home, _, offset_s: _first(home, [moment], offset_s)


def _twilight(*, is_rising: bool) -> Next:
    return lambda home, options, offset_s: _first(home, [Passage(_TWILIGHTS[options["type"]], is_rising)], offset_s)


def _band_edge(up: float, down: float) -> Next:
    """Return the next time the sun passes ``up`` while rising or ``down`` while setting, as ``period`` says."""
    passages = {"morning": [Passage(up, is_rising=True)], "evening": [Passage(down, is_rising=False)]}
    passages["any"] = [*passages["morning"], *passages["evening"]]
    return lambda home, options, offset_s: _first(home, passages[options["period"]], offset_s)


def _first(home: Home, moments: Sequence[Moment], offset_s: float) -> float | None:
    found = []
    for moment in moments:
        try:
            found.append(next_sun_event(home, moment, offset_s))
        except ValueError:  # the sun does not get there
            continue
    return min(found, default=None)


def _polar(extreme: str, *, is_above: bool) -> Next:
    """Return the next extreme at which the sun is above the horizon, or below it, and was not the time before."""

    def find(home: Home, _: Options, offset_s: float) -> float | None:
        if abs(home.settings.latitude) < _POLAR_LATITUDE:
            return None
        since = home.clock.now() - offset_s
        day = datetime.fromtimestamp(since, home.clock.time_zone).date() - timedelta(days=2)
        was_above = is_above
        for _number in range(_YEAR_DAYS):
            at = sun_event(home, extreme, day)
            assert at is not None
            now_above = sun_height(home, at) > HORIZON
            if at > since and now_above is is_above and was_above is not is_above:
                return at + offset_s
            was_above, day = now_above, day + timedelta(days=1)
        return None

    return find


_TRIGGER_ROWS: Final = (
    SunTrigger(SUNRISE, _at(SUNRISE)),
    SunTrigger(SUNSET, _at(SUNSET)),
    SunTrigger("solar_noon", _at("solar_noon")),
    SunTrigger("solar_midnight", _at("solar_midnight")),
    SunTrigger("dawn", _twilight(is_rising=True), _TYPE, ("type",)),
    SunTrigger("dusk", _twilight(is_rising=False), _TYPE, ("type",)),
    SunTrigger("golden_hour_started", _band_edge(_GOLDEN[0], _GOLDEN[1]), _PERIOD, ("period",)),
    SunTrigger("golden_hour_ended", _band_edge(_GOLDEN[1], _GOLDEN[0]), _PERIOD, ("period",)),
    SunTrigger("blue_hour_started", _band_edge(_BLUE[0], _BLUE[1]), _PERIOD, ("period",)),
    SunTrigger("blue_hour_ended", _band_edge(_BLUE[1], _BLUE[0]), _PERIOD, ("period",)),
    SunTrigger("midnight_sun_started", _polar("solar_midnight", is_above=True)),
    SunTrigger("midnight_sun_ended", _polar("solar_midnight", is_above=False)),
    SunTrigger("polar_night_started", _polar("solar_noon", is_above=False)),
    SunTrigger("polar_night_ended", _polar("solar_noon", is_above=True)),
)
SUN_TRIGGERS: Final[Mapping[str, SunTrigger]] = {f"sun.{row.name}": row for row in _TRIGGER_ROWS}
"""Every trigger on the sun by its name."""


# -- conditions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SunCondition:
    """A row of the table: what is asked of the sun now, with which options."""

    holds: Callable[[Home, Options], bool]
    options: Mapping[Any, Validator] = field(default_factory=dict)

    def kind(self) -> ConditionKind:
        """Return it as the vocabulary knows kinds."""
        return ConditionKind(lambda _: late_shape(self.options, has_target=False), self._compile)

    def _compile(self, config: Config, compiler: Compiler) -> Condition:
        holds, home, options = self.holds, compiler.home, config["options"]
        return lambda _: holds(home, options)


def _is_up(home: Home, _: Options) -> bool:
    """True when the sun will set before it rises again."""
    sets, rises = _first(home, [SUNSET], 0.0), _first(home, [SUNRISE], 0.0)
    return sets is not None and sets < (math.inf if rises is None else rises)


def _is_rising(home: Home) -> bool:
    now = home.clock.now()
    return sun_height(home, now + _MINUTE_S) > sun_height(home, now)


def _is_between(home: Home, band: tuple[float, float]) -> bool:
    return band[0] <= sun_height(home, home.clock.now()) <= band[1]


def _in_twilight(*, is_rising: bool) -> SunCondition:
    return SunCondition(
        lambda home, options: _is_between(home, _BANDS[options["type"]]) and _is_rising(home) is is_rising, _BAND
    )


def _in_hour(band: tuple[float, float]) -> SunCondition:
    def holds(home: Home, options: Options) -> bool:
        period = options["period"]
        return _is_between(home, band) and (period == "any" or _is_rising(home) is (period == "morning"))

    return SunCondition(holds, _PERIOD)


def _last_above(home: Home, extreme: str) -> bool:
    """Return whether the sun was above the horizon at its last ``extreme``."""
    return sun_height(home, last_extreme(home, extreme)) > HORIZON


SUN_CONDITIONS: Final[Mapping[str, SunCondition]] = {
    "sun.is_ascending": SunCondition(lambda home, _: _is_rising(home)),
    "sun.is_blue_hour": _in_hour(_BLUE),
    "sun.is_descending": SunCondition(lambda home, _: not _is_rising(home)),
    "sun.is_evening_twilight": _in_twilight(is_rising=False),
    "sun.is_golden_hour": _in_hour(_GOLDEN),
    "sun.is_midnight_sun": SunCondition(lambda home, _: _last_above(home, "solar_midnight")),
    "sun.is_morning_twilight": _in_twilight(is_rising=True),
    "sun.is_night": SunCondition(lambda home, _: sun_height(home, home.clock.now()) <= _TWILIGHTS["astronomical"]),
    "sun.is_polar_night": SunCondition(lambda home, _: not _last_above(home, "solar_noon")),
    "sun.is_set": SunCondition(lambda home, options: not _is_up(home, options)),
    "sun.is_up": SunCondition(_is_up),
}
"""Every condition on the sun by its name."""
