"""What a home's rules may be written with: kinds and services, the bundled ones and those that plugins bring."""

from pathlib import Path

from inglenook.config.macros import FOLDER, read_macros
from inglenook.entities import register_domains, register_generic_services
from inglenook.errors import ConfigError, Position
from inglenook.history.services import register_logbook
from inglenook.home import Home
from inglenook.plugins import PluginManager
from inglenook.plugins.providers import Providers
from inglenook.rules import BUNDLED, Vocabulary
from inglenook.server.sightings import register_sightings
from inglenook.templates import Templates


def vocabulary_of(plugins: PluginManager) -> Vocabulary:
    """Return the bundled vocabulary with what ``plugins`` add; a bundled kind is not replaced."""
    return BUNDLED.with_more(
        Vocabulary(
            plugins.gather("register_triggers"),
            plugins.gather("register_conditions"),
            plugins.gather("register_actions"),
        )
    )


def templates_of(home: Home, folder: Path) -> Templates:
    """Return the templates of ``home``, with the macros that its configuration folder holds."""
    templates = Templates(home)
    templates.set_macros(read_macros(folder))
    return templates


def macro_faults(templates: Templates) -> list[ConfigError]:
    """Return what is wrong with the macros; a template that imports a file that is not in order cannot be rendered."""
    return [
        ConfigError(message, Position(f"{FOLDER}/{name}", line, 1))
        for name, (line, message) in templates.macro_faults().items()
    ]


def register_services(home: Home, plugins: PluginManager) -> None:
    """Offer the services of every entity domain, those that act on several; and say who would offer the others."""
    register_domains(home)
    register_generic_services(home)
    register_sightings(home)
    register_logbook(home)
    register_domains(home, plugins.gather("register_entity_domains").values())
    home.services.provider_of = Providers(home, plugins)
