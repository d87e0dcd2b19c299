"""``frontend:`` and ``lovelace:`` of a configuration, and the services ``frontend.…``: themes, and who has which."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import voluptuous as vol

from inglenook.config.configuration import Configuration
from inglenook.config.frontend import DOMAIN, MODES, Frontend, read_frontend
from inglenook.config.lovelace import DOMAIN as LOVELACE
from inglenook.config.lovelace import Lovelace, read_lovelace
from inglenook.config.values import string
from inglenook.errors import ConfigError, ConfigErrors, ServiceError, ServiceValidationError
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.web.frontend.issues import Problems
from inglenook.web.frontend.memory import NO_THEME
from inglenook.web.frontend.surface import Surface

EVENT_THEMES: Final = "themes_updated"
_NONE: Final = "none"
_SET_THEME: Final = vol.Schema(
    {vol.Required("name"): string, vol.Optional("mode", default="light"): vol.In(MODES), "name_dark": string}
)
_FIELDS: Final[dict[str, Any]] = {
    "name": {"required": True, "selector": {"theme": {"include_default": True}}, "description": "A theme's name."},
    "mode": {"required": False, "default": "light", "selector": {"select": {"options": list(MODES)}}},
}


class FrontendSection:
    """Reads what the configuration says of the frontend, at the start and whenever it is asked to.

    Args:
        home: offers the services.
        configuration: as it was read at the start.
        problems: returns what is wrong or seldom meant in all of the configuration.

    Attributes:
        surface: what the frontend shows.
        problems: what is wrong with the section.
    """

    def __init__(self, home: Home, configuration: Configuration, problems: Problems) -> None:
        self._home = home
        self._configuration = configuration
        frontend, lovelace, self.problems = _read(configuration)
        self.surface = Surface(home, frontend, problems, lovelace, configuration.folder)
        home.services.register(DOMAIN, "set_theme", self._set_theme, _SET_THEME, fields=_FIELDS, has_target=False)
        home.services.register(DOMAIN, "reload_themes", self._reload, vol.Schema({}), has_target=False)

    def _set_theme(self, call: ServiceCall) -> None:
        memory, name = self.surface.memory, call.data["name"]
        if name not in memory.frontend.themes and name not in (NO_THEME, _NONE):
            raise ServiceValidationError(f"there is no theme {name!r:.80}")
        memory.choose_theme(call.data["mode"], None if name in (NO_THEME, _NONE) else name)
        self._home.bus.fire(EVENT_THEMES, {}, call.context)

    async def _reload(self, call: ServiceCall) -> None:
        try:
            read = await asyncio.to_thread(self._configuration.read_again)
        except ConfigErrors as errors:
            raise ServiceError(str(errors)) from errors
        frontend, problems = read_frontend(read.sections)
        if problems:
            raise ServiceError("\n".join(map(str, problems)))
        self.surface.memory.frontend = frontend
        self._home.bus.fire(EVENT_THEMES, {}, call.context)


def _read(configuration: Configuration) -> tuple[Frontend, Lovelace, list[ConfigError]]:
    """Return what a configuration says of the frontend and of dashboards, and what is wrong with it."""
    frontend, problems = read_frontend(configuration.sections)
    lovelace, more = read_lovelace(configuration.sections)
    return frontend, lovelace, [*problems, *more, *_missing(configuration, lovelace)]


def _missing(configuration: Configuration, lovelace: Lovelace) -> Iterator[ConfigError]:
    """Yield a warning for each dashboard whose file is not there."""
    place = configuration.sections.positions.get(LOVELACE)
    for one in lovelace.dashboards.values():
        if not (configuration.folder / one.filename).is_file():
            message = f"{one.filename} is not there; the dashboard {one.url_path} has nothing to show"
            yield ConfigError(message, place, LOVELACE)
