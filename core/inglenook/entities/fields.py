"""Fields that many services share: numbers in a range, words of a list, text, yes or no, durations."""

from typing import Any

import voluptuous as vol

from inglenook.config.values import between, boolean, float_, integer, one_of, positive_duration, string
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


def _number(low: float, high: float, unit: str) -> dict[str, Any]:
    selector: dict[str, Any] = {"min": low, "max": high}
    if unit:
        selector["unit_of_measurement"] = unit
    return {"number": selector}
