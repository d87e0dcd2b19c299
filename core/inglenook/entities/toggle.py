"""Toggling: whatever is on goes off, and the other way round."""

from collections.abc import Mapping
from typing import Any

from inglenook.entities.domain import Prepared
from inglenook.entity import Entity


def is_on(entity: Entity) -> bool:
    """True when the entity's state is ``on``, as plugin entities (True) and device entities (text) say it."""
    return entity.state is True or entity.state == "on"


def toggled(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    """Turn off what is on and on what is not."""
    return ("turn_off", {}) if is_on(entity) else ("turn_on", data)
