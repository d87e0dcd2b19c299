"""Thresholds: a range that a number is compared with, in units, fixed or given by entities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, entity_id, float_, one_of, string
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules.purpose.sources import Sources
from inglenook.rules.purpose.units import Scale, convert
from inglenook.rules.shape import Shape, Shaped, at_least_one

IS: Final = ("above", "below", "between", "outside")
CHANGED: Final = ("any", *IS)
_BOUNDS: Final[Mapping[str, tuple[str, ...]]] = {
    "any": (),
    "above": ("value",),
    "below": ("value",),
    "between": ("value_min", "value_max"),
    "outside": ("value_min", "value_max"),
}

Bound = Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that entities show.

    Attributes:
        sources: where it is read.
        unit: of thresholds that name none; empty: the home's unit of temperature; None: any, nothing is compared.
        scale: the units that it may come in; None: ``unit`` alone.
        factor: from what an attribute holds to what thresholds are given in.
    """

    sources: Sources
    unit: str | None = None
    scale: Scale | None = None
    factor: float = 1.0

    def reader(self, home: Home) -> Callable[[State], float | None]:
        """Return what gives the number of a state in the quantity's unit, or None where there is none."""
        unit, scale, factor = self.unit_in(home), self.scale, self.factor
        sources, of_the_home = self.sources, temperature_unit(home)

        def number(state: State) -> float | None:
            source = sources[state.domain]
            value = _number(source.read(state))
            if value is None:
                return None
            if scale is not None:
                own = state.attributes.get(source.unit) if source.unit else of_the_home
                return convert(value, own, unit, scale)
            if source.attribute is None and unit is not None and state.attributes.get(source.unit) != unit:
                return None
            return value * factor

        return number

    def unit_in(self, home: Home) -> str | None:
        """Return the unit that numbers of this quantity are compared in."""
        return temperature_unit(home) if self.unit == "" else self.unit


def temperature_unit(home: Home) -> str:
    """Return the unit that temperatures without a unit of their own are in."""
    return "°C" if home.settings.unit_system == "metric" else "°F"


def shows(quantity: Quantity, number: Callable[[State], float | None]) -> Callable[[State], bool]:
    """Return whether an entity takes part in questions about several: one without the attribute at all does not."""
    return lambda state: quantity.sources[state.domain].attribute is None or number(state) is not None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The validator of ``threshold:``.

    Attributes:
        quantity: what is compared.
        shape: of a threshold.
    """

    quantity: Quantity
    shape: Shape

    def __call__(self, value: Any) -> Shaped:
        """Return the threshold in its final form."""
        return self.shape(value)

    @property
    def units(self) -> tuple[str, ...]:
        """Those that an entity that gives a bound may be in; none: any. The home's temperatures come in all."""
        if self.quantity.scale is not None:
            return tuple(unit for unit in self.quantity.scale if unit)
        return (self.quantity.unit,) if self.quantity.unit else ()


def threshold(quantity: Quantity, types: tuple[str, ...]) -> Threshold:
    """Return the validator of ``threshold:``."""
    bound: Mapping[Any, Validator] = {
        "number": float_,
        "entity": entity_id,
        "active_choice": one_of("number", "entity"),
    }
    if quantity.scale is not None:
        bound = {**bound, "unit_of_measurement": one_of(*quantity.scale)}
    else:
        bound = {**bound, "unit_of_measurement": string}
    value = Shape(bound, checks=[at_least_one("number", "entity")])
    keys: Mapping[Any, Validator] = {
        vol.Required("type"): one_of(*types),
        "value": value,
        "value_min": value,
        "value_max": value,
    }
    return Threshold(quantity, Shape(keys, checks=[_has_its_bounds]))


def _has_its_bounds(result: Shaped) -> None:
    for name in _BOUNDS[result["type"]]:
        if name not in result:
            raise vol.Invalid(f"a threshold of type {result['type']} needs {name}", [name])


def within(config: Mapping[str, Any], quantity: Quantity, home: Home) -> Callable[[float], bool]:
    """Return whether a number, in the quantity's unit, is in the range; false while an entity gives no bound."""
    kind = config["type"]
    if kind == "any":
        return lambda _: True
    bounds = [_bound(config[name], quantity, home) for name in _BOUNDS[kind]]
    if kind in ("above", "below"):
        (limit,) = bounds
        sign = 1.0 if kind == "above" else -1.0
        return lambda number: (at := limit()) is not None and number * sign > at * sign
    low, high = bounds
    is_between = kind == "between"

    def inside(number: float) -> bool:
        lower, upper = low(), high()
        if lower is None or upper is None:
            return False
        return (lower <= number <= upper) is is_between

    return inside


def _bound(config: Mapping[str, Any], quantity: Quantity, home: Home) -> Bound:
    unit = quantity.unit_in(home)
    if "number" in config and config.get("active_choice") != "entity":
        number = config["number"]
        if quantity.scale is not None:
            number = convert(number, config.get("unit_of_measurement", unit), unit, quantity.scale)
        return lambda: number
    return lambda: _of_entity(home.states.get(config["entity"]), quantity, unit)


def _of_entity(state: State | None, quantity: Quantity, unit: str | None) -> float | None:
    """Return the bound that an entity gives, in ``unit``; None when it gives none."""
    value = None if state is None else _number(state.state)
    if state is None or value is None:
        return None
    own = state.attributes.get("unit_of_measurement")
    if quantity.scale is not None:
        return convert(value, own, unit, quantity.scale)
    return value if unit is None or own == unit else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
