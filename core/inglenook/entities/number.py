"""Numbers that can be set: a volume, a limit, a delay in a device."""

from collections.abc import Mapping
from typing import Any, Final

from inglenook.config.values import float_
from inglenook.entities.domain import Domain, DomainService, Field, Prepared, known
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


class Number(DomainEntity):
    """A number in ``state``, from ``min`` to ``max`` by ``step``. An author writes ``set_value(value)``."""

    domain = "number"
    DESCRIBED = ("min", "max", "step", "mode")

    min: float = 0.0
    max: float = 100.0
    step: float = 1.0
    mode: str = "auto"


def _set_value(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    low, high = known(entity, "min"), known(entity, "max")
    low = 0.0 if low is None else low
    high = 100.0 if high is None else high
    if not low <= data["value"] <= high:
        raise ServiceValidationError(f"{entity.entity_id}: value {data['value']:g} is outside {low:g} to {high:g}")
    return "set_value", data


NUMBER: Final = Domain(
    "number",
    Number,
    (
        DomainService(
            "set_value",
            "Set the number.",
            (Field("value", float_, {"text": {}}, "The number, within the entity's own limits.", required=True),),
            prepare=_set_value,
        ),
    ),
)
