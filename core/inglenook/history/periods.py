"""What of an entity's past states is worth showing."""

from collections.abc import Iterable, Iterator
from typing import Final

from inglenook.model import State

# Where attributes tell as much as the state does.
SIGNIFICANT_DOMAINS: Final = frozenset({"climate", "device_tracker", "humidifier", "thermostat", "water_heater"})
NEED_ATTRIBUTES: Final = frozenset({"climate", "humidifier", "input_datetime", "thermostat", "water_heater"})


def significant(states: Iterable[State]) -> list[State]:
    """Return the states of one entity without those in which only an attribute changed, where these tell little."""
    return [
        state
        for index, state in enumerate(states)
        if index == 0 or state.changed_at == state.updated_at or state.domain in SIGNIFICANT_DOMAINS
    ]


def shortened(states: Iterable[State]) -> Iterator[tuple[State, bool]]:
    """Yield the states of one entity that differ from the one before, and whether each has to be shown whole."""
    last: str | None = None
    for state in states:
        is_whole = last is None or state.domain in NEED_ATTRIBUTES
        if is_whole or state.state != last:
            yield state, is_whole
        last = state.state
