"""What clients say of the home itself: kept in the database, and counting where the configuration says nothing."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import voluptuous as vol

from inglenook.config.schema import validate
from inglenook.config.settings import HOMEASSISTANT
from inglenook.errors import ConfigError, ConfigErrors, StoreError
from inglenook.home import Home, Settings
from inglenook.model import Context
from inglenook.store import Store

EVENT_UPDATED: Final = "core_config_updated"
_TABLE: Final = "settings"
_KEY: Final = "homeassistant"
_NAMES: Final = {"name": "location_name"}  # as clients call it
FIELDS: Final = {_NAMES.get(name, name): check for name, check in HOMEASSISTANT.items()}
_SCHEMA: Final = vol.Schema(FIELDS)


class HomeSettings:
    """What clients said, by the names of the settings.

    Args:
        store: where it is kept; read once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        rows = {key: text for key, text in store.load(_TABLE) if key == _KEY}
        self._kept: dict[str, Any] = msgspec.json.decode(rows[_KEY]) if rows else {}

    def recall(self, settings: Settings) -> None:
        """Put what clients said into ``settings``, as far as the configuration does not say it."""
        for name, value in self._kept.items():
            if name in HOMEASSISTANT and name not in settings.written:
                setattr(settings, name, value)

    async def update(self, home: Home, given: Mapping[str, Any], context: Context) -> None:
        """Let the home be as ``given`` says, in the names of clients, now and after its next start.

        Raises:
            ConfigErrors: a value is not in order, or differs from what the configuration says.
            StoreError: it holds, but could not be stored yet.
        """
        wanted = {_name_of(field): value for field, value in validate(_SCHEMA, dict(given)).items()}
        settings = home.settings
        refused = [name for name in wanted if name in settings.written and wanted[name] != getattr(settings, name)]
        if refused:
            raise ConfigErrors([ConfigError(_refusal(name, getattr(settings, name), wanted[name])) for name in refused])
        self._kept |= {name: value for name, value in wanted.items() if name not in settings.written}
        self._store.put(_TABLE, (_KEY, msgspec.json.encode(self._kept).decode()))
        settle(home, wanted, context)
        if not await self._store.flush():
            raise StoreError("the settings hold, but could not be stored yet; see the log")


def settle(home: Home, given: Mapping[str, Any], context: Context) -> None:
    """Put what differs into the settings of the home, and tell."""
    settings = home.settings
    changed = {name: value for name, value in given.items() if getattr(settings, name) != value}
    for name, value in changed.items():
        setattr(settings, name, value)
    if "time_zone" in changed:
        home.clock.set_time_zone(settings.time_zone)
    if changed:
        home.bus.fire(EVENT_UPDATED, {_NAMES.get(name, name): value for name, value in changed.items()}, context)


def _name_of(field: str) -> str:
    return next((name for name, theirs in _NAMES.items() if theirs == field), field)


def _refusal(name: str, is_now: Any, wanted: Any) -> str:
    return f"{name} stands in the configuration under homeassistant: as {is_now!r}; change it there (got {wanted!r})"
