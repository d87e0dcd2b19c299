"""Functions that read states: ``states``, ``is_state``, ``expand`` and the like."""

from collections.abc import Iterable
from typing import Any, Final

from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State
from inglenook.templates.library import Library
from inglenook.templates.view import AllStates, TemplateState, View

_NO_VALUE: Final = frozenset({STATE_UNKNOWN, STATE_UNAVAILABLE})


def offer(library: Library, view: View) -> None:
    """Offer the functions of this module."""
    known = States(view)
    states = AllStates(view)
    reading = {
        "states": states,
        "state_attr": known.state_attr,
        "state_translated": states,  # there are no translations here
        "state_attr_translated": known.state_attr,
        "entity_name": known.entity_name,
        "expand": lambda *what: expand(view, what),
    }
    asking = {
        "is_state": known.is_state,
        "is_state_attr": known.is_state_attr,
        "is_hidden_entity": known.is_hidden_entity,
    }
    library.offer_all(reading, "gf", "home")
    library.offer_all(asking, "gt", "home")
    library.offer("has_value", known.has_value, "gft", "home")


class States:
    """Questions about one entity."""

    def __init__(self, view: View) -> None:
        self._view = view

    def state_attr(self, entity_id: str, name: str) -> Any:
        """Return an attribute; none if it, or the entity, is not there."""
        state = self._view.state(entity_id)
        return None if state is None else state.attributes.get(name)

    def is_state(self, entity_id: str, wanted: Any) -> bool:
        """Whether the entity is there and its state is ``wanted``, or in it if that is a list."""
        state = self._view.state(entity_id)
        return state is not None and (state.state == wanted or (isinstance(wanted, list) and state.state in wanted))

    def is_state_attr(self, entity_id: str, name: str, wanted: Any) -> bool:
        """Whether the entity has an attribute, and it is ``wanted``; one that is not there is not none, either."""
        state = self._view.state(entity_id)
        return state is not None and name in state.attributes and bool(state.attributes[name] == wanted)

    def has_value(self, entity_id: str) -> bool:
        """Whether the entity is there, and neither unknown nor unavailable."""
        state = self._view.state(entity_id)
        return state is not None and state.state not in _NO_VALUE

    def is_hidden_entity(self, entity_id: str) -> bool:
        """Whether a person or integration has hidden the entity."""
        entry = self._view.home.registry.entities.get(entity_id)
        return entry is not None and entry.hidden_by is not None

    def entity_name(self, entity_id: str, fallback: bool = False) -> str | None:
        """Return the name the registry has; with ``fallback`` else the one that its state shows."""
        entry = self._view.home.registry.entities.get(entity_id)
        name = (entry.name or entry.original_name) if entry else None
        if name is None and fallback:
            state = self._view.state(entity_id)
            return state.name if state else None
        return name


def expand(view: View, what: Iterable[Any]) -> list[TemplateState]:
    """Return the states of entities, groups and zones, members instead of the group, each once.

    ``what`` holds ids, states, and lists of them; the last is looked at first, as the original does.
    """
    found: dict[str, TemplateState] = {}
    waiting = list(what)
    seen: set[str] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            state = view.state(item)
        elif isinstance(item, TemplateState | State):
            state = view.state(item.entity_id)
        elif isinstance(item, Iterable):
            waiting.extend(item)
            continue
        else:
            continue
        if state is None or state.entity_id in seen:
            continue
        seen.add(state.entity_id)
        members = _members(view, state)
        if members is None:
            found[state.entity_id] = TemplateState(state, view)
        else:
            waiting.extend(members)
    return list(found.values())


def _members(view: View, state: State) -> Iterable[Any] | None:
    """Return the members of a group or zone; None for any other entity."""
    if state.domain == "zone":
        return tuple(state.attributes.get("persons") or ())
    entry = view.home.registry.entities.get(state.entity_id)
    if state.domain == "group" or (entry is not None and entry.platform == "group"):
        return tuple(state.attributes.get("entity_id") or ())
    return None
