"""``logger:`` of a configuration, and the services ``logger.…``: how much is logged, until the next start."""

import logging
import re
from collections.abc import Iterable
from typing import Final

import voluptuous as vol

from inglenook.config.log_levels import DOMAIN, LEVELS, LogLevels, level
from inglenook.config.values import string
from inglenook.home import Home
from inglenook.model import ServiceCall

_THEIRS: Final = "homeassistant"  # as people know the loggers that are called inglenook here
_LEVEL: Final = {"level": {"required": True, "selector": {"select": {"options": list(LEVELS)}}}}


class LogSection:
    """Sets the levels of loggers and offers the services; undoes it all when it stops.

    Args:
        home: offers the services.
        levels: what the configuration says.
    """

    def __init__(self, home: Home, levels: LogLevels) -> None:
        self._before: dict[str, int] = {}
        self._filters: list[tuple[logging.Logger, logging.Filter]] = []
        if levels.default is not None:
            self._set("", levels.default)
        for name, one in levels.logs.items():
            self._set(name, one)
        for name, patterns in levels.filters.items():
            self._drop(name, patterns)
        home.services.register(
            DOMAIN, "set_default_level", self._set_default, vol.Schema({vol.Required("level"): level}), fields=_LEVEL,
            has_target=False,
        )  # fmt: skip
        home.services.register(DOMAIN, "set_level", self._set_levels, vol.Schema({string: level}), has_target=False)

    def stop(self) -> None:
        """Let everything be logged as it was before."""
        for name, number in self._before.items():
            logging.getLogger(name).setLevel(number)
        for logger, one in self._filters:
            logger.removeFilter(one)

    def _set_default(self, call: ServiceCall) -> None:
        self._set("", call.data["level"])

    def _set_levels(self, call: ServiceCall) -> None:
        for name, one in call.data.items():
            self._set(name, one)

    def _set(self, name: str, wanted: str) -> None:
        logger = logging.getLogger(_ours(name))
        self._before.setdefault(logger.name if name else "", logger.level)
        logger.setLevel(wanted.upper())

    def _drop(self, name: str, patterns: Iterable[re.Pattern[str]]) -> None:
        logger, one = logging.getLogger(_ours(name)), _Dropping(patterns)
        logger.addFilter(one)
        self._filters.append((logger, one))


class _Dropping(logging.Filter):
    """Drops the records whose message a pattern matches."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        super().__init__()
        self._patterns = tuple(patterns)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged."""
        message = record.getMessage()
        return not any(pattern.search(message) for pattern in self._patterns)


def _ours(name: str) -> str:
    """Return the name of the logger that is meant: ``homeassistant.x`` is ``inglenook.x`` here."""
    first, dot, rest = name.partition(".")
    return f"inglenook{dot}{rest.removeprefix('components.')}" if first == _THEIRS else name
