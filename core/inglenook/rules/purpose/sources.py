"""Sources: which entities a purpose-specific kind looks at, and what it reads from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State

UNKNOWN_STATES: Final = frozenset({STATE_UNKNOWN, STATE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Source:
    """Entities of one domain.

    Attributes:
        device_class: only those of this class; None: all.
        feature: only those whose ``supported_features`` have this bit; 0: all.
        attribute: what is read; None: the state.
        otherwise: what a state stands for when the attribute is missing.
        unit: the attribute that names the unit of what is read; empty: the home's unit of temperature.
    """

    device_class: str | None = None
    feature: int = 0
    attribute: str | None = None
    otherwise: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "unit_of_measurement"

    def has(self, state: State) -> bool:
        """True when the entity with this state belongs to the source; its domain is right already."""
        attributes = state.attributes
        return (self.device_class is None or attributes.get("device_class") == self.device_class) and (
            not self.feature or bool((attributes.get("supported_features") or 0) & self.feature)
        )

    def read(self, state: State) -> Any:
        """Return the value."""
        if self.attribute is None:
            return state.state
        value = state.attributes.get(self.attribute)
        return self.otherwise.get(state.state) if value is None else value


Sources = Mapping[str, Source]
"""Sources by domain."""


def has(sources: Sources, state: State) -> bool:
    """True when the entity with this state belongs to one of the sources."""
    source = sources.get(state.domain)
    return source is not None and source.has(state)


def read(sources: Sources, state: State) -> Any:
    """Return the value of a state that belongs to one of the sources."""
    return sources[state.domain].read(state)


def is_known(state: State) -> bool:
    """True unless the entity is unknown or unavailable."""
    return state.state not in UNKNOWN_STATES
