"""What a home's rules may be written with: kinds and services, the bundled ones and those that plugins bring."""

from inglenook.entities import register_domains, register_generic_services
from inglenook.home import Home
from inglenook.plugins import PluginManager
from inglenook.rules import BUNDLED, Vocabulary


def vocabulary_of(plugins: PluginManager) -> Vocabulary:
    """Return the bundled vocabulary with what ``plugins`` add; a bundled kind is not replaced."""
    return BUNDLED.with_more(
        Vocabulary(
            triggers=plugins.gather("register_triggers"),
            conditions=plugins.gather("register_conditions"),
            actions=plugins.gather("register_actions"),
        )
    )


def register_services(home: Home, plugins: PluginManager) -> None:
    """Offer the services of every entity domain, and those that act on several."""
    register_domains(home)
    register_generic_services(home)
    register_domains(home, plugins.gather("register_entity_domains").values())
