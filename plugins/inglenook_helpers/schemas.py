"""The shape of a section: entries by name or in a list, each with its own keys."""

from collections.abc import Callable
from typing import Any

import voluptuous as vol

from inglenook import slugify
from inglenook.values import ensure_list, shown, slug

Config = dict[str, Any]


def named(keys: dict[Any, Any], *checks: Callable[[Config], Config]) -> vol.Schema:
    """Return the schema of a section whose entries stand under their names, like ``input_boolean:``.

    Args:
        keys: those of one entry, which may stand there empty.
        checks: each takes a whole entry that is right in its parts, and returns it or raises ``vol.Invalid``.
    """
    return vol.Schema(vol.All(mapping, {slug: entry(keys, *checks)}))


def listed(keys: dict[Any, Any]) -> Callable[[Any], dict[str, Config]]:
    """Return the schema of a section that is a list of entries with a ``name``, like ``zone:``.

    It makes of them entries by object id: the slug of the name, with ``_2``, ``_3`` … for one that comes again.
    """
    schema = vol.Schema([entry(keys)])

    def validate(value: Any) -> dict[str, Config]:
        found: dict[str, Config] = {}
        for settings in schema(ensure_list(value) if value else []):
            found[_free(slugify(settings["name"]), found)] = settings
        return found

    return validate


def entry(keys: dict[Any, Any], *checks: Callable[[Config], Config]) -> vol.All:
    """Return the schema of one entry."""
    return vol.All(mapping, vol.Schema(keys), *checks)


def mapping(value: Any) -> Any:
    """Return a mapping as it is, and an empty one for what was left empty."""
    if value is None or isinstance(value, dict):
        return value or {}
    raise vol.Invalid(f"expected a mapping, got {shown(value)}")


def _free(name: str, taken: dict[str, Config]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
