"""Humidifiers and dehumidifiers."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared
from inglenook.entities.domain_entity import ToggleEntity
from inglenook.entities.fields import whole, word
from inglenook.entities.limits import require_within
from inglenook.entities.listed import listed
from inglenook.entities.toggle import toggled
from inglenook.entity import Entity


class HumidifierFeature(IntFlag):
    """What a humidifier can do beside keeping a humidity."""

    MODES = 1


class Humidifier(ToggleEntity):
    """A humidifier. An author writes ``turn_on()``, ``turn_off()``, ``set_humidity(humidity)``, ``set_mode(mode)``.

    Attributes:
        humidity: what it shall keep, in %.
        current_humidity: what is measured, in %.
        action: what it does right now: ``humidifying``, ``drying``, ``idle`` or ``off``.
        mode: one of ``available_modes``.
    """

    domain = "humidifier"
    SHOWN = ("action", "current_humidity", "humidity", "mode")
    DESCRIBED = ("min_humidity", "max_humidity", "available_modes")
    FEATURES: ClassVar[Mapping[str, int]] = {"set_mode": HumidifierFeature.MODES}

    humidity: float | None = None
    current_humidity: float | None = None
    action: str | None = None
    mode: str | None = None
    min_humidity: float = 0
    max_humidity: float = 100
    available_modes: tuple[str, ...] | None = None


def _set_humidity(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    require_within(entity, "humidity", data["humidity"], "humidity")
    return "set_humidity", data


HUMIDIFIER: Final = Domain(
    "humidifier",
    Humidifier,
    (
        DomainService("turn_on", "Turn it on."),
        DomainService("turn_off", "Turn it off."),
        DomainService("toggle", "Turn it off if it is on, else on.", prepare=toggled),
        DomainService(
            "set_humidity",
            "Set the humidity to keep.",
            (whole("humidity", 0, 100, "Relative humidity.", unit="%", required=True),),
            prepare=_set_humidity,
        ),
        DomainService(
            "set_mode",
            "Choose a mode.",
            (word("mode", "One of the modes that the entity knows.", required=True),),
            features=(HumidifierFeature.MODES,),
            prepare=listed("set_mode", "mode", "available_modes"),
        ),
    ),
)
