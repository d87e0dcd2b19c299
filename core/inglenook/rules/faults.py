"""Faults: what a schema or a template says is wrong, with the place in the file where a person wrote it."""

from collections.abc import Sequence
from typing import Any

import voluptuous as vol

from inglenook.config.trees import position_of
from inglenook.config.values import error_text
from inglenook.errors import ConfigError, ConfigErrors, Position
from inglenook.rules.shape import KeyFault
from inglenook.rules.syntax import template_errors
from inglenook.templates import Templates


def schema_faults(raw: Any, error: vol.Invalid, position: Position | None) -> ConfigErrors:
    """Return all that a schema found wrong with ``raw``, which begins at ``position``."""
    found = error.errors if isinstance(error, vol.MultipleInvalid) else [error]
    return ConfigErrors(
        [fault(raw, one.path, error_text(one), position, at_key=isinstance(one, KeyFault)) for one in found]
    )


def check_templates(raw: Any, templates: Templates, position: Position | None) -> None:
    """Read every template in ``raw``.

    Raises:
        ConfigErrors: some are broken.
    """
    broken = template_errors(templates, raw)
    if broken:
        raise ConfigErrors([fault(raw, path, str(error), position) for path, error in broken])


def fault(
    raw: Any, path: Sequence[Any], message: str, position: Position | None, *, at_key: bool = False
) -> ConfigError:
    """Return what is wrong with the part of ``raw`` at ``path``; ``at_key``: with its key, not its value."""
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
    return ConfigError(message, position_of(raw, path, at_key=at_key) or position, where)
