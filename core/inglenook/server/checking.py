"""Check a configuration and its rules without running them."""

from pathlib import Path

from msgspec import Struct

from inglenook.clock import Clock
from inglenook.config.configuration import Configuration, configuration_file, read_configuration
from inglenook.errors import ConfigError, ConfigErrors
from inglenook.home import Home, make_home
from inglenook.plugins import PluginManager
from inglenook.rules import RuleEngine, RuleInfo
from inglenook.server.rule_sources import DOMAIN, RuleSources
from inglenook.server.template_section import DOMAIN as TEMPLATE
from inglenook.server.template_section import TemplateSection
from inglenook.server.vocabulary import register_services, templates_of, vocabulary_of
from inglenook.store import Store


class CheckResult(Struct, frozen=True):
    """What a check found: ``errors`` keep something from running, ``warnings`` are legal and seldom meant.

    Positions are relative to ``folder``.
    """

    folder: Path
    errors: list[ConfigError]
    warnings: list[ConfigError]
    files: int
    rules: list[RuleInfo]


async def check_configuration(path: Path, data: Path | None = None) -> CheckResult:
    """Read the configuration at ``path`` with all its rules and plugins; nothing is set up, nothing is written.

    A coroutine only because a home belongs to an event loop; it never waits.
    """
    try:
        configuration = read_configuration(path, data=data)
    except ConfigErrors as errors:
        return CheckResult(configuration_file(path).parent, list(errors.errors), [], 1, [])
    return await check_rules(configuration)


async def check_rules(configuration: Configuration) -> CheckResult:
    """Check what a configuration that could be read leads to; a coroutine as above."""
    home = _still_home(configuration)
    plugins = PluginManager(home, configuration.folder)
    errors = plugins.load(configuration.plugins, configuration.sections)
    register_services(home, plugins)
    engine = RuleEngine(home, templates_of(home, configuration.folder), vocabulary_of(plugins))
    sources = RuleSources(configuration, engine, home)
    errors += sources.load()
    templates = TemplateSection(configuration, engine.workshop)
    errors += templates.load()
    warnings = [
        *configuration.warnings,
        *templates.warnings,
        *configuration.unhandled({DOMAIN, TEMPLATE, *plugins.handled}),
    ]
    files = len(configuration.files) + sources.folders.statistics()["files"]
    return CheckResult(
        configuration.folder, [one for error in errors for one in _each(error)], warnings, files, engine.rules
    )


def _still_home(configuration: Configuration) -> Home:
    clock = Clock()
    clock.set_time_zone(configuration.settings.time_zone)
    store = Store(None, clock)
    store.open()
    return make_home(configuration.settings, clock, store)


def _each(error: ConfigError) -> tuple[ConfigError, ...]:
    return error.errors if isinstance(error, ConfigErrors) else (error,)
