"""Vacuum cleaners that drive by themselves."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import shown
from inglenook.entities.domain import Domain, DomainService, Field
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import word, words


class VacuumFeature(IntFlag):
    """What a vacuum can do; bits as everywhere in the field."""

    PAUSE = 4
    STOP = 8
    RETURN_HOME = 16
    FAN_SPEED = 32
    SEND_COMMAND = 256
    LOCATE = 512
    CLEAN_SPOT = 1024
    START = 8192
    CLEAN_AREA = 16384


class Vacuum(DomainEntity):
    """A vacuum. An author writes those of the services' methods that it can do, like ``start()``.

    Attributes:
        activity: the state: ``cleaning``, ``docked``, ``idle``, ``paused``, ``returning`` or ``error``.
        fan_speed: one of ``fan_speed_list``.
    """

    domain = "vacuum"
    SHOWN: ClassVar[tuple[str, ...]] = ("fan_speed",)
    DESCRIBED = ("fan_speed_list",)
    FEATURES: ClassVar[Mapping[str, int]] = {
        "pause": VacuumFeature.PAUSE,
        "stop": VacuumFeature.STOP,
        "return_to_base": VacuumFeature.RETURN_HOME,
        "set_fan_speed": VacuumFeature.FAN_SPEED,
        "send_command": VacuumFeature.SEND_COMMAND,
        "locate": VacuumFeature.LOCATE,
        "clean_spot": VacuumFeature.CLEAN_SPOT,
        "start": VacuumFeature.START,
        "clean_area": VacuumFeature.CLEAN_AREA,
    }

    activity: str | None = None
    fan_speed: str | None = None
    fan_speed_list: tuple[str, ...] | None = None

    def shown_state(self) -> StateValue:
        """Return ``activity``."""
        return self.activity


def _params(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return value
    raise vol.Invalid(f"expected a mapping or a list, got {shown(value)}")


VACUUM: Final = Domain(
    "vacuum",
    Vacuum,
    (
        DomainService("start", "Start to clean, or go on.", features=(VacuumFeature.START,)),
        DomainService("pause", "Pause.", features=(VacuumFeature.PAUSE,)),
        DomainService("stop", "Stop.", features=(VacuumFeature.STOP,)),
        DomainService("return_to_base", "Drive back to the dock.", features=(VacuumFeature.RETURN_HOME,)),
        DomainService("clean_spot", "Clean around where it is.", features=(VacuumFeature.CLEAN_SPOT,)),
        DomainService(
            "clean_area",
            "Clean areas of the home.",
            (words("cleaning_area_id", "The areas.", required=True),),
            features=(VacuumFeature.CLEAN_AREA,),
        ),
        DomainService("locate", "Make it tell where it is.", features=(VacuumFeature.LOCATE,)),
        DomainService(
            "set_fan_speed",
            "Choose how hard it sucks.",
            (word("fan_speed", "One of the vacuum's speeds.", required=True),),
            features=(VacuumFeature.FAN_SPEED,),
        ),
        DomainService(
            "send_command",
            "Send a command of its own.",
            (
                word("command", "The command.", required=True),
                Field("params", _params, {"object": {}}, "What belongs to it."),
            ),
            features=(VacuumFeature.SEND_COMMAND,),
        ),
    ),
)
