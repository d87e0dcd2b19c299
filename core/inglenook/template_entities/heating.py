"""Entities that keep a temperature: its limits, and the unit in which their templates and actions count."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from inglenook.config.values import float_, one_of, positive_float
from inglenook.rules.purpose.units import TEMPERATURE, convert
from inglenook.template_entities.fields import Convert, FieldEntity

HEATING_KEYS: Final[Mapping[Any, Any]] = {
    "min_temp": float_,
    "max_temp": float_,
    "target_temperature_step": positive_float,
    "temperature_unit": one_of(*TEMPERATURE),
}
SPELLED: Final = {"min_temperature": "min_temp", "max_temperature": "max_temp"}

_SET: Final = ("temperature", "target_temp_low", "target_temp_high")


class HeatingEntity(FieldEntity):
    """A template entity with temperatures. What it shows is in the home's unit.

    Attributes:
        TEMPERATURES: the keys of templates that give temperatures.
        LIMITS_C: the least and the most that it can be set to, unless it says, in °C.
    """

    TEMPERATURES: ClassVar[frozenset[str]] = frozenset()
    LIMITS_C: ClassVar[tuple[float, float]] = (7.0, 35.0)

    min_temp: float
    max_temp: float
    target_temp_step: float | None

    def describe(self) -> None:
        """Say the limits, too."""
        names = zip(("min_temp", "max_temp"), self.LIMITS_C, strict=True)
        low, high = (
            self._here(self.config[name], self._own_unit) if name in self.config else self._here(default, "°C")
            for name, default in names
        )
        self.min_temp, self.max_temp = low, high
        self.target_temp_step = self.config.get("target_temperature_step")
        super().describe()

    def value_of(self, key: str, convert: Convert, result: Any) -> Any:
        """Return temperatures in the home's unit, all else as it is."""
        value = super().value_of(key, convert, result)
        return value if value is None or key not in self.TEMPERATURES else self._here(value, self._own_unit)

    def in_own_unit(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a call sets, its temperatures in the entity's own unit."""
        return {
            name: _converted(value, self._home_unit, self._own_unit) if name in _SET else value
            for name, value in wanted.items()
        }

    @property
    def _home_unit(self) -> str:
        return "°C" if self.workshop.home.settings.unit_system == "metric" else "°F"

    @property
    def _own_unit(self) -> str:
        unit: str = self.config.get("temperature_unit", self._home_unit)
        return unit

    def _here(self, value: float, unit: str) -> float:
        return _converted(value, unit, self._home_unit)


def _converted(value: float, unit: str, to_unit: str) -> float:
    """Return a temperature in another unit, to a tenth; in the same one as it is."""
    found = convert(value, unit, to_unit, TEMPERATURE)
    return value if unit == to_unit or found is None else round(found, 1)
