"""Check a configuration and its rules without running them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from inglenook.clock import Clock
from inglenook.config.configuration import Configuration, configuration_file, read_configuration
from inglenook.config.home_settings import HomeSettings
from inglenook.config.log_levels import LogLevels, read_log_levels
from inglenook.errors import ConfigError, ConfigErrors, StoreError
from inglenook.history import MemoryHistory
from inglenook.history.recorder import register_recorder
from inglenook.home import Home
from inglenook.plugins import PluginManager
from inglenook.restore import reopen_home
from inglenook.rules import InvalidRule, RuleInfo
from inglenook.server.entry_reload import register_entry_reload
from inglenook.server.frontend_section import FrontendSection
from inglenook.server.home_services import HomeServices, Process
from inglenook.server.log_section import LogSection
from inglenook.server.moving_in import move_in
from inglenook.server.plugin_loading import load_plugins
from inglenook.server.rule_sources import RuleSources
from inglenook.server.self_check import SelfCheck
from inglenook.server.template_section import TemplateSection
from inglenook.server.unknown_names import known_names, unknown_names
from inglenook.server.vocabulary import macro_faults, templates_of, vocabulary_of
from inglenook.store import FILE_NAME, Store
from inglenook.templates import Templates
from inglenook.web.system_log import LogMemory, SystemLog


class CheckResult(Struct, frozen=True):
    """What a check found: ``errors`` keep something from running, ``warnings`` are legal and seldom meant.

    Positions are relative to ``folder``.

    Attributes:
        waiting: what a plugin has to bring to life: keys that nothing handles, and parts of rules.
        rules_that_wait: entity ids of the rules with such parts.
        rules_that_fail: entity ids of the rules that are not in order, or go by a device that is not there.
        absent: where rules go by such devices; stands among the warnings, too.
        of_parts: texts of the errors that a home runs with: what they are about is unavailable, and nothing else.
        handled: the keys of the configuration that something here takes.
    """

    folder: Path
    errors: list[ConfigError]
    warnings: list[ConfigError]
    files: int
    rules: list[RuleInfo]
    scripts: list[RuleInfo] = []
    waiting: list[ConfigError] = []
    rules_that_wait: frozenset[str] = frozenset()
    rules_that_fail: frozenset[str] = frozenset()
    absent: list[ConfigError] = []
    of_parts: frozenset[str] = frozenset()
    handled: frozenset[str] = frozenset()


async def check_configuration(path: Path, data: Path | None = None) -> CheckResult:
    """Read the configuration at ``path`` with all its rules and plugins; nothing is set up, nothing is written.

    A coroutine only because a home belongs to an event loop; it never waits.
    """
    faults: list[ConfigError] = []
    try:
        configuration = read_configuration(path, data=data, faults=faults)
    except ConfigErrors as errors:
        return CheckResult(configuration_file(path).parent, [*faults, *errors.errors], [], 1, [])
    return await check_rules(configuration, faults)


async def check_rules(configuration: Configuration, faults: Sequence[ConfigError] = ()) -> CheckResult:
    """Check what a configuration that could be read leads to; a coroutine as above.

    ``faults``: what was found when it was read; nothing more is said of what stands there.
    """
    home, has_run, of_storage = _still_home(configuration)
    frontend = FrontendSection(home, configuration, list)
    plugins = PluginManager(home, configuration.folder)
    loaded = load_plugins(home, configuration, plugins)
    macros = templates_of(home, configuration.folder)
    sources = RuleSources(configuration, home, macros, vocabulary_of(plugins))
    _offer_own_services(home, macros, configuration, plugins)
    templates = TemplateSection(configuration, sources.engine.workshop, sources.blueprints)
    of_parts = _once([*macro_faults(macros), *sources.load(), *templates.load()])
    errors = [*configuration.unread, *loaded.errors, *of_parts]
    warnings = [*configuration.warnings, *of_storage, *loaded.warnings, *loaded.unhandled]
    warnings += frontend.problems
    warnings += read_log_levels(configuration.sections)[1]
    warnings += sources.unused_inputs()
    names = known_names(home, configuration, plugins.service_names(), has_run=has_run)
    waiting = sources.engine.waiting(names)
    without_device = sources.engine.without_device()
    absent = [one for faults in without_device.values() for one in faults]
    warnings += [*absent, *sources.engine.lint(names), *unknown_names(configuration, names, macros, loaded.handled)]
    told = set(map(str, errors))
    warnings += [one for one in sources.blueprints.faults() if str(one) not in told]  # of blueprints that nobody uses
    files = len(configuration.files) + sources.folders.statistics()["files"]
    told_at = {one.position for one in (*faults, *configuration.unread) if one.position}
    errors = [one for one in _once(errors) if one.position not in told_at or one in configuration.unread]
    return CheckResult(
        configuration.folder,
        [*faults, *errors],
        _once(warnings),
        files,
        sources.engine.rules,
        sources.engine.listed_scripts,
        _once([*loaded.unhandled, *(one for parts in waiting.values() for one in parts)]),
        frozenset(waiting),
        frozenset(entity.entity_id for entity in sources.engine if isinstance(entity.rule, InvalidRule))
        | without_device.keys(),
        absent,
        frozenset(map(str, of_parts)),
        loaded.handled,
    )


def _still_home(configuration: Configuration) -> tuple[Home, bool, list[ConfigError]]:
    """Return a home that nothing runs in, whether its database was there, and what is wrong in ``.storage``."""
    clock = Clock()
    store = Store(None, clock)
    database = configuration.settings.data_dir / FILE_NAME
    has_run = database.is_file()
    try:
        store.open(copy_of=database if has_run else None)
    except StoreError:
        has_run = False  # whoever runs the home is told what is wrong with its database
        store.open()
    of_storage: list[ConfigError] = []
    home = reopen_home(
        configuration.settings, clock, store, moving_in=lambda it: of_storage.extend(move_in(it, configuration))
    )
    return home, has_run, of_storage


def _offer_own_services(home: Home, templates: Templates, configuration: Configuration, plugins: PluginManager) -> None:
    """Offer the services that are about the home itself, so that rules may name them; nobody calls them here."""
    process, said = Process(lambda: None, lambda: None), HomeSettings(home.store)
    HomeServices(home, templates, configuration, process, SelfCheck(configuration), said)
    register_entry_reload(home, configuration, plugins)
    register_recorder(home, MemoryHistory(home))
    SystemLog(home, LogMemory())
    LogSection(home, LogLevels())


def _once(errors: Iterable[ConfigError]) -> list[ConfigError]:
    """Return each error once: two rules that are made of one blueprint have those of the blueprint in common."""
    return list({str(one): one for error in errors for one in _each(error)}.values())


def _each(error: ConfigError) -> tuple[ConfigError, ...]:
    return error.errors if isinstance(error, ConfigErrors) else (error,)
