"""Water heaters: boilers and tanks of hot water."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared, known
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import flag, real, word
from inglenook.entities.limits import require_within
from inglenook.entities.listed import require_listed
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


class WaterHeaterFeature(IntFlag):
    """What a water heater can do; bits as everywhere in the field."""

    TARGET_TEMPERATURE = 1
    OPERATION_MODE = 2
    AWAY_MODE = 4
    ON_OFF = 8


class WaterHeater(DomainEntity):
    """A water heater; its state is its mode. An author writes those of the services' methods that it can do.

    Attributes:
        operation_mode: ``off``, ``eco``, ``electric``, ``gas``, ``heat_pump``, ``high_demand`` or ``performance``, one
            of ``operation_list``.
        away_mode: ``on`` or ``off``.
    """

    domain = "water_heater"
    SHOWN = (
        "current_temperature", "temperature", "target_temp_high", "target_temp_low", "operation_mode", "away_mode",
    )  # fmt: skip
    DESCRIBED = ("min_temp", "max_temp", "target_temp_step", "operation_list")
    FEATURES: ClassVar[Mapping[str, int]] = {
        "set_temperature": WaterHeaterFeature.TARGET_TEMPERATURE,
        "set_operation_mode": WaterHeaterFeature.OPERATION_MODE,
        "set_away_mode": WaterHeaterFeature.AWAY_MODE,
        "turn_on": WaterHeaterFeature.ON_OFF,
    }

    current_temperature: float | None = None
    temperature: float | None = None
    target_temp_high: float | None = None
    target_temp_low: float | None = None
    operation_mode: str | None = None
    away_mode: str | None = None
    min_temp: float = 43.3
    max_temp: float = 60.0
    target_temp_step: float | None = None
    operation_list: tuple[str, ...] | None = None

    def shown_state(self) -> StateValue:
        """Return the mode."""
        return self.operation_mode


def _set_temperature(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    require_within(entity, "temperature", data["temperature"], "temp")
    return "set_temperature", data


def _set_operation_mode(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    if entity.supported_features and not known(entity, "operation_list"):
        raise ServiceValidationError(f"{entity.entity_id} lists no operation modes, so none can be set")
    require_listed(entity, "operation_mode", data["operation_mode"], "operation_list")
    return "set_operation_mode", data


WATER_HEATER: Final = Domain(
    "water_heater",
    WaterHeater,
    (
        DomainService("turn_on", "Turn it on.", features=(WaterHeaterFeature.ON_OFF,)),
        DomainService("turn_off", "Turn it off.", features=(WaterHeaterFeature.ON_OFF,)),
        DomainService(
            "set_away_mode",
            "Save while nobody is at home, or end that.",
            (flag("away_mode", "Whether nobody is at home.", required=True),),
            features=(WaterHeaterFeature.AWAY_MODE,),
        ),
        DomainService(
            "set_temperature",
            "Set the temperature to keep.",
            (
                real("temperature", 0, 250, "The temperature, in the home's unit.", required=True),
                word("operation_mode", "A mode to set as well."),
            ),
            features=(WaterHeaterFeature.TARGET_TEMPERATURE,),
            prepare=_set_temperature,
        ),
        DomainService(
            "set_operation_mode",
            "Choose how it heats.",
            (word("operation_mode", "One of the modes that the entity lists.", required=True),),
            features=(WaterHeaterFeature.OPERATION_MODE,),
            prepare=_set_operation_mode,
        ),
    ),
)
