"""``logger:``: how much is logged, of all and of parts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import voluptuous as vol

from inglenook.config.schema import optional, valid_parts
from inglenook.config.sections import Sections
from inglenook.config.values import ensure_list, one_of, shown, string
from inglenook.errors import ConfigError

DOMAIN: Final = "logger"
LEVELS: Final = ("debug", "info", "warning", "error", "fatal", "critical")
_ALSO: Final = {"notset": "debug", "warn": "warning"}


@dataclass(frozen=True, slots=True)
class LogLevels:
    """What a configuration says of the log.

    Attributes:
        default: the level for all, one of :data:`LEVELS`; None leaves it as it is.
        logs: levels by the name of a logger, which count for all below it.
        filters: by the name of a logger: records whose message one of these matches are dropped.
    """

    default: str | None = None
    logs: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)


def read_log_levels(sections: Sections) -> tuple[LogLevels, list[ConfigError]]:
    """Return what ``sections`` say of the log, and what is wrong with it; what is wrong is left out."""
    default: str | None = None
    logs: dict[str, str] = {}
    filters: dict[str, tuple[re.Pattern[str], ...]] = {}
    problems: list[ConfigError] = []
    for given in valid_parts(sections, DOMAIN, _SCHEMA, problems):
        default = given.get("default", default)
        logs.update(given.get("logs", {}))
        filters.update({name: tuple(patterns) for name, patterns in given.get("filters", {}).items()})
    return LogLevels(default, logs, filters), problems


def level(value: Any) -> str:
    """Return a level, one of :data:`LEVELS`."""
    word = value.lower() if isinstance(value, str) else value
    return str(one_of(*LEVELS)(_ALSO.get(word, word) if isinstance(word, str) else word))


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(string(value))
    except re.error as error:
        raise vol.Invalid(f"expected a regular expression, got {shown(value)}: {error}") from None


_SCHEMA: Final = vol.Schema(
    optional(
        {
            "default": level,
            "logs": optional({string: level}),
            "filters": optional({string: vol.All(ensure_list, [_pattern])}),
        }
    )
)
