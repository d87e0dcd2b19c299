"""Groups in targets: a group stands for its members."""

from collections.abc import Iterable, Iterator

from inglenook.states import StateMachine


def expand_groups(states: StateMachine, entity_ids: Iterable[str]) -> tuple[str, ...]:
    """Return ``entity_ids`` with each ``group.…`` replaced by its members, groups among them too; each id once."""
    return tuple(dict.fromkeys(_members(states, entity_ids, set())))


def _members(states: StateMachine, entity_ids: Iterable[str], seen: set[str]) -> Iterator[str]:
    for entity_id in entity_ids:
        if not entity_id.startswith("group."):
            yield entity_id
        elif entity_id not in seen:
            seen.add(entity_id)
            state = states.get(entity_id)
            yield from _members(states, state.attributes.get("entity_id", ()) if state else (), seen)
