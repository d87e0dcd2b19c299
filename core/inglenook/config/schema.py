"""Schemas: a tree against voluptuous; every fault at once, with its place, what came and what was expected."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook.config.sections import Sections
from inglenook.config.trees import position_of
from inglenook.config.values import error_text, near_miss, nearest, shown
from inglenook.errors import ConfigError, ConfigErrors, Position

Schema = vol.Schema | Callable[[Any], Any] | dict[Any, Any]

_MISSING: Final = object()
_UNKNOWN: Final = "extra keys not allowed"  # in the words of voluptuous
_REQUIRED: Final = "required key not provided"
_KINDS: Final = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "dict": "a mapping",
    "list": "a list",
    "a dictionary": "a mapping",
    "a list": "a list",
}
_RANGE: Final = re.compile(r"value must be (at least|at most|higher than|lower than) (.*)")
_BOUNDS: Final = {"at least": "or more", "at most": "or less"}


def validate(schema: Schema, tree: Any, *, where: str = "", position: Position | None = None) -> Any:
    """Return ``tree`` as ``schema`` makes it.

    Args:
        schema: a voluptuous schema or what one is made of, or any callable that raises ``vol.Invalid``.
        tree: what was read.
        where: the path that leads to ``tree``, like ``plugins.hue``.
        position: where it stands, when the tree does not know.

    Raises:
        ConfigErrors: all that is wrong, in the order of the file.
    """
    try:
        return schema(tree) if callable(schema) else vol.Schema(schema)(tree)
    except vol.Invalid as invalid:
        raise config_errors(invalid, tree, schema, where=where, position=position) from None


def optional(schema: Any) -> Any:
    """Return a validator for a key that may stand there empty: nothing counts as an empty mapping."""
    return lambda value: {} if value is None else vol.Schema(schema)(value)


def valid_parts(sections: Sections, domain: str, schema: Schema, problems: list[ConfigError]) -> Iterator[Any]:
    """Yield each part of a section as ``schema`` makes it; one that is wrong is left out, and told in ``problems``."""
    position = sections.positions.get(domain)
    for tree in sections.trees.get(domain, ()):
        try:
            yield validate(schema, tree, where=domain, position=position)
        except ConfigErrors as errors:
            problems += errors.errors


def config_errors(
    invalid: vol.Invalid, tree: Any, schema: Any = None, *, where: str = "", position: Position | None = None
) -> ConfigErrors:
    """Return what voluptuous says of ``tree`` in our words; with ``schema``, unknown keys get a suggestion.

    A key that is missing because it is misspelt is told once, where it stands.
    """
    faults = invalid.errors if isinstance(invalid, vol.MultipleInvalid) else [invalid]
    misspelt = {_meant(fault, schema) for fault in faults if fault.msg == _UNKNOWN}
    found = [
        _config_error(fault, tree, schema, where, position)
        for fault in faults
        if fault.msg != _REQUIRED or _path(fault) not in misspelt
    ]
    found.sort(key=lambda error: error.position or Position(""))
    return ConfigErrors(found)


def path_text(path: Sequence[Any], start: str = "") -> str:
    """Return a path as people write it: ``triggers[0].to``; it goes on from ``start``."""
    text = start
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def known_keys(schema: Any, path: Sequence[Any]) -> set[str]:
    """Return the keys that a voluptuous schema allows in the mapping at ``path``; empty if it does not list them."""
    parts = list(_parts(schema))
    for step in path:
        parts = [inner for part in parts for inner in _step_into(part, step)]
    return {str(key) for part in parts if isinstance(part, dict) for key in part if isinstance(_plain(key), str)}


def _config_error(fault: vol.Invalid, tree: Any, schema: Any, where: str, fallback: Position | None) -> ConfigError:
    path = _path(fault)
    is_extra = fault.msg == _UNKNOWN
    message = _message(fault, _value_at(tree, path))
    if is_extra:
        known = known_keys(schema, path[:-1])
        message += near_miss(path[-1], known) or (f"; expected {', '.join(sorted(known))}" if known else "")
    return ConfigError(message, position_of(tree, path, at_key=is_extra) or fallback, path_text(path, where))


def _meant(fault: vol.Invalid, schema: Any) -> tuple[Any, ...] | None:
    """Return the path of the key that an unknown one looks like, or None."""
    *path, key = _path(fault)
    meant = nearest(key, known_keys(schema, path))
    return None if meant is None else (*path, meant)


def _path(fault: vol.Invalid) -> tuple[Any, ...]:
    return tuple(_plain(step) for step in fault.path)


def _message(fault: vol.Invalid, value: Any) -> str:
    message = _expected(error_text(fault))
    if value is _MISSING or " got " in message or not message.startswith("expected"):
        return message
    hint = f'; quote it: "{"on" if value else "off"}"' if message == "expected text" and isinstance(value, bool) else ""
    return f"{message}, got {shown(value)}{hint}"


def _expected(message: str) -> str:
    """Return one of voluptuous' sentences as ``expected …``."""
    if (bound := _RANGE.fullmatch(message)) is not None:
        relation, number = bound.groups()
        return f"expected {number} {_BOUNDS[relation]}" if relation in _BOUNDS else f"expected {relation} {number}"
    message = message.removesuffix(" for dictionary value")
    message = message.replace("length of value must be", "expected a length of").replace("value must be", "expected")
    kind = message.removeprefix("expected ")
    return f"expected {_KINDS[kind]}" if kind in _KINDS else message


def _value_at(tree: Any, path: Sequence[Any]) -> Any:
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return tree


def _plain(step: Any) -> Any:
    return step.schema if isinstance(step, vol.Marker) else step


def _parts(schema: Any) -> Iterator[Any]:
    """Yield the mappings and lists that a schema is made of, through ``All``, ``Any`` and nested schemas."""
    if isinstance(schema, vol.Schema):
        yield from _parts(schema.schema)
    elif isinstance(schema, vol.All | vol.Any | vol.Union):
        for validator in schema.validators:
            yield from _parts(validator)
    elif isinstance(schema, dict | list | tuple):
        yield schema


def _step_into(part: Any, step: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        exact = [inner for key, inner in part.items() if _plain(key) == step]
        for inner in exact or [inner for key, inner in part.items() if not isinstance(_plain(key), str)]:
            yield from _parts(inner)
    elif isinstance(step, int):
        for inner in part:
            yield from _parts(inner)
