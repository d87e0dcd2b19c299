"""The home as templates see it: states that cannot be changed, and a note of what was looked at."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from inglenook.errors import TemplateError
from inglenook.home import Home
from inglenook.model import STATE_UNKNOWN, State
from inglenook.states import is_entity_id
from inglenook.templates.footprint import ALL, Footprint

_DOMAIN: Final = re.compile(r"(?!.+__)(?!_)[\da-z_]+(?<!_)", re.ASCII)
_READABLE: Final = frozenset(
    {
        "state", "attributes", "entity_id", "domain", "object_id", "name", "context", "state_with_unit",
        "last_changed", "last_updated", "last_reported", "as_dict",
    }
)  # fmt: skip


class View:
    """What the functions of templates look at the home through.

    Attributes:
        home: the home.
        footprint: notes what is looked at; None while nobody asks.
    """

    __slots__ = ("_get", "footprint", "home")

    def __init__(self, home: Home) -> None:
        self.home = home
        self.footprint: Footprint | None = None
        self._get = home.states.get

    def state(self, entity_id: str) -> State | None:
        """Return the state of an entity, or None."""
        if self.footprint is not None:
            self.footprint.entities.add(entity_id.lower())
        return self._get(entity_id) or self._get(entity_id.lower())

    def now(self) -> datetime:
        """Return the moment, in the home's zone."""
        if self.footprint is not None:
            self.footprint.uses_time = True
        return self.home.clock.local()

    def all_of(self, domain: str) -> list[State]:
        """Return the states of a domain."""
        if self.footprint is not None:
            self.footprint.domains.add(domain)
        return self.home.states.domain(domain)

    def count_of(self, domain: str) -> int:
        """Return how many states a domain has; ``*`` counts all."""
        if self.footprint is not None:
            self.footprint.lifecycle_domains.add(domain)
        return len(self.home.states) if domain == ALL else len(self.home.states.domain(domain))

    def everything(self) -> Iterator[State]:
        """Return every state."""
        if self.footprint is not None:
            self.footprint.all_states = True
        return iter(self.home.states)

    def wrapped(self, states: Iterable[State]) -> Iterator["TemplateState"]:
        """Return states as templates see them."""
        return (TemplateState(state, self) for state in states)


class TemplateState:
    """A state, read-only, as ``states.light.hall`` gives it."""

    __slots__ = ("_state", "_view", "attributes", "entity_id", "state")

    def __init__(self, state: State, view: View) -> None:
        self._state = state
        self._view = view
        self.entity_id = state.entity_id
        self.state = state.state
        self.attributes = state.attributes

    @property
    def state_with_unit(self) -> str:
        """The state and its unit of measurement, if it has one."""
        return with_its_unit(self._state, shown_state(self._view.home, self._state))

    def __getattr__(self, name: str) -> Any:
        if name in _READABLE:
            return getattr(self._state, name)
        raise AttributeError(name)

    def __getitem__(self, name: str) -> Any:
        if name in _READABLE:
            return getattr(self, name)
        raise KeyError(name)

    def __eq__(self, other: object) -> bool:
        return self._state == (other._state if isinstance(other, TemplateState) else other)

    def __hash__(self) -> int:
        return hash(self.entity_id)

    def __repr__(self) -> str:
        state = self._state
        attributes = ", ".join(f"{key}={value}" for key, value in state.attributes.items())
        changed = state.last_changed.astimezone(self._view.home.clock.time_zone).isoformat()
        shown = f"{state.entity_id}={state.state}{'; ' if attributes else ''}{attributes} @ {changed}"
        return f"<template TemplateState(<state {shown}>)>"


class DomainStates:
    """The states of one domain, as ``states.light`` gives them."""

    __slots__ = ("_domain", "_view")

    def __init__(self, view: View, domain: str) -> None:
        self._view = view
        self._domain = domain

    def __getattr__(self, name: str) -> TemplateState | None:
        if str(name).startswith("_"):
            raise AttributeError(name)
        return valid_state(self._view, f"{self._domain}.{name}")

    __getitem__ = __getattr__

    def __iter__(self) -> Iterator[TemplateState]:
        return self._view.wrapped(self._view.all_of(self._domain))

    def __len__(self) -> int:
        return self._view.count_of(self._domain)

    def __repr__(self) -> str:
        return f"<template DomainStates('{self._domain}')>"


class AllStates:
    """``states``: called with an id it gives the state's text; it holds every domain and every state."""

    __slots__ = ("_view",)
    jinja_pass_arg = None  # what Jinja asks of everything it calls: no domains of these names
    unsafe_callable = False
    alters_data = False

    def __init__(self, view: View) -> None:
        self._view = view

    def __call__(self, entity_id: str, rounded: bool | None = None, with_unit: bool = False) -> str:
        """Return the state's text, ``unknown`` if there is none.

        Args:
            entity_id: whose state.
            rounded: a sensor's number with the digits that people chose to be shown; by default as ``with_unit``.
            with_unit: followed by the unit of measurement.
        """
        state = self._view.state(entity_id)
        if state is None:
            return STATE_UNKNOWN
        is_rounded = with_unit if rounded is None else rounded
        text = shown_state(self._view.home, state) if is_rounded else state.state
        return with_its_unit(state, text) if with_unit else text

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if "." in name:
            return valid_state(self._view, name)
        if not _DOMAIN.fullmatch(name):
            raise TemplateError(f"states.{name}: {name!r} is no domain (expected a-z, 0-9 and _)")
        return DomainStates(self._view, name)

    __getitem__ = __getattr__

    def __iter__(self) -> Iterator[TemplateState]:
        return self._view.wrapped(self._view.everything())

    def __len__(self) -> int:
        return self._view.count_of(ALL)

    def __repr__(self) -> str:
        return "<template AllStates>"


def shown_state(home: Home, state: State) -> str:
    """Return a state's text; a sensor's number rounded as the registry says that it is shown to people."""
    entry = home.registry.entities.get(state.entity_id) if state.domain == "sensor" else None
    options = entry.options.get("sensor") if entry is not None else None
    if not isinstance(options, dict):
        return state.state
    digits = options.get("display_precision", options.get("suggested_display_precision"))
    try:
        return state.state if digits is None else f"{float(state.state):z.{int(digits)}f}"
    except (ValueError, TypeError):
        return state.state


def with_its_unit(state: State, text: str) -> str:
    """Return the ``text`` of a state with its unit, also when it is unknown."""
    unit = state.attributes.get("unit_of_measurement")
    return f"{text} {unit}" if unit else text


def valid_state(view: View, entity_id: str) -> TemplateState | None:
    """Return the state of an entity as templates see it, or None.

    Raises:
        TemplateError: it is no entity id.
    """
    state = view.state(entity_id)
    if state is not None:
        return TemplateState(state, view)
    if not is_entity_id(entity_id):
        raise TemplateError(f"states: {entity_id!r} is no entity id (expected domain.object_id)")
    return None
