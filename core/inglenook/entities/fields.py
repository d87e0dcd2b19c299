"""Fields that many services share: numbers in a range, words of a list, text, yes or no, durations."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from inglenook.config.values import (
    between,
    boolean,
    ensure_list,
    entity_domain,
    entity_ids,
    float_,
    integer,
    one_of,
    positive_duration,
    shown,
    string,
)
from inglenook.entities.domain import Field, Validator


def whole(name: str, low: int, high: int, description: str, *, unit: str = "", **options: Any) -> Field:
    """Return a field of a whole number from ``low`` to ``high``; a fraction is cut off."""
    return Field(name, between(integer, low, high), _number(low, high, unit), description, **options)


def real(name: str, low: float, high: float, description: str, *, unit: str = "", **options: Any) -> Field:
    """Return a field of a number from ``low`` to ``high``."""
    return Field(name, between(float_, low, high), _number(low, high, unit), description, **options)


def clamped(
    name: str, number: Validator, low: float, high: float, description: str, *, unit: str = "", **options: Any
) -> Field:
    """Return a field of what ``number`` accepts; what is outside ``low`` to ``high`` becomes the nearer of the two."""

    def validate(value: Any) -> Any:
        return max(low, min(high, number(value)))

    return Field(name, validate, _number(low, high, unit), description, **options)


def word(name: str, description: str, **options: Any) -> Field:
    """Return a field of any text."""
    return Field(name, string, {"text": {}}, description, **options)


def words(name: str, description: str, **options: Any) -> Field:
    """Return a field of texts: one or a list."""
    return Field(name, _texts, {"text": {"multiple": True}}, description, **options)


def mapping(name: str, description: str, **options: Any) -> Field:
    """Return a field of a mapping of whatever keys."""
    return Field(name, _mapping, {"object": {}}, description, **options)


def entity_of(name: str, domain: str, description: str, **options: Any) -> Field:
    """Return a field of entity ids of ``domain``: one or a list."""
    return Field(name, _ids_of(domain), {"entity": {"domain": domain}}, description, **options)


def choice(name: str, choices: tuple[str, ...], description: str, **options: Any) -> Field:
    """Return a field of one of ``choices``."""
    return Field(name, one_of(*choices), {"select": {"options": list(choices)}}, description, **options)


def flag(name: str, description: str, **options: Any) -> Field:
    """Return a field of yes or no."""
    return Field(name, boolean, {"boolean": {}}, description, **options)


def seconds(name: str, description: str, **options: Any) -> Field:
    """Return a field of a duration, as a number of seconds in whatever form it was given."""
    return Field(name, positive_duration, {"duration": {}}, description, **options)


def numbers(*parts: Validator) -> Validator:
    """Return a validator of exactly as many numbers as there are ``parts``, as a tuple."""
    exact = vol.ExactSequence(parts)

    def validate(value: Any) -> tuple[Any, ...]:
        items = list(value) if isinstance(value, list | tuple) else value
        try:
            return tuple(exact(items))
        except vol.Invalid:
            raise vol.Invalid(f"expected {len(parts)} numbers in their ranges, got {value!r}") from None

    return validate


def _texts(value: Any) -> list[str]:
    return [string(one) for one in ensure_list(value)]


def _mapping(value: Any) -> Mapping[Any, Any]:
    if isinstance(value, Mapping):
        return value
    raise vol.Invalid(f"expected a mapping, got {shown(value)}")


def _ids_of(domain: str) -> Validator:
    of_domain = entity_domain(domain)

    def validate(value: Any) -> list[str]:
        return [of_domain(one) for one in entity_ids(value)]

    return validate


def _number(low: float, high: float, unit: str) -> dict[str, Any]:
    selector: dict[str, Any] = {"min": low, "max": high}
    if unit:
        selector["unit_of_measurement"] = unit
    return {"number": selector}
