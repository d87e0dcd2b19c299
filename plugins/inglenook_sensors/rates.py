"""What goes between a number and its rate: prefixes, units of time, and the settings that name them."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.values import one_of

PREFIXES: Final[Mapping[str | None, float]] = {
    None: 1.0, "n": 1e-9, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
}  # fmt: skip
TIMES_S: Final[Mapping[str, float]] = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}

KEYS: Final[dict[Any, Any]] = {
    vol.Optional("unit_prefix", default=None): one_of(*PREFIXES),
    vol.Optional("unit_time", default="h"): one_of(*TIMES_S),
}


def rate_unit(source: str, prefix: str | None, time: str) -> str:
    """Return the unit of a change in a time: ``W`` → ``kW/h``."""
    return f"{prefix or ''}{source}/{time}"


def sum_unit(source: str, prefix: str | None, time: str) -> str:
    """Return the unit of a sum over time: ``W`` → ``kWh``, and ``m³/h`` → ``m³``."""
    per_time = f"/{time}"
    total = source.removesuffix(per_time) if source.endswith(per_time) else source + time
    return f"{prefix or ''}{total}"
