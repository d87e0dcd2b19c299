"""``homeassistant.reload_config_entry``: what a rule does when an integration hangs. Here that is a plugin."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import voluptuous as vol

from inglenook.config.configuration import Configuration
from inglenook.config.storage import read_integrations
from inglenook.config.values import either, string
from inglenook.errors import InvalidServiceData, ServiceValidationError
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.plugins import PluginManager, PluginState

DOMAIN: Final = "homeassistant"
NAME: Final = "reload_config_entry"
_RELOAD: Final = "reload"
_SCHEMA: Final = vol.Schema({"entry_id": string})
_FIELDS: Final = {"entry_id": {"required": False, "selector": {"config_entry": {}}}}


def register_entry_reload(home: Home, configuration: Configuration, plugins: PluginManager) -> None:
    """Offer it: it reloads what a config entry was set up from, or what the target's entities come from."""
    handler = partial(_reload, home, configuration, plugins)
    home.services.register(DOMAIN, NAME, handler, _SCHEMA, fields=_FIELDS)


async def _reload(home: Home, configuration: Configuration, plugins: PluginManager, call: ServiceCall) -> None:
    """Have each reload that can, and take down and set up anew the plugins that cannot.

    Raises:
        InvalidServiceData: neither an entry nor a target is named.
        ServiceValidationError: there is no such entry, or nothing here that could be reloaded for it.
        ConfigErrors: what the files say is wrong; whatever runs stays.
    """
    entry_id: str | None = call.data.get("entry_id")
    reached = home.registry.resolve(call.target)
    if entry_id is None and not reached:
        raise InvalidServiceData(f"{DOMAIN}.{NAME}: expected an entry_id or a target that reaches entities")
    integrations = dict.fromkeys(_integrations_of(home, reached))
    if entry_id is not None:
        integrations[_integration_of(configuration, entry_id)] = None
    here = [name for name in integrations if name in plugins.plugins or home.services.has(name, _RELOAD)]
    if not here:
        expected = f"a plugin of {either(integrations)}" if integrations else "an entity of a plugin"
        raise ServiceValidationError(f"nothing here can be reloaded: expected {expected}")
    for name in here:
        plugin = plugins.plugins.get(name)
        if plugin is not None and (plugin.state is not PluginState.RUNNING or plugin.scope.reload is None):
            await plugins.restart(plugin)
        else:
            await home.services.call(name, _RELOAD, context=call.context)


def _integrations_of(home: Home, entity_ids: tuple[str, ...]) -> Iterator[str]:
    """Yield the integrations that entities come from, each as often as it has one among them."""
    for entity_id in entity_ids:
        entry = home.registry.entities.get(entity_id)
        if entry is not None:
            yield entry.platform


def _integration_of(configuration: Configuration, entry_id: str) -> str:
    """Return the integration that was set up in Home Assistant's interface under an entry's id.

    Raises:
        ServiceValidationError: there is no such entry.
    """
    for helper in configuration.helpers:
        if helper.entry_id == entry_id:
            return helper.kind
    for integration in read_integrations(configuration.folder):
        if integration.id == entry_id:
            return integration.domain
    raise ServiceValidationError(f"there is no config entry {entry_id!r:.80}")
