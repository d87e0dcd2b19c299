"""Shapes: what the keys of a mapping must be, written like a voluptuous schema and checked ten times as fast.

A home of ten thousand rules is validated at every start, so this part of the schema is compiled to plain dictionaries.
A shape is a voluptuous validator like any other: it may stand inside a ``vol.Schema`` and hold one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import (
    Validator,
    boolean,
    is_template,
    near_miss,
    nearest,
    positive_duration,
    shown,
    string,
    text,
)

_NOTHING: Final[Mapping[str, str]] = {}

MAPPINGS: Final = (dict, Mapping)
"""For ``isinstance``: whether something is a mapping. Most are dicts, and only the others have to be asked long."""


class KeyFault(vol.Invalid):
    """What is wrong is a key, not its value; its place in the file is that of the key."""


class Shaped(dict[str, Any]):
    """A mapping that fits its shape: new spellings, values in their final form.

    Attributes:
        raw: the mapping as a person wrote it, which knows its place in the file.
        kind: of an action, the key that marks it; empty otherwise.
    """

    __slots__ = ("kind", "raw")

    def __init__(self, items: Mapping[str, Any], raw: Mapping[str, Any], kind: str = "") -> None:
        dict.__init__(self, items)  # which takes less than super()
        self.raw = raw
        self.kind = kind


Check = Callable[[Shaped], None]


class Shape:
    """A validator of mappings.

    Args:
        keys: ``vol.Required``, ``vol.Optional`` or a plain (optional) key to its validator; defaults are put in as
            they are.
        spelled: the older spelling of a key to the one in ``keys``; both at once are an error.
        checks: called with the result when every key is right; raise ``vol.Invalid`` for what spans keys.
        always: likewise, also when something is wrong, so that it is told at once; the result holds what is right.

    Attributes:
        is_free: an empty mapping fits, and stays empty.
    """

    __slots__ = ("_always", "_checks", "_defaults", "_required", "_spelled", "_validators", "is_free")

    def __init__(
        self,
        keys: Mapping[Any, Validator],
        *,
        spelled: Mapping[str, str] = _NOTHING,
        checks: Iterable[Check] = (),
        always: Iterable[Check] = (),
    ) -> None:
        self._validators = {str(key): validate for key, validate in keys.items()}
        self._required = tuple(str(key) for key in keys if isinstance(key, vol.Required))
        self._defaults = {
            str(key): key.default()
            for key in keys
            if isinstance(key, vol.Optional) and not isinstance(key.default, vol.Undefined)
        }
        self._spelled = spelled
        self._always = tuple(always)
        self._checks = (*self._always, *checks)
        self.is_free = not (self._required or self._defaults or self._checks)

    def __call__(self, value: Any) -> Shaped:
        """Return ``value`` as a :class:`Shaped`; raise ``vol.MultipleInvalid`` with all that is wrong."""
        if not isinstance(value, MAPPINGS):
            raise vol.Invalid(f"expected a mapping, got {shown(value)}")
        result = Shaped(self._defaults, value)
        errors: list[vol.Invalid] = []
        seen: dict[str, str] = {}
        validators = self._validators
        for key, item in value.items():
            try:
                validate = validators.get(key)
                if validate is not None and key not in seen:  # as _name does, without a call
                    seen[key] = name = key
                else:
                    name = self._name(key, seen)
                    validate = validators[name]
                result[name] = validate(item)
            except vol.Invalid as error:
                error.prepend([key])
                errors.append(error)
        if errors:
            errors += self._misspelt(value, seen)
        for name in self._required:
            if name not in seen:
                errors.append(vol.Invalid("this key is required", [name]))
        if self._checks:
            errors += _crossed(result, self._always if errors else self._checks)
        if errors:
            raise gathered(errors)
        return result

    def __contains__(self, key: object) -> bool:
        """True when ``key`` is known, in its present spelling or an older one."""
        return key in self._validators or key in self._spelled

    def _name(self, key: Any, seen: dict[str, str]) -> str:
        """Return the present spelling of ``key``, noted in ``seen`` with the spelling used."""
        name: str = self._spelled.get(key, key) if isinstance(key, str) else ""
        if name not in self._validators:
            raise KeyFault(f"unknown key{near_miss(key, self._validators)}")
        if name in seen:
            raise KeyFault(f"{seen[name]!r} and {key!r} are the same thing; keep {name!r}")
        seen[name] = key
        return name

    def _misspelt(self, value: Mapping[Any, Any], seen: dict[str, str]) -> list[vol.Invalid]:
        """Return what is wrong with the values of unknown keys that look like a required one, which is noted as seen.

        The key itself has been told: it is not missing too, and what it holds is not to be told only once it is right.
        """
        errors: list[vol.Invalid] = []
        for key in value:
            meant = None if key in self else nearest(key, self._validators)
            if meant in self._required and meant not in seen:
                seen[meant] = key
                try:
                    self._validators[meant](value[key])
                except vol.Invalid as error:
                    error.prepend([key])
                    errors.append(error)
        return errors


def _crossed(result: Shaped, checks: Iterable[Check]) -> list[vol.Invalid]:
    errors = []
    for check in checks:
        try:
            check(result)
        except vol.Invalid as error:
            errors.append(error)
    return errors


def is_meant(result: Shaped, key: str) -> bool:
    """Whether ``key``, or an unknown one that looks like it, is there."""
    return key in result or any(nearest(other, (key,)) for other in result.raw if other not in result)


def gathered(errors: Iterable[vol.Invalid]) -> vol.MultipleInvalid:
    """Return one error that holds them all, and no holder inside a holder."""
    flat: list[vol.Invalid] = []
    for error in errors:
        flat += error.errors if isinstance(error, vol.MultipleInvalid) else [error]
    return vol.MultipleInvalid(flat)


def lifted(shape: Shape) -> Validator:
    """Return a validator that takes what stands under ``options:`` as if it stood beside it."""

    def check(value: Any) -> Shaped:
        options = value.get("options") if isinstance(value, MAPPINGS) else None
        if options is None or not isinstance(options, Mapping):
            return shape(value)
        flat = {**{key: item for key, item in value.items() if key != "options"}, **options}
        try:
            result = shape(flat)
        except vol.MultipleInvalid as errors:
            for error in errors.errors:
                if error.path and error.path[0] in options:
                    error.prepend(["options"])
            raise
        result.raw = value
        return result

    return check


def at_least_one(*keys: str) -> Check:
    """Return a check that one of ``keys`` is there."""

    def check(result: Shaped) -> None:
        if not any(key in result for key in keys):
            raise vol.Invalid(f"expected at least one of {', '.join(keys)}")

    return check


def not_both(first: str, second: str) -> Check:
    """Return a check that ``first`` and ``second`` are not both there."""

    def check(result: Shaped) -> None:
        if first in result and second in result:
            raise vol.Invalid(f"{first} and {second} exclude each other", [second])

    return check


def each(validate: Validator) -> Validator:
    """Return a validator of one item or a list of them (null is none); it returns a list."""

    def check(value: Any) -> list[Any]:
        if not isinstance(value, list):
            return [] if value is None else [validate(value)]
        result, errors = [], []
        for index, item in enumerate(value):
            try:
                result.append(validate(item))
            except vol.Invalid as error:
                error.prepend([index])
                errors.append(error)
        if errors:
            raise gathered(errors)
        return result

    return check


def switch(value: Any) -> bool | str:
    """Return whether something is enabled: a bool or one of its words, else text, which is a template."""
    try:
        return boolean(value)
    except vol.Invalid:
        if isinstance(value, str):
            return value
        raise


def template(value: Any) -> str:
    """Return the text of a template, with or without anything to render in it."""
    return string(value)


def templated_duration(value: Any) -> Any:
    """Return seconds, 0 or more; what has a template in it stays as it is."""
    if isinstance(value, str):
        return value if is_template(value) else positive_duration(value)
    if isinstance(value, Mapping) and any(is_template(item) for item in value.values()):
        return value
    return positive_duration(value)


def anything(value: Any) -> Any:
    """Return ``value``: whatever it is, it is right."""
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping as it is."""
    if isinstance(value, MAPPINGS):
        return value
    raise vol.Invalid(f"expected a mapping, got {shown(value)}")


def named(value: Any) -> Mapping[str, Any]:
    """Return a mapping whose keys are all text: variables by their names."""
    errors = [
        vol.Invalid(f"expected a name, got {shown(key)}", [key]) for key in mapping(value) if not isinstance(key, str)
    ]
    if errors:
        raise gathered(errors)
    return mapping(value)


texts: Final = each(text)
"""A validator of one text or a list of them; it returns a list."""
