"""Plugins under test, set up as the home does it."""

from functools import partial
from pathlib import Path
from typing import Any

from inglenook.config.configuration import read_configuration
from inglenook.config.settings import PluginConfig
from inglenook.entities import register_domains, register_generic_services
from inglenook.errors import ConfigErrors, PluginError
from inglenook.home import Home
from inglenook.plugins import PluginManager, PluginState


async def set_up_plugin(
    home: Home, name: str, settings: Any = None, *, config_dir: Path | None = None
) -> PluginManager:
    """Load the plugin that is installed as ``name`` (or lies in ``config_dir/plugins``), and set it up.

    Returns:
        its manager; ``teardown`` ends the plugin.

    Raises:
        ConfigErrors: it cannot be loaded, or the settings do not fit its schema.
        PluginError: its setup failed.
    """
    manager = PluginManager(home, config_dir or Path())
    problems = manager.load({name: PluginConfig(settings, None)})
    if problems:
        raise ConfigErrors(problems)
    await manager.setup()
    plugin = manager.plugins[name]
    if plugin.state not in (PluginState.RUNNING, PluginState.SETTING_UP):
        raise PluginError(name, plugin.problem)
    return manager


async def set_up_sections(home: Home, folder: Path) -> PluginManager:
    """Set up the plugins that handle the keys of ``folder/configuration.yaml``, and their services, as the home does.

    Returns:
        their manager; ``teardown`` ends them, and ``DOMAIN.reload`` reads the file again.

    Raises:
        ConfigErrors: the file cannot be read, or a section is not as its plugin wants it.
        PluginError: a setup failed.
    """
    manager = PluginManager(home, folder, partial(read_configuration, folder))
    problems = manager.load({}, read_configuration(folder).sections)
    if problems:
        raise ConfigErrors(problems)
    register_domains(home)
    register_generic_services(home)
    register_domains(home, manager.gather("register_entity_domains").values())
    await manager.setup()
    for plugin in manager.plugins.values():
        if plugin.state not in (PluginState.RUNNING, PluginState.SETTING_UP):
            raise PluginError(plugin.name, plugin.problem)
    return manager
