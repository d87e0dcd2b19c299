"""Limits that an entity sets itself: the least and the most it can be set to."""

from inglenook.entities.domain import known
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


def require_within(entity: Entity, name: str, value: float, limits: str) -> None:
    """Refuse a ``value`` of field ``name`` outside the entity's ``min_`` and ``max_`` of ``limits``.

    What the entity does not say is no limit.

    Raises:
        ServiceValidationError: it is outside; names both ends.
    """
    low, high = known(entity, f"min_{limits}"), known(entity, f"max_{limits}")
    if (low is not None and value < low) or (high is not None and value > high):
        raise ServiceValidationError(f"{entity.entity_id}: {name} {value:g} is outside {low} to {high}")
