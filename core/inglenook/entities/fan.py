"""Fans: how fast they turn, which way, and their presets."""

import math
from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepare, Prepared, known
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import choice, flag, whole, word
from inglenook.entities.listed import listed
from inglenook.entities.toggle import is_on
from inglenook.entity import Entity


class FanFeature(IntFlag):
    """What a fan can do; bits as everywhere in the field."""

    SET_SPEED = 1
    OSCILLATE = 2
    DIRECTION = 4
    PRESET_MODE = 8
    TURN_OFF = 16
    TURN_ON = 32


class Fan(DomainEntity):
    """A fan. An author writes ``turn_on(percentage=None, preset_mode=None)``, ``turn_off()`` and what else it can do.

    Attributes:
        is_on: only for a fan that has no speed.
        percentage: the speed, 0 to 100.
        percentage_step: how much one speed is, so 25 for a fan of four speeds.
        preset_mode: one of ``preset_modes``.
        oscillating: whether it swings.
        direction: ``forward`` or ``reverse``.
    """

    domain = "fan"
    SHOWN = ("percentage", "preset_mode", "oscillating", "direction")
    DESCRIBED = ("percentage_step", "preset_modes")
    FEATURES: ClassVar[Mapping[str, int]] = {
        "set_percentage": FanFeature.SET_SPEED,
        "oscillate": FanFeature.OSCILLATE,
        "set_direction": FanFeature.DIRECTION,
        "set_preset_mode": FanFeature.PRESET_MODE,
        "turn_off": FanFeature.TURN_OFF,
        "turn_on": FanFeature.TURN_ON,
    }

    is_on: bool | None = None
    percentage: int | None = None
    percentage_step: float = 1.0
    preset_mode: str | None = None
    preset_modes: tuple[str, ...] | None = None
    oscillating: bool | None = None
    direction: str | None = None

    def shown_state(self) -> StateValue:
        """Return whether it turns: by its speed or preset, else by ``is_on``."""
        if self.percentage is None and self.preset_mode is None:
            return self.is_on
        return bool(self.percentage) or self.preset_mode is not None


def _set_percentage(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return ("turn_off", {}) if data["percentage"] == 0 and _can_turn_off(entity) else ("set_percentage", data)


def _can_turn_off(entity: Entity) -> bool:
    return not entity.supported_features or bool(entity.supported_features & FanFeature.TURN_OFF)


def _stepped(direction: int) -> Prepare:
    """Return the preparation that goes one speed, or ``percentage_step`` per cent, up (1) or down (-1)."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        current = float(known(entity, "percentage") or 0)
        if "percentage_step" in data:
            wanted = current + direction * data["percentage_step"]
        else:
            speeds = round(100 / float(known(entity, "percentage_step") or 1))
            wanted = (math.ceil(current * speeds / 100) + direction) * 100 // speeds
        return _set_percentage(entity, {"percentage": int(max(0, min(100, wanted)))})

    return prepare


_turn_on: Final = listed("turn_on", "preset_mode", "preset_modes")


def _toggle(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return ("turn_off", {}) if is_on(entity) else _turn_on(entity, data)


_STEP: Final = (whole("percentage_step", 0, 100, "By how much; one speed by default.", unit="%"),)

FAN: Final = Domain(
    "fan",
    Fan,
    (
        DomainService(
            "turn_on",
            "Turn the fan on.",
            (
                whole("percentage", 0, 100, "The speed.", unit="%"),
                word("preset_mode", "One of the fan's presets."),
            ),
            features=(FanFeature.TURN_ON,),
            prepare=_turn_on,
        ),
        DomainService("turn_off", "Turn the fan off.", features=(FanFeature.TURN_OFF,)),
        DomainService(
            "toggle",
            "Turn it off if it is on, else on.",
            features=(FanFeature.TURN_OFF | FanFeature.TURN_ON,),
            prepare=_toggle,
        ),
        DomainService(
            "set_percentage",
            "Set the speed; 0 turns it off.",
            (whole("percentage", 0, 100, "The speed.", unit="%", required=True),),
            features=(FanFeature.SET_SPEED,),
            prepare=_set_percentage,
        ),
        DomainService("increase_speed", "Turn faster.", _STEP, features=(FanFeature.SET_SPEED,), prepare=_stepped(1)),
        DomainService("decrease_speed", "Turn slower.", _STEP, features=(FanFeature.SET_SPEED,), prepare=_stepped(-1)),
        DomainService(
            "set_preset_mode",
            "Choose a preset.",
            (word("preset_mode", "One of the fan's presets.", required=True),),
            features=(FanFeature.PRESET_MODE,),
            prepare=listed("set_preset_mode", "preset_mode", "preset_modes"),
        ),
        DomainService(
            "oscillate",
            "Swing or hold still.",
            (flag("oscillating", "Whether to swing.", required=True),),
            features=(FanFeature.OSCILLATE,),
        ),
        DomainService(
            "set_direction",
            "Choose which way it turns.",
            (choice("direction", ("forward", "reverse"), "Which way.", required=True),),
            features=(FanFeature.DIRECTION,),
        ),
    ),
)
