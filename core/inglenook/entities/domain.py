"""Domains: what a kind of entity can be asked to do, as one table each.

A domain is data: its services, the fields of each with their validators, the features an entity needs for it, and how
a call is turned into what the entity is told. Everything that runs a call is in ``delivery``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import error_text, near_miss
from inglenook.entity import Entity
from inglenook.errors import InvalidServiceData
from inglenook.model import Target
from inglenook.services import SupportsResponse, split_target

Validator = Callable[[Any], Any]
Prepared = tuple[str, Mapping[str, Any]] | None
Prepare = Callable[[Entity, Mapping[str, Any]], Prepared]

EXCLUDE: Final = "exclude"  # a block of target keys in a call's data: what it reaches is left out


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a service's data.

    Attributes:
        name: its key.
        validate: returns the value in its final form (numbers given as text become numbers) or raises ``vol.Invalid``.
        selector: how a client lets a person choose it, as ``{"number": {"min": 0, "max": 100}}``.
        description: one sentence for people, with the unit.
        required: whether a call without it is refused.
        default: what a call without it gets; ``vol.UNDEFINED`` for nothing.
        group: of the fields of one group a call may have only one.
    """

    name: str
    validate: Validator
    selector: Mapping[str, Any]
    description: str
    required: bool = False
    default: Any = vol.UNDEFINED
    group: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what clients show."""
        return {"description": self.description, "required": self.required, "selector": dict(self.selector)}

    def _marker(self) -> vol.Marker:
        if self.required:
            return vol.Required(self.name)
        if self.group:
            return vol.Exclusive(self.name, self.group, f"give only one of the {self.group} fields")
        return vol.Optional(self.name, default=self.default)


@dataclass(frozen=True, slots=True)
class DomainService:
    """One service of a domain.

    Attributes:
        name: without the domain.
        description: one sentence for people.
        fields: its data, the target aside.
        features: sets of feature bits; the entity must have every bit of at least one set. An entity that declares no
            feature at all is asked and answers for itself.
        check: validates the fields together, after each by itself; may return other data.
        prepare: turns a call's data into what ``entity.perform`` gets: the service and its data, or None when there is
            nothing to do. May raise :class:`ServiceValidationError`. None: both as they came.
        is_stamped: the entity's state becomes the moment of the call.
        supports_response: as in :meth:`Services.register`.
    """

    name: str
    description: str
    fields: tuple[Field, ...] = ()
    features: tuple[int, ...] = ()
    check: Validator | None = None
    prepare: Prepare | None = None
    is_stamped: bool = False
    supports_response: SupportsResponse = "none"

    def schema(self) -> Validator:
        """Return what validates a call's data: unknown keys are refused, ``metadata`` is dropped."""
        keys: dict[vol.Marker, Any] = {field._marker(): field.validate for field in self.fields}  # noqa: SLF001
        keys[vol.Optional(EXCLUDE)] = _target
        keys[vol.Remove("metadata")] = object
        names = [field.name for field in self.fields]
        schema = vol.Schema(vol.All(keys, self.check) if self.check else keys)

        def validate(data: Any) -> Any:
            try:
                return schema(data)
            except vol.Invalid as error:
                raise _in_our_words(error, names) from None

        return validate

    def fields_as_dict(self) -> dict[str, Any]:
        """Return the fields as clients show them, by name."""
        return {field.name: field.as_dict() for field in self.fields}


@dataclass(frozen=True, slots=True)
class Domain:
    """A kind of entity: its ``name``, the class that authors subclass, and its services."""

    name: str
    entity: type[Entity]
    services: tuple[DomainService, ...] = ()


def known(entity: Entity, key: str) -> Any:
    """Return what ``entity`` says of ``key``, among what is fixed or else among its attributes; None if nothing."""
    value = entity.capabilities.get(key)
    return entity.attributes.get(key) if value is None else value


def _in_our_words(error: vol.Invalid, names: list[str]) -> vol.Invalid:
    """Return the first error alone, with its path; a key that is none of ``names`` gets a suggestion."""
    first = error.errors[0] if isinstance(error, vol.MultipleInvalid) else error
    text = error_text(first)
    return vol.Invalid(text + near_miss(first.path[-1], names) if text == "unknown key" else text, first.path)


def _target(value: Any) -> Target:
    if not isinstance(value, Mapping):
        raise vol.Invalid(f"expected a mapping of target keys, got {value!r}")
    try:
        target, rest = split_target(value)
    except InvalidServiceData as error:
        raise vol.Invalid(str(error)) from error
    if rest:
        raise vol.Invalid(f"expected target keys like entity_id, got {', '.join(map(str, rest))}")
    return target
