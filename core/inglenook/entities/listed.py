"""Choices that an entity lists itself: its modes, options and presets."""

from collections.abc import Mapping
from typing import Any

from inglenook.entities.domain import Prepare, Prepared, known
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


def require_listed(entity: Entity, name: str, value: Any, list_name: str) -> None:
    """Refuse a ``value`` of field ``name`` that is not among what the entity lists as ``list_name``.

    An entity that lists nothing takes anything.

    Raises:
        ServiceValidationError: it is not in the list; names the list.
    """
    choices = known(entity, list_name)
    if choices and value not in choices:
        raise ServiceValidationError(f"{entity.entity_id}: {name} {value!r} is none of {', '.join(map(str, choices))}")


def listed(service: str, name: str, list_name: str) -> Prepare:
    """Return the preparation of ``service`` whose field ``name`` must be in the entity's ``list_name``."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        if name in data:
            require_listed(entity, name, data[name], list_name)
        return service, data

    return prepare
