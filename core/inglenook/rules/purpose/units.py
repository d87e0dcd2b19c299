"""Units of measurement: the same amount in another unit."""

from collections.abc import Mapping
from typing import Final

Scale = Mapping[str | None, tuple[float, float]]
"""The units of one kind of amount: factor and offset that lead from each to the base unit."""

_LITRES_PER_MOL: Final = 24.0545  # of a gas at 20 °C and 1013 hPa
_MICRO_SIGNS: Final = str.maketrans("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")


def convert(number: float, unit: str | None, to_unit: str | None, scale: Scale) -> float | None:
    """Return ``number`` in ``to_unit``; None when one of the units is not on the scale."""
    if unit == to_unit:
        return number
    here, there = scale.get(_plain(unit)), scale.get(_plain(to_unit))
    if here is None or there is None:
        return None
    return (number * here[0] + here[1] - there[1]) / there[0]


def _plain(unit: str | None) -> str | None:
    """Return the unit with one of the two signs for micro that look the same."""
    return None if unit is None else unit.translate(_MICRO_SIGNS)


def _gas(grams_per_mol: float) -> Scale:
    """Return the scale of a gas: its mass or its share of the air; base μg/m³."""
    ppb = grams_per_mol / _LITRES_PER_MOL
    return {**MASS_PER_VOLUME, "ppb": (ppb, 0.0), "ppm": (ppb * 1000, 0.0)}


TEMPERATURE: Final[Scale] = {"°C": (1.0, 0.0), "°F": (5 / 9, -160 / 9), "K": (1.0, -273.15)}
POWER: Final[Scale] = {
    "mW": (0.001, 0.0),
    "W": (1.0, 0.0),
    "kW": (1e3, 0.0),
    "MW": (1e6, 0.0),
    "GW": (1e9, 0.0),
    "TW": (1e12, 0.0),
    "BTU/h": (0.29307107, 0.0),
}
MASS_PER_VOLUME: Final[Scale] = {"μg/m³": (1.0, 0.0), "mg/m³": (1e3, 0.0), "g/m³": (1e6, 0.0)}
SHARE: Final[Scale] = {"ppb": (1.0, 0.0), "ppm": (1e3, 0.0)}
CARBON_MONOXIDE: Final = _gas(28.01)
NITROGEN_MONOXIDE: Final = _gas(30.006)
NITROGEN_DIOXIDE: Final = _gas(46.0055)
SULPHUR_DIOXIDE: Final = _gas(64.066)
OZONE: Final = _gas(47.998)
RADIATION: Final[Scale] = {"Bq/m³": (1.0, 0.0), "pCi/L": (37.0, 0.0)}
