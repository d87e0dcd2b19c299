"""The shape of a section: entries by name or in a list, each with its own keys."""

from collections.abc import Callable
from typing import Any

import voluptuous as vol

from inglenook.values import shown, slug

Config = dict[str, Any]


def named(keys: dict[Any, Any], *checks: Callable[[Config], Config]) -> vol.Schema:
    """Return the schema of a section whose entries stand under their names, like ``input_boolean:``.

    Args:
        keys: those of one entry, which may stand there empty.
        checks: each takes a whole entry that is right in its parts, and returns it or raises ``vol.Invalid``.
    """
    return vol.Schema(vol.All(mapping, {slug: entry(keys, *checks)}))


def entry(keys: dict[Any, Any], *checks: Callable[[Config], Config]) -> vol.All:
    """Return the schema of one entry."""
    return vol.All(mapping, vol.Schema(keys), *checks)


def mapping(value: Any) -> Any:
    """Return a mapping as it is, and an empty one for what was left empty."""
    if value is None or isinstance(value, dict):
        return value or {}
    raise vol.Invalid(f"expected a mapping, got {shown(value)}")
