"""Travel: what covers and valves have in common, for both move between open and closed."""

from collections.abc import Mapping
from typing import Any, Literal

from inglenook.entities.domain import Prepare, Prepared
from inglenook.entity import Entity

Travel = Literal["opening", "closing"]


def position_state(position: int | None, is_closed: bool | None, travel: Travel | None) -> str | None:
    """Return ``opening``, ``closing``, ``open``, ``closed``, or None when nothing tells."""
    if travel is not None:
        return travel
    if position is not None:
        is_closed = position == 0
    return None if is_closed is None else "closed" if is_closed else "open"


def toggle_of(open_: str, close: str, halt: str, *, stop: int) -> Prepare:
    """Return the preparation of a toggle: stop what moves if it can be stopped, open what is closed, else close.

    ``open_``, ``close`` and ``halt`` are the services, ``stop`` the feature of an entity that can be stopped.
    """

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        state = entity.state
        if state in {"opening", "closing"} and entity.supported_features & stop:
            return halt, {}
        return (open_ if state in {"closed", "closing"} else close), {}

    return prepare
