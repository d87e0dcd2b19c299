"""Template water heaters."""

from collections.abc import Awaitable, Mapping
from typing import Any, ClassVar, Final

from inglenook.config.values import boolean
from inglenook.entities import WaterHeater
from inglenook.entities import WaterHeaterFeature as Can
from inglenook.rules.shape import template
from inglenook.template_entities.fields import Field, choice, choices, flag, number
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.heating import HEATING_KEYS, SPELLED, HeatingEntity

_MODES: Final = ("off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance")


def _away(result: Any) -> str:
    return "on" if flag(result) else "off"


class TemplateWaterHeater(HeatingEntity, WaterHeater):
    """A boiler; what no template gives is what it was last told to be."""

    FIELDS: ClassVar[Mapping[str, Field]] = {
        "operation_list": Field("operation_list", choices(*_MODES)),
        "operation_mode": Field("operation_mode", choice(*_MODES)),
        "current_temperature": Field("current_temperature", number()),
        "target_temperature": Field("temperature", number()),
        "target_temperature_low": Field("target_temp_low", number()),
        "target_temperature_high": Field("target_temp_high", number()),
        "away_mode": Field("away_mode", _away),
    }
    TEMPLATES = tuple(FIELDS)
    STATE = "operation_mode"
    TEMPERATURES = frozenset({key for key in FIELDS if "temperature" in key})
    LIMITS_C = (43.3, 60.0)
    ACTIONS: ClassVar[Mapping[str, int]] = {
        "set_temperature": Can.TARGET_TEMPERATURE,
        "set_operation_mode": Can.OPERATION_MODE,
        "set_away_mode": Can.AWAY_MODE,
        "turn_on": Can.ON_OFF,
        "turn_off": Can.ON_OFF,
    }

    def turn_on(self) -> Awaitable[Any] | None:
        """Run the actions under ``turn_on``."""
        return self.act("turn_on")

    def turn_off(self) -> Awaitable[Any] | None:
        """Run the actions under ``turn_off``."""
        return self.act("turn_off", then=lambda: self.told("operation_mode", operation_mode="off"))

    def set_temperature(self, temperature: float, operation_mode: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``set_temperature`` with ``temperature`` and perhaps ``operation_mode``."""
        wanted = self.in_own_unit({"temperature": temperature})
        if operation_mode is not None:
            wanted["operation_mode"] = operation_mode
        return self.act("set_temperature", wanted, lambda: self._set(temperature, operation_mode))

    def set_operation_mode(self, operation_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_operation_mode`` with ``operation_mode``."""
        return self.act(
            "set_operation_mode",
            {"operation_mode": operation_mode},
            lambda: self.told("operation_mode", operation_mode=operation_mode),
        )

    def set_away_mode(self, away_mode: bool) -> Awaitable[Any] | None:
        """Run the actions under ``set_away_mode`` with ``away_mode``."""
        return self.act(
            "set_away_mode", {"away_mode": away_mode}, lambda: self.told("away_mode", away_mode=_away(away_mode))
        )

    def _set(self, temperature: float, operation_mode: str | None) -> None:
        self.told("target_temperature", temperature=temperature)
        if operation_mode is not None:
            self.told("operation_mode", operation_mode=operation_mode)


WATER_HEATER: Final = Platform(
    TemplateWaterHeater,
    {**dict.fromkeys(TemplateWaterHeater.FIELDS, template), **HEATING_KEYS, "optimistic": boolean},
    tuple(TemplateWaterHeater.ACTIONS),
    spelled=SPELLED,
)
