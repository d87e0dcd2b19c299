"""Purpose-specific kinds that ask the moon: ``moon.phase_changed``, ``moon.is_phase``, ``is_waxing``, ``is_waning``."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, one_of
from inglenook.home import Home
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Disarm, TriggerKind
from inglenook.rules.purpose.trigger import Options, late_shape
from inglenook.rules.shape import each
from inglenook.rules.wall import WallAlarm, WallPattern

_PHASES: Final = (
    (0.5, "new_moon"), (6.5, "waxing_crescent"), (7.5, "first_quarter"), (13.5, "waxing_gibbous"), (14.5, "full_moon"),
    (20.5, "waning_gibbous"), (21.5, "last_quarter"), (27.5, "waning_crescent"), (28.0, "new_moon"),
)  # fmt: skip
"""Phases by the day of the moon's age that they last until, on astral's scale from 0 to 28."""

_NAMES: Final = tuple(dict.fromkeys(name for _, name in _PHASES))
_WAXING: Final = _NAMES[1:4]
_WANING: Final = _NAMES[5:]


def phase(home: Home) -> str:
    """Return the phase of the moon on this day of the home's calendar."""
    from astral import moon  # noqa: PLC0415 - 20 ms for a home whose rules never look at the sky

    age = moon.phase(home.clock.local().date())
    return next(name for until, name in _PHASES if age < until)


def arm_phase_changed(arming: Arming) -> Disarm:
    """Look at every midnight whether the moon is in another phase than the day before."""
    home = arming.home
    wanted: tuple[str, ...] = tuple(arming.config["options"].get("phase", _NAMES))
    last = phase(home)

    def look() -> None:
        nonlocal last
        before, last = last, phase(home)
        if last != before and last in wanted:
            arming.fire(lambda: {"phase": last, "description": f"moon phase {last}"})

    return WallAlarm(home.clock, WallPattern.at(time()), look, lambda _: look()).stop


def _condition(holds: Callable[[str, Options], bool], options: Mapping[Any, Validator]) -> ConditionKind:
    def compile_phase(config: Config, compiler: Compiler) -> Condition:
        home, chosen = compiler.home, config["options"]
        return lambda _: holds(phase(home), chosen)

    return ConditionKind(lambda _: late_shape(options, has_target=False), compile_phase)


MOON_TRIGGERS: Final = {
    "moon.phase_changed": TriggerKind(
        lambda _: late_shape({"phase": each(one_of(*_NAMES))}, has_target=False), arm_phase_changed
    ),
}
MOON_CONDITIONS: Final = {
    "moon.is_phase": _condition(
        lambda now, options: now in options["phase"], {vol.Required("phase"): each(one_of(*_NAMES))}
    ),
    "moon.is_waning": _condition(lambda now, _: now in _WANING, {}),
    "moon.is_waxing": _condition(lambda now, _: now in _WAXING, {}),
}
