"""Check a configuration and its rules without running them."""

from pathlib import Path

from msgspec import Struct

from inglenook.clock import Clock
from inglenook.config.configuration import Configuration, read_configuration
from inglenook.entities import register_domains
from inglenook.errors import ConfigError, ConfigErrors
from inglenook.home import Home, make_home
from inglenook.plugins import PluginManager
from inglenook.rules import RuleEngine, RuleInfo
from inglenook.server.rule_sources import DOMAIN, RuleSources
from inglenook.server.vocabulary import vocabulary_of
from inglenook.store import Store
from inglenook.templates import Templates


class CheckResult(Struct, frozen=True):
    """What a check found: ``errors`` keep something from running, ``warnings`` are legal and seldom meant.

    Positions are relative to ``folder``.
    """

    folder: Path
    errors: list[ConfigError]
    warnings: list[ConfigError]
    files: int
    rules: list[RuleInfo]


def check_configuration(path: Path, data: Path | None = None) -> CheckResult:
    """Read the configuration at ``path`` with all its rules and plugins; nothing is set up, nothing is written."""
    try:
        configuration = read_configuration(path, data=data)
    except ConfigErrors as errors:
        folder = path if path.is_dir() else path.parent
        return CheckResult(folder, list(errors.errors), [], 1, [])
    return check_rules(configuration)


def check_rules(configuration: Configuration) -> CheckResult:
    """Check what a configuration that could be read leads to."""
    home = _still_home(configuration)
    plugins = PluginManager(home, configuration.folder)
    errors = plugins.load(configuration.plugins)
    engine = RuleEngine(home, Templates(home), vocabulary_of(plugins))
    sources = RuleSources(configuration, engine, home.clock)
    errors += sources.load()
    warnings = [*configuration.warnings, *configuration.unhandled({DOMAIN})]
    files = len(configuration.files) + sources.folders.statistics()["files"]
    return CheckResult(
        configuration.folder, [one for error in errors for one in _each(error)], warnings, files, engine.rules
    )


def _still_home(configuration: Configuration) -> Home:
    clock = Clock()
    clock.set_time_zone(configuration.settings.time_zone)
    store = Store(None, clock)
    store.open()
    home = make_home(configuration.settings, clock, store)
    register_domains(home)
    return home


def _each(error: ConfigError) -> tuple[ConfigError, ...]:
    return error.errors if isinstance(error, ConfigErrors) else (error,)
