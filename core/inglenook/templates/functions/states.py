"""Functions that read states: ``states``, ``is_state``, ``expand`` and the like."""

from collections.abc import Iterable
from typing import Any, Final

from inglenook.errors import TemplateError
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State
from inglenook.templates.library import Library
from inglenook.templates.view import AllStates, TemplateState, View

_NO_VALUE: Final = frozenset({STATE_UNKNOWN, STATE_UNAVAILABLE})


def offer(library: Library, view: View) -> None:
    """Offer the functions of this module."""

    def state_attr(entity_id: str, name: str) -> Any:
        state = view.state(entity_id)
        return None if state is None else state.attributes.get(name)

    def is_state(entity_id: str, wanted: Any) -> bool:
        state = view.state(entity_id)
        return state is not None and (state.state == wanted or (isinstance(wanted, list) and state.state in wanted))

    def is_state_attr(entity_id: str, name: str, wanted: Any) -> bool:
        return bool(state_attr(entity_id, name) == wanted)

    def has_value(entity_id: str) -> bool:
        state = view.state(entity_id)
        return state is not None and state.state not in _NO_VALUE

    def is_hidden_entity(entity_id: str) -> bool:
        entry = view.home.registry.entities.get(entity_id)
        return entry is not None and entry.hidden_by is not None

    def entity_name(entity_id: str, fallback: Any = False) -> str | None:
        entry = view.home.registry.entities.get(entity_id)
        name = (entry.name or entry.original_name) if entry else None
        if name is None and fallback:
            state = view.state(entity_id)
            return state.name if state else None
        return name

    states = AllStates(view)
    library.offer("states", states, "gf", "home")
    library.offer("state_attr", state_attr, "gf", "home")
    library.offer("is_state", is_state, "gt", "home")
    library.offer("is_state_attr", is_state_attr, "gt", "home")
    library.offer("has_value", has_value, "gft", "home")
    library.offer("state_translated", states, "gf", "home")
    library.offer("state_attr_translated", state_attr, "gf", "home")
    library.offer("is_hidden_entity", is_hidden_entity, "gt", "home")
    library.offer("entity_name", entity_name, "gf", "home")
    library.offer("expand", lambda *what: expand(view, what), "gf", "home")


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


def named_states(view: View, what: Iterable[Any]) -> list[TemplateState]:
    """Return what :func:`expand` does.

    Raises:
        TemplateError: nothing was named.
    """
    found = expand(view, what)
    if not found:
        raise TemplateError("expected the id of an entity that exists, or states")
    return found


def _members(view: View, state: State) -> Iterable[Any] | None:
    """Return the members of a group or zone; None for any other entity."""
    if state.domain == "zone":
        return tuple(state.attributes.get("persons") or ())
    entry = view.home.registry.entities.get(state.entity_id)
    if state.domain == "group" or (entry is not None and entry.platform == "group"):
        return tuple(state.attributes.get("entity_id") or ())
    return None
