"""Lawn mowers that drive by themselves."""

from collections.abc import Mapping
from enum import IntFlag
from typing import ClassVar, Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity, StateValue


class LawnMowerFeature(IntFlag):
    """What a lawn mower can do; bits as everywhere in the field."""

    START_MOWING = 1
    PAUSE = 2
    DOCK = 4
    STOP = 8


class LawnMower(DomainEntity):
    """A lawn mower. An author writes those of the services' methods that it can do, like ``start_mowing()``.

    Attributes:
        activity: the state: ``mowing``, ``docked``, ``paused``, ``returning``, ``idle`` or ``error``.
    """

    domain = "lawn_mower"
    FEATURES: ClassVar[Mapping[str, int]] = {
        "start_mowing": LawnMowerFeature.START_MOWING,
        "pause": LawnMowerFeature.PAUSE,
        "dock": LawnMowerFeature.DOCK,
        "stop": LawnMowerFeature.STOP,
    }

    activity: str | None = None

    def shown_state(self) -> StateValue:
        """Return ``activity``."""
        return self.activity


LAWN_MOWER: Final = Domain(
    "lawn_mower",
    LawnMower,
    (
        DomainService("start_mowing", "Start to mow, or go on.", features=(LawnMowerFeature.START_MOWING,)),
        DomainService("pause", "Pause.", features=(LawnMowerFeature.PAUSE,)),
        DomainService("dock", "Drive back to the dock.", features=(LawnMowerFeature.DOCK,)),
        DomainService("stop", "Stop.", features=(LawnMowerFeature.STOP,)),
    ),
)
