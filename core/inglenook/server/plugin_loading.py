"""Plugins with what the configuration says to them, as a home and a check of it load them."""

from typing import NamedTuple

from inglenook.config.configuration import Configuration
from inglenook.config.sections import RULE_SECTIONS
from inglenook.errors import ConfigError
from inglenook.home import Home
from inglenook.plugins import PluginManager
from inglenook.server.template_section import HANDLED as TEMPLATES
from inglenook.server.vocabulary import register_services


class LoadedPlugins(NamedTuple):
    """What came of loading them.

    Attributes:
        handled: the keys of the configuration that something takes, and ``DOMAIN.PLATFORM`` of items under others.
        errors: what keeps a plugin, or an item of one, from running.
        warnings: what plugins are told that is legal and seldom meant.
        unhandled: a warning for each key that nothing takes.
    """

    handled: frozenset[str]
    errors: list[ConfigError]
    warnings: list[ConfigError]
    unhandled: list[ConfigError]


def load_plugins(home: Home, configuration: Configuration, plugins: PluginManager) -> LoadedPlugins:
    """Load what ``configuration`` names into ``plugins``, and offer the services of all domains; none is set up."""
    errors = plugins.load(configuration.plugins, configuration.sections)
    register_services(home, plugins)
    handled = frozenset({*RULE_SECTIONS, *TEMPLATES, *plugins.handled})
    errors = [*errors, *configuration.sections.without_platform(handled)]
    return LoadedPlugins(handled, errors, plugins.warnings, configuration.unhandled(handled))
