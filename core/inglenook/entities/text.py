"""Texts that can be set."""

from collections.abc import Mapping
from typing import Any, Final

from inglenook.entities.domain import Domain, DomainService, Prepared, known
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entities.fields import word
from inglenook.entities.pattern import allows
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError
from inglenook.model import MAX_STATE_LENGTH


class Text(DomainEntity):
    """A text in ``state``, of ``min`` to ``max`` characters. An author writes ``set_value(value)``.

    Attributes:
        pattern: regular expression that the text has to match; None for any text.
        mode: ``text`` or ``password``.
    """

    domain = "text"
    DESCRIBED = ("min", "max", "pattern", "mode")

    min: int = 0
    max: int = MAX_STATE_LENGTH
    pattern: str | None = None
    mode: str = "text"


def _set_value(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    value: str = data["value"]
    low, high, pattern = known(entity, "min") or 0, known(entity, "max"), known(entity, "pattern")
    high = MAX_STATE_LENGTH if high is None else high
    if not low <= len(value) <= high:
        raise ServiceValidationError(
            f"{entity.entity_id}: a text of {len(value)} characters is not {low} to {high} long"
        )
    if pattern and not allows(str(pattern), value):
        raise ServiceValidationError(f"{entity.entity_id}: the text does not match the pattern {pattern!r}")
    return "set_value", data


TEXT: Final = Domain(
    "text",
    Text,
    (DomainService("set_value", "Set the text.", (word("value", "The text.", required=True),), prepare=_set_value),),
)
