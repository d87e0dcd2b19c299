"""Faults: what a schema or a template says is wrong, with the place in the file where a person wrote it."""

from collections.abc import Mapping, Sequence
from typing import Any

import voluptuous as vol

from inglenook.config.trees import position_of, start_of
from inglenook.config.values import Validator, error_text
from inglenook.errors import ConditionError, ConfigError, ConfigErrors, Position
from inglenook.rules.shape import KeyFault, Shaped
from inglenook.rules.syntax import template_errors
from inglenook.templates import Templates


def check(raw: Any, validate: Validator, templates: Templates, position: Position | None) -> Any:
    """Return what ``validate`` makes of ``raw``, which begins at ``position``, and all of whose templates can be read.

    Raises:
        ConfigErrors: all that the schema and the templates say is wrong, in the order of the file.
    """
    wrong: list[ConfigError] = []
    config = None
    try:
        config = validate(raw)
    except vol.Invalid as error:
        wrong += schema_faults(raw, error, position).errors
    wrong += [fault(raw, path, str(error), position) for path, error in template_errors(templates, raw)]
    if wrong:
        raise ConfigErrors(sorted(wrong, key=lambda error: error.position or Position("")))
    return config


def schema_faults(raw: Any, error: vol.Invalid, position: Position | None) -> ConfigErrors:
    """Return all that a schema found wrong with ``raw``, which begins at ``position``."""
    found = error.errors if isinstance(error, vol.MultipleInvalid) else [error]
    return ConfigErrors(
        [fault(raw, one.path, error_text(one), position, at_key=isinstance(one, KeyFault)) for one in found]
    )


def fault(
    raw: Any, path: Sequence[Any], message: str, position: Position | None, *, at_key: bool = False
) -> ConfigError:
    """Return what is wrong with the part of ``raw`` at ``path``; ``at_key``: with its key, not its value."""
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
    return ConfigError(message, position_of(raw, path, at_key=at_key) or position, where)


def placed(error: ConditionError, config: Mapping[str, Any]) -> ConditionError:
    """Return ``error``, which knows where the condition ``config`` stands unless it knows of one within."""
    if error.position is None and isinstance(config, Shaped):
        error.position = start_of(config.raw)
    return error


def located(path: str, position: Position | None) -> str:
    """Return a place in a rule as logs show it: its path, and where that stands if it is known."""
    return f"{path} ({position})" if position else path
