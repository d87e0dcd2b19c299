"""What a rendering has touched, so that its template is rendered again only when something of that changes."""

from dataclasses import dataclass, field
from typing import Any, Final

from inglenook.errors import TemplateError

ALL: Final = "*"


@dataclass(slots=True)
class Footprint:
    """What was read while a template rendered; entities that do not exist are noted too."""

    entities: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    lifecycle_domains: set[str] = field(default_factory=set)
    all_states: bool = False
    uses_time: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """A result and what it depends on.

    Attributes:
        result: the native result; None when there is an error.
        entities: ids whose state was read.
        domains: domains whose states were gone through: any change in them matters.
        lifecycle_domains: domains whose states were only counted: coming and going matters. ``*`` is every domain.
        all_states: every state was gone through.
        uses_time: it asked for the time, so that it may differ by the next minute.
        error: why there is no result.
    """

    result: Any
    entities: frozenset[str]
    domains: frozenset[str]
    lifecycle_domains: frozenset[str]
    all_states: bool
    uses_time: bool
    error: TemplateError | None = None


def tracked(result: Any, footprint: Footprint, error: TemplateError | None = None) -> Tracked:
    """Join a result with its footprint."""
    return Tracked(
        result,
        frozenset(footprint.entities),
        frozenset(footprint.domains),
        frozenset(footprint.lifecycle_domains),
        footprint.all_states,
        footprint.uses_time,
        error,
    )
