"""Plugins under test, set up as the home does it."""

from pathlib import Path
from typing import Any

from inglenook.config.settings import PluginConfig
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
