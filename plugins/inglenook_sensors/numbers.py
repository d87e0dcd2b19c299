"""What a state says as a number, and what goes with it."""

import math
from typing import Any, Final

from inglenook import State

NOTHING: Final = frozenset({"unknown", "unavailable"})


def is_known(state: State | None) -> bool:
    """Return whether there is a state that says something."""
    return state is not None and state.state not in NOTHING


def number_of(state: State | None, attribute: str | None = None) -> float | None:
    """Return the number that the state is, or its attribute; None where that is no finite one."""
    if state is None:
        return None
    return as_number(state.attributes.get(attribute) if attribute else state.state)


def as_number(value: Any) -> float | None:
    """Return a finite number, or None."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def unit_of(state: State | None) -> str | None:
    """Return the unit of a state, or None."""
    return state.attributes.get("unit_of_measurement") if state is not None else None
