"""The kinds of amounts that clients show in a unit of their choice, and the units of each."""

from collections.abc import Mapping
from typing import Final

from inglenook.rules.purpose.units import POWER, TEMPERATURE, Scale, convert


def _scale(units: Mapping[str | None, float]) -> Scale:
    return {unit: (factor, 0.0) for unit, factor in units.items()}


_HOUR: Final = 3600.0

QUANTITIES: Final[Mapping[str, Scale]] = {
    "apparent_power": _scale({"mVA": 1e-3, "VA": 1, "kVA": 1e3}),
    "area": _scale({
        "mm²": 1e-6, "cm²": 1e-4, "m²": 1, "km²": 1e6, "in²": 0.00064516, "ft²": 0.09290304, "yd²": 0.83612736,
        "mi²": 2589988.110336, "ac": 4046.8564224, "ha": 1e4,
    }),
    "conductivity": _scale({"S/cm": 1, "mS/cm": 1e-3, "μS/cm": 1e-6}),
    "data_rate": _scale({
        "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "B/s": 8, "kB/s": 8e3, "MB/s": 8e6, "GB/s": 8e9,
        "KiB/s": 8 * 2**10, "MiB/s": 8 * 2**20, "GiB/s": 8 * 2**30,
    }),
    "distance": _scale({
        "mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3, "in": 0.0254, "ft": 0.3048, "yd": 0.9144, "mi": 1609.344,
        "nmi": 1852,
    }),
    "duration": _scale({"μs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": _HOUR, "d": 86_400, "w": 604_800}),
    "electric_current": _scale({"mA": 1e-3, "A": 1}),
    "electric_potential": _scale({"μV": 1e-6, "mV": 1e-3, "V": 1, "kV": 1e3, "MV": 1e6}),
    "energy": _scale({
        "J": 1, "kJ": 1e3, "MJ": 1e6, "GJ": 1e9, "mWh": 3.6, "Wh": _HOUR, "kWh": 3.6e6, "MWh": 3.6e9, "GWh": 3.6e12,
        "TWh": 3.6e15, "cal": 4.184, "kcal": 4184, "Mcal": 4.184e6, "Gcal": 4.184e9,
    }),
    "information": _scale({
        "bit": 1, "kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9, "B": 8, "kB": 8e3, "MB": 8e6, "GB": 8e9, "TB": 8e12,
        "PB": 8e15, "KiB": 8 * 2**10, "MiB": 8 * 2**20, "GiB": 8 * 2**30, "TiB": 8 * 2**40, "PiB": 8 * 2**50,
    }),
    "mass": _scale({
        "μg": 1e-6, "mg": 1e-3, "g": 1, "kg": 1e3, "oz": 28.349523125, "lb": 453.59237, "st": 6350.29318,
    }),
    "power": POWER,
    "pressure": _scale({
        "mPa": 1e-3, "Pa": 1, "hPa": 100, "kPa": 1e3, "mbar": 100, "cbar": 1e3, "bar": 1e5, "mmHg": 133.322387415,
        "inHg": 3386.388640341, "inH₂O": 249.08891, "psi": 6894.757293168,
    }),
    "reactive_energy": _scale({"varh": 1, "kvarh": 1e3}),
    "reactive_power": _scale({"mvar": 1e-3, "var": 1, "kvar": 1e3}),
    "speed": _scale({
        "mm/s": 1e-3, "m/min": 1 / 60, "m/s": 1, "km/h": 1 / 3.6, "mm/h": 1e-3 / _HOUR, "mm/d": 1e-3 / 86_400,
        "in/s": 0.0254, "in/h": 0.0254 / _HOUR, "in/d": 0.0254 / 86_400, "ft/s": 0.3048, "mph": 0.44704,
        "kn": 1852 / _HOUR,
    }),
    "temperature": TEMPERATURE,
    "unitless": _scale({None: 1, "%": 0.01, "ppm": 1e-6, "ppb": 1e-9}),
    "volume": _scale({
        "mL": 1e-3, "L": 1, "m³": 1e3, "ft³": 28.316846592, "CCF": 2831.6846592, "MCF": 28316.846592,
        "fl. oz.": 0.0295735295625, "gal": 3.785411784,
    }),
    "volume_flow_rate": _scale({
        "mL/s": 1e-3, "L/s": 1, "L/min": 1 / 60, "L/h": 1 / _HOUR, "m³/s": 1e3, "m³/min": 1e3 / 60, "m³/h": 1e3 / _HOUR,
        "ft³/min": 28.316846592 / 60, "gal/min": 3.785411784 / 60, "gal/h": 3.785411784 / _HOUR,
        "gal/d": 3.785411784 / 86_400,
    }),
}  # fmt: skip
"""By the name that clients know: the units and how each leads to the base unit."""

_CLASS_OF: Final = {unit: name for name, scale in QUANTITIES.items() for unit in scale}


def unit_class_of(unit: str | None) -> str | None:
    """Return the kind of amount that ``unit`` measures, None for one of which nothing is known."""
    return _CLASS_OF.get(unit) if unit is None else _CLASS_OF.get(unit.replace("\N{MICRO SIGN}", "μ"))


def converted(number: float, unit: str | None, to_unit: str | None) -> float | None:
    """Return ``number`` in ``to_unit``; None when the two do not measure the same."""
    name = unit_class_of(unit)
    return convert(number, unit, to_unit, QUANTITIES[name] if name is not None else {})
