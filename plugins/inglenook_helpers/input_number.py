"""``input_number``: a number between two bounds, as from a slider."""

from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Field, InvalidServiceData
from inglenook.values import between, float_, icon, one_of, string
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import Config, named

SMALLEST_STEP: Final = 1e-9
SLIDER: Final = "slider"


class InputNumber(Declared):
    """A number; what it last was comes back if it still fits, unless the settings say how it begins."""

    domain = "input_number"
    DESCRIBED = ("initial", "min", "max", "step", "mode")

    initial: float | None
    min: float
    max: float
    step: float
    mode: str
    state: float

    def __init__(self, object_id: str, config: Config) -> None:
        self.state = config["initial"] if "initial" in config else config["min"]
        super().__init__(object_id, config)

    def configure(self, config: Config) -> None:
        """Take the settings; the number is moved to the nearer bound if it is outside of them now."""
        super().configure(config)
        self.initial = config.get("initial")
        self.min, self.max, self.step, self.mode = (config[key] for key in ("min", "max", "step", "mode"))
        self.unit_of_measurement = config.get("unit_of_measurement")
        self.device_class = config.get("device_class")
        self.state = self._within(self.state)

    def added(self) -> None:
        """Take up the last state."""
        if self.initial is None and self.last_state is not None:
            self.state = self._fitting(self.last_state.state)

    def set_value(self, value: float) -> None:
        """Be ``value``, which need be no multiple of the step.

        Raises:
            InvalidServiceData: it is out of bounds.
        """
        if not self.min <= value <= self.max:
            raise InvalidServiceData(f"{self.entity_id}: value {value:g} is outside {self.min:g} to {self.max:g}")
        self._become(value)

    def increment(self) -> None:
        """Rise by a step, up to the upper bound."""
        self._become(self._within(self.state + self.step))

    def decrement(self) -> None:
        """Sink by a step, down to the lower bound."""
        self._become(self._within(self.state - self.step))

    def _become(self, value: float) -> None:
        self.state = value
        self.write()

    def _within(self, value: float) -> float:
        return max(self.min, min(self.max, value))

    def _fitting(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            return self.min
        return value if self.min <= value <= self.max else self.min


def _bounded(config: Config) -> Config:
    low, high, initial = config["min"], config["max"], config.get("initial")
    if low >= high:
        raise vol.Invalid(f"expected max above min, got min {low:g} and max {high:g}")
    if initial is not None and not low <= initial <= high:
        raise vol.Invalid(f"expected {low:g} to {high:g}, got {initial:g}", ["initial"])
    return config


DOMAIN: Final = Domain(
    "input_number",
    InputNumber,
    (
        DomainService(
            "set_value",
            "Set the number.",
            (Field("value", float_, {"text": {}}, "The number, within the bounds.", required=True),),
        ),
        DomainService("increment", "Raise the number by its step."),
        DomainService("decrement", "Lower the number by its step."),
    ),
)


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Required("min"): float_,
    vol.Required("max"): float_,
    "initial": float_,
    vol.Optional("step", default=1.0): between(float_, SMALLEST_STEP),
    "icon": icon,
    "unit_of_measurement": string,
    "device_class": string,
    vol.Optional("mode", default=SLIDER): one_of(SLIDER, "box"),
}


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS, _bounded), InputNumber)
