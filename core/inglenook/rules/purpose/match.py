"""Matches: when an entity is what a purpose-specific kind asks for, and when it has become it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from inglenook.model import State
from inglenook.rules.purpose.sources import is_known

Test = Callable[[State], bool]
Reader = Callable[[State], Any]


@dataclass(frozen=True, slots=True)
class Match:
    """What is asked of the states of one entity; both are known ones.

    Attributes:
        holds: the state is what is asked for.
        comes: going from the one to the other, of which the second holds, is a beginning.
        counts: the entity takes part when all or the first of several are asked for.
        states: the states that alone can hold; None when attributes decide.
    """

    holds: Test
    comes: Callable[[State, State], bool]
    counts: Test = is_known
    states: frozenset[str] | None = None


def becoming(read: Reader, values: Collection[Any], states: frozenset[str] | None = None) -> Match:
    """The value becomes one of ``values``, and was none of them."""
    return Match(
        lambda state: read(state) in values,
        lambda old, new: read(old) not in values,
        states=states,
    )


def moving(read: Reader, origins: Collection[Any], values: Collection[Any], states: frozenset[str] | None) -> Match:
    """The value becomes one of ``values``, and was one of ``origins``."""
    return Match(
        lambda state: read(state) in values,
        lambda old, new: read(old) in origins and read(old) != read(new),
        states=states,
    )


def changing() -> Match:
    """The state becomes any other known one."""
    return Match(is_known, lambda old, new: old.state != new.state)


def entering(holds: Test, counts: Test = is_known) -> Match:
    """A test comes to hold."""
    return Match(holds, lambda old, new: not holds(old), counts)


def reaching(holds: Test) -> Match:
    """The state changes to one for which a test holds, also from another such one."""
    return Match(holds, lambda old, new: old.state != new.state)


def number_changing(number: Callable[[State], float | None], is_within: Callable[[float], bool]) -> Match:
    """A number changes to one in the range."""
    return Match(in_range(number, is_within), lambda old, new: number(old) != number(new))


def in_range(number: Callable[[State], float | None], is_within: Callable[[float], bool]) -> Test:
    """Return whether a state's number is in the range; false where it has none."""
    return lambda state: (value := number(state)) is not None and is_within(value)
