"""What a changed configuration asks for: which services take in what is new, and what takes a restart."""

import asyncio
import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from inglenook.config.configuration import Configuration
from inglenook.config.reading import shown_path
from inglenook.config.sections import ENTITY_DOMAINS, RULE_SECTIONS, WITHOUT_EFFECT
from inglenook.config.switch_lights import PLATFORM as SWITCH_LIGHT
from inglenook.config.values import either
from inglenook.errors import ConfigErrors
from inglenook.services import Services

_log = logging.getLogger(__name__)

_HOME: Final = "homeassistant"
_PLUGINS: Final = "plugins"
_ALL: Final = "homeassistant.reload_all"
_OTHER_NAMES: Final = {
    _HOME: "homeassistant.reload_core_config",
    "frontend": "frontend.reload_themes",
    SWITCH_LIGHT: "template.reload",
}
_COMES_WITH_OTHERS: Final = "default_config"


class ConfigChanges:
    """Says in the log what to do when files of the configuration have changed.

    Args:
        configuration: as it was read at the start.
        services: of the home.
    """

    def __init__(self, configuration: Configuration, services: Services) -> None:
        self._last = configuration
        self._services = services

    async def tell(self, files: Collection[Path], rules: Configuration) -> None:
        """Say it of ``files``, which have just changed; ``rules`` is the configuration whose rules run."""
        before = self._last
        names = ", ".join(sorted(shown_path(path, before.folder) for path in files))
        try:
            after = await asyncio.to_thread(before.read_again)
        except ConfigErrors as errors:
            _log.error("%s changed, and cannot be read; what runs stays:\n%s", names, errors)
            return
        self._last = after
        asked = sorted({*changed_keys(before, after)} - RULE_SECTIONS | {*changed_keys(rules, after)} & RULE_SECTIONS)
        reloads = {key: name for key in asked if (name := self._reload_of(key))}
        restart = [key for key in asked if key not in reloads]
        told = [f"{either([*reloads.values(), _ALL])} takes it in"] if reloads else []
        told += [f"what stands under {', '.join(restart)} takes a restart"] if restart else []
        if before.stale:
            told = [f"it can be read again; {_ALL} takes it in, or a restart"]
        _log.info("%s changed: %s", names, "; ".join(told) or "it says the same")

    def _reload_of(self, key: str) -> str:
        """Return the service that reads what stands under ``key`` again; empty if there is none."""
        domain, _, name = _OTHER_NAMES.get(key, f"{key}.reload").partition(".")
        return f"{domain}.{name}" if self._services.has(domain, name) else ""


def changed_keys(before: Configuration, after: Configuration) -> Iterator[str]:
    """Yield what says something else now: top-level keys, platforms of items, plugins."""
    old, new = before.sections, after.sections
    for key in old.trees.keys() | new.trees.keys():
        if key in ENTITY_DOMAINS or (key in WITHOUT_EFFECT and key != _COMES_WITH_OTHERS):
            continue
        if old.trees.get(key) != new.trees.get(key):
            yield key
    for platform in {*old.platforms(), *new.platforms()}:
        if old.items_of(platform) != new.items_of(platform):
            yield platform
    yield from (key for key in before.own.keys() | after.own.keys() if _own(before, key) != _own(after, key))
    if before.plugins.keys() != after.plugins.keys():
        yield _PLUGINS
    for name in before.plugins.keys() & after.plugins.keys():
        if before.plugins[name].settings != after.plugins[name].settings:
            yield name


def _own(configuration: Configuration, key: str) -> Any:
    """Return what one of our own keys says beside the parts that are looked at one by one."""
    given = configuration.own.get(key)
    if key == _PLUGINS:
        return None
    if key == _HOME and isinstance(given, dict):
        return {name: value for name, value in given.items() if name != "packages"}
    return given
