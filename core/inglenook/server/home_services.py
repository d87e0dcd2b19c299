"""``homeassistant.…``: the services that are about the home itself, its configuration and its process."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import fields
from typing import Final, NamedTuple

import voluptuous as vol

from inglenook.config.configuration import Configuration
from inglenook.config.home_settings import HomeSettings, settle
from inglenook.config.macros import read_macros
from inglenook.config.values import between, float_
from inglenook.errors import ConfigErrors, ServiceError
from inglenook.home import Home, Settings
from inglenook.model import ServiceCall
from inglenook.server.self_check import SelfCheck
from inglenook.server.vocabulary import macro_faults
from inglenook.templates import Templates

_log = logging.getLogger(__name__)

DOMAIN: Final = "homeassistant"
_FIXED: Final = frozenset({"allow_programs", "config_dir", "data_dir", "written"})  # as they were at the start
_NOWHERE: Final = vol.Schema({})
_PLACE: Final = vol.Schema(
    {
        vol.Required("latitude"): between(float_, -90, 90),
        vol.Required("longitude"): between(float_, -180, 180),
        "elevation": float_,
    }
)


class Process(NamedTuple):
    """How the process is asked to end."""

    stop: Callable[[], object]
    restart: Callable[[], object]


class HomeServices:
    """Offers them.

    Args:
        home: the running home.
        templates: given the macros that are read again.
        configuration: as it was read at the start.
        process: what to ask to stop or to start again.
        check: checks the configuration.
        said: what clients said of the home.
    """

    def __init__(
        self,
        home: Home,
        templates: Templates,
        configuration: Configuration,
        process: Process,
        check: SelfCheck,
        said: HomeSettings,
    ) -> None:
        self._home = home
        self._templates = templates
        self._configuration = configuration
        self._process = process
        self._self_check = check
        self._said = said
        offers = {
            "stop": self._stop,
            "restart": self._restart,
            "check_config": self._check,
            "reload_core_config": self._reload_settings,
            "reload_custom_templates": self._reload_macros,
            "reload_all": self._reload_all,
            "save_persistent_states": self._save,
        }
        for name, handler in offers.items():
            home.services.register(DOMAIN, name, handler, _NOWHERE)
        home.services.register(DOMAIN, "set_location", self._set_location, _PLACE)

    def _stop(self, _: ServiceCall) -> None:
        self._process.stop()

    async def _restart(self, call: ServiceCall) -> None:
        """Start again, unless the configuration would not let it."""
        await self._check(call)
        self._process.restart()

    async def _check(self, call: ServiceCall) -> None:
        """Check the configuration as ``inglenook check`` does.

        A rule or a template entity that is wrong does not make it fail: a home runs with that.

        Raises:
            ServiceError: anything else is wrong; says all of it.
        """
        errors, _ = await self._self_check.run()
        if errors:
            problems = "\n".join(errors)
            _log.error("%s.%s: the configuration is not in order:\n%s", DOMAIN, call.service, problems)
            raise ServiceError(f"the configuration is not in order: {problems}")

    async def _reload_settings(self, call: ServiceCall) -> None:
        """Take name, place, units, time zone and what is customized from the configuration as it is now.

        Raises:
            ConfigErrors: it cannot be read; nothing changes.
        """
        configuration = await asyncio.to_thread(self._configuration.read_again)
        read = configuration.settings
        self._said.recall(read)
        self._home.settings.written = read.written
        found = {field.name: getattr(read, field.name) for field in fields(Settings) if field.name not in _FIXED}
        settle(self._home, {name: value for name, value in found.items() if value is not None}, call.context)
        entities = self._home.entities
        entities.customize = configuration.customize.attributes_of
        for entity in entities:
            entities.refresh(entity.entity_id)

    def _set_location(self, call: ServiceCall) -> None:
        """Move the home, until it is started again."""
        settle(self._home, call.data, call.context)

    def _reload_macros(self, _: ServiceCall) -> None:
        self._templates.set_macros(read_macros(self._configuration.folder))
        for fault in macro_faults(self._templates):
            _log.error("%s", fault)

    async def _reload_all(self, call: ServiceCall) -> None:
        """Reload whatever can be, one after the other, if the configuration is in order."""
        await self._check(call)
        await self._reload_settings(call)
        self._reload_macros(call)
        services = self._home.services
        for domain in [service.domain for service in services.all() if service.name == "reload"]:
            try:
                await services.call(domain, "reload", context=call.context)
            except ConfigErrors as error:  # somebody wrote to the files since they were checked
                _log.error("%s.reload: %s", domain, error)

    async def _save(self, _: ServiceCall) -> None:
        await self._home.store.flush()
