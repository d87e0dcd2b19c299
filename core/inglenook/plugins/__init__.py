"""Plugins: what one may hook into, how it is found, and how it is supervised."""

from inglenook.plugins.hookspecs import hookimpl, hookspec
from inglenook.plugins.manager import Plugin, PluginManager, PluginState
from inglenook.plugins.scope import PluginScope

__all__ = ["Plugin", "PluginManager", "PluginScope", "PluginState", "hookimpl", "hookspec"]
