"""The plugin manager: load those the configuration names, set them up in order, take them down in reverse."""

import asyncio
import difflib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Final

import pluggy

from inglenook.config.configuration import Configuration
from inglenook.config.schema import path_text, validate
from inglenook.config.sections import NAMED, Sections
from inglenook.config.settings import PluginConfig
from inglenook.config.trees import position_of
from inglenook.errors import ConfigError, ConfigErrors, PluginError
from inglenook.home import Home
from inglenook.plugins import hookspecs
from inglenook.plugins.finder import ALWAYS, BY_DEFAULT, FoundPlugin, find_plugins, find_sections
from inglenook.plugins.implementations import check_hooks
from inglenook.plugins.item_editor import ItemEditor, ItemSection
from inglenook.plugins.items import FORMS, Form, Items, without_wrong
from inglenook.plugins.scope import PluginScope
from inglenook.plugins.supervisor import Supervisor

_log = logging.getLogger(__name__)

EVENT_COMPONENT_LOADED: Final = "component_loaded"
SETUP_WAIT_S: Final = 2.0  # a plugin that takes longer goes on in the background; the home does not wait for it


class PluginState(Enum):
    """Where a plugin is in its life."""

    LOADED = "loaded"
    SETTING_UP = "setting up"
    RUNNING = "running"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    ENDED = "ended"


class Plugin:
    """One plugin that the configuration names, or that handles one of its keys: a section.

    ``problem`` says why it is not running; empty when it is.
    """

    def __init__(self, name: str, home: Home, reread: Callable[["Plugin"], Any], *, is_section: bool) -> None:
        self.name = name
        self.is_section = is_section
        self.source = ""
        self.state = PluginState.FAILED
        self.problem = ""
        self.config: Any = None
        self.given = PluginConfig(None, None)  # of a section: what stands under its key, unchecked
        self.form: Form | None = None  # of a section that is open to clients: how their items stand there
        self.sections: Sections | None = None  # of a section: what the files said when they were last in order
        self.module: Any = None
        self.was_tried = asyncio.Event()  # set once the first try to set it up has ended
        self.supervisor = Supervisor(name, home.clock, self._quarantined)
        self.scope = PluginScope(name, home, self.supervisor, partial(reread, self))
        self._end: asyncio.Task[None] | None = None

    async def ended(self) -> None:
        """Wait until everything that it took has been given back."""
        if self._end is not None:
            await self._end
        await self.scope.close()

    def fail(self, problem: str) -> None:
        """Note why it cannot run."""
        self.state, self.problem = PluginState.FAILED, problem

    def _quarantined(self, reason: str) -> None:
        self.state, self.problem = PluginState.QUARANTINED, reason
        self._end = asyncio.get_running_loop().create_task(self.scope.close(), name=f"plugin {self.name}: quarantine")


class PluginManager:
    """The plugins of one home: those of its sections, then those that it names, in the order of the configuration.

    Args:
        home: what they are handed.
        config_dir: where ``plugins/*.py`` are looked for.
        read: returns the configuration as it stands in the files now, for plugins that reload; may raise ConfigErrors.

    Attributes:
        items: what clients make, change and remove of sections that are open to them.
        warnings: what the loaded plugins say of their settings that has no effect or is seldom meant.
    """

    def __init__(self, home: Home, config_dir: Path, read: Callable[[], Configuration] | None = None) -> None:
        self._home = home
        self._read = read
        self._sections = find_sections()
        self._pluggy = pluggy.PluginManager("inglenook")
        self._pluggy.add_hookspecs(hookspecs)
        self._config_dir = config_dir
        self.plugins: dict[str, Plugin] = {}
        self._made = Items(home.store)
        self.items = ItemEditor(home, self._made, self._item_section, self._item_kinds)
        self.warnings: list[ConfigError] = []

    def load(self, settings: Mapping[str, PluginConfig], sections: Sections | None = None) -> list[ConfigError]:
        """Import and register the plugins of ``sections`` and of ``settings``, check what stands there.

        Args:
            settings: of the plugins by name; one that bears the name of a section replaces the plugin of that.
            sections: without them no section is set up.

        Returns:
            what is wrong.
        """
        problems = self._load_sections(sections, settings) if sections is not None else []
        found = find_plugins(self._config_dir)
        for name, given in settings.items():
            problems += self._load(self._add(name, is_section=False), found, given)
        return problems

    @property
    def handled(self) -> frozenset[str]:
        """What an installed plugin handles of a configuration: keys, and once loaded ``light.group`` and its like.

        The latter are items of the key ``light`` with ``platform: group``.
        """
        items = {f"{domain}.{name}" for name in self.plugins for domain in self._item_schemas(name)}
        return frozenset(items | self._sections.keys())

    def service_names(self) -> frozenset[str]:
        """Return the services that the loaded plugins offer once they are set up, each as ``domain.name``."""
        names: set[str] = set()
        for plugin in self.plugins.values():
            if plugin.state is not PluginState.FAILED:
                names.add(f"{plugin.name}.reload")
                given = {"home": self._home, "config": plugin.config, "items": plugin.scope.items}
                try:
                    names.update(self._call(plugin, "service_names", **given) or ())
                except Exception:  # noqa: BLE001 - the wall around a plugin
                    _log.exception("plugin %s: service_names failed", plugin.name)
        return frozenset(names)

    def gather(self, hook: str) -> dict[str, Any]:
        """Return what all plugins give to a ``register_…`` hook by name; of two of one name the first stays."""
        gathered: dict[str, Any] = {}
        for given in getattr(self._pluggy.hook, hook)():
            for name, kind in (given or {}).items():
                gathered.setdefault(name, kind)
        return gathered

    async def setup(self) -> None:
        """Set the plugins up one after the other; none is waited for longer than ``SETUP_WAIT_S``."""
        for plugin in self.plugins.values():
            if plugin.state is not PluginState.LOADED:
                continue
            plugin.supervisor.start(partial(self._setup, plugin), "setup")
            await self._wait(plugin)

    async def teardown(self) -> None:
        """Take the plugins down in reverse. Failures are logged."""
        for plugin in reversed(self.plugins.values()):
            await self._take_down(plugin)
            if plugin.state is PluginState.RUNNING:
                plugin.state = PluginState.ENDED

    async def restart(self, plugin: Plugin) -> None:
        """Take ``plugin`` down and set it up anew with what the files say now, whatever state it is in.

        Raises:
            ConfigErrors: that is wrong; the plugin goes on as it is.
        """
        config = self._reread(plugin)
        await self._take_down(plugin)
        plugin.config, plugin.problem = config, ""
        plugin.supervisor.forgive()
        plugin.was_tried.clear()
        plugin.supervisor.start(partial(self._setup, plugin), "setup")
        await self._wait(plugin)

    def report(self) -> list[dict[str, Any]]:
        """Return every plugin as a list of plugins shows it."""
        return [
            {"name": plugin.name, "source": plugin.source, "state": plugin.state.value, "problem": plugin.problem}
            for plugin in self.plugins.values()
        ]

    # -- one plugin -----------------------------------------------------------------------------------------------

    def _load_sections(self, sections: Sections, replaced: Collection[str]) -> list[ConfigError]:
        problems: list[ConfigError] = []
        defaults = BY_DEFAULT if "default_config" in sections.trees else ()
        for key in dict.fromkeys((*ALWAYS, *defaults, *sections.trees, *sections.platforms(), *self._made.kinds())):
            if key in self._sections and key not in replaced:
                plugin = self._add(key, is_section=True)
                problems += self._load(plugin, self._sections, PluginConfig(None, None), sections)
        return problems

    def _add(self, name: str, *, is_section: bool) -> Plugin:
        plugin = self.plugins[name] = Plugin(name, self._home, self._reread, is_section=is_section)
        return plugin

    def _load(
        self,
        plugin: Plugin,
        found: Mapping[str, FoundPlugin],
        given: PluginConfig,
        sections: Sections | None = None,
    ) -> list[ConfigError]:
        try:
            self._register(plugin, found)
            plugin.form = self._form_of(plugin)
            left_out: list[ConfigError] = []
            if sections is not None:
                plugin.config, left_out = self._checked_section(plugin, sections)
                plugin.scope.items, problems = self._checked_items(plugin, sections)
                given, left_out = plugin.given, [*left_out, *problems]
            else:
                plugin.config = self._checked(plugin, given)
            self.warnings += self._warnings_of(plugin, plugin.config, given)
        except PluginError as error:
            plugin.fail(error.message)
            return [ConfigError(str(error), given.position)]
        except ConfigError as error:
            plugin.fail(str(error))
            return [error]
        return left_out

    def _reread(self, plugin: Plugin) -> Any:
        """Return what the files say to ``plugin`` now, checked; without files what they said.

        Raises:
            ConfigErrors: all that is wrong.
        """
        if self._read is None:
            return plugin.config
        configuration = self._read()
        if plugin.is_section:
            config, _ = self._checked_section(plugin, configuration.sections, is_strict=True)
            given = plugin.given
            items, problems = self._checked_items(plugin, configuration.sections)
            wrong = [problem for problem in problems if not configuration.sections.is_stored(problem)]
            if wrong:
                raise ConfigErrors(wrong)
            plugin.scope.items = items
        else:
            given = configuration.plugins.get(plugin.name, PluginConfig(None, None))
            config = self._checked(plugin, given)
        for warning in self._warnings_of(plugin, config, given):
            _log.warning("%s", warning)
        return config

    def _register(self, plugin: Plugin, found: Mapping[str, FoundPlugin]) -> None:
        where = found.get(plugin.name)
        if where is None:
            raise PluginError(plugin.name, _not_found(plugin.name, found, self._config_dir))
        plugin.source = where.source
        plugin.module = where.load()
        check_hooks(plugin.name, plugin.module)
        self._pluggy.register(plugin.module, plugin.name)
        plugin.state = PluginState.LOADED

    def _checked(self, plugin: Plugin, given: PluginConfig) -> Any:
        schema = self._call(plugin, "config_schema", home=self._home)
        if schema is None:
            return given.settings
        config = {} if given.settings is None else given.settings
        return validate(schema, config, where=_where(plugin), position=given.position)

    def _warnings_of(self, plugin: Plugin, config: Any, given: PluginConfig) -> list[ConfigError]:
        found = self._call(plugin, "config_warnings", home=self._home, config=config) or ()
        return [
            ConfigError(
                message,
                (position_of(given.settings, path) if path else None) or given.position,
                path_text(path, _where(plugin)),
            )
            for path, message in found
        ]

    def _checked_section(
        self, plugin: Plugin, sections: Sections, *, is_strict: bool = False
    ) -> tuple[Any, list[ConfigError]]:
        """Return what stands under the plugin's key, and what is wrong with items there, which are left out.

        So the others work. If it ``is_strict``, as for a reload, that is so only for items that no person wrote.

        Raises:
            ConfigErrors: a person wrote something wrong, and not in one of several items.
        """
        left_out: list[ConfigError] = []
        while True:
            problems: list[ConfigError] = []
            given = self._section(plugin, sections, problems)
            try:
                config = self._checked(plugin, given)
            except ConfigErrors as errors:
                told = sections.leave_out(plugin.name, errors.errors)
                if told:
                    left_out += told
                    continue
                rest = None if is_strict or not _has_items(plugin) else self._right_ones(plugin, given)
                if rest is None:
                    raise
                given, config = rest
                problems += errors.errors
            plugin.given, plugin.sections = given, sections
            plugin.scope.editable = self._editable(plugin, sections)
            return config, [*left_out, *problems]

    def _right_ones(self, plugin: Plugin, given: PluginConfig) -> tuple[PluginConfig, Any] | None:
        """Return a section of items without those that are wrong; None when it is wrong in another way."""
        check = partial(self._check_made, plugin)
        rest = without_wrong(given.settings, check)
        if rest is None:
            return None
        given = PluginConfig(rest, given.position)
        try:
            return given, self._checked(plugin, given)
        except ConfigErrors:
            return None

    def _section(self, plugin: Plugin, sections: Sections, problems: list[ConfigError]) -> PluginConfig:
        """Return what stands under the plugin's key in the files, and what clients made beside it."""
        key, form = plugin.name, plugin.form
        if form is None:
            return PluginConfig(sections.joined(key), sections.positions.get(key))
        tree = self._made.beside(key, form, sections, partial(self._check_made, plugin), problems)
        return PluginConfig(tree, sections.positions.get(key))

    def _check_made(self, plugin: Plugin, section: Any) -> Any:
        return self._checked(plugin, PluginConfig(section, self._made.position))

    def _editable(self, plugin: Plugin, sections: Sections) -> frozenset[str]:
        return frozenset(self._made.editable(plugin.name, plugin.form, sections) if plugin.form is not None else ())

    def _form_of(self, plugin: Plugin) -> Form | None:
        form: Form | None = self._call(plugin, "client_items") if plugin.is_section else None
        if form is None or form in FORMS:
            return form
        raise PluginError(plugin.name, f"client_items() returned {form!r}; expected one of {', '.join(FORMS)}")

    def _item_kinds(self) -> list[str]:
        return [name for name, plugin in self.plugins.items() if plugin.form is not None]

    def _item_section(self, kind: str) -> ItemSection | None:
        plugin = self.plugins.get(kind)
        if plugin is None or plugin.form is None:
            return None
        return ItemSection(
            kind,
            plugin.form,
            sections=lambda: plugin.sections or Sections(),
            check=lambda section: self._checked(plugin, PluginConfig(section, None)),
            bring=partial(self._bring, plugin),
            problem=lambda: "" if plugin.state is PluginState.RUNNING else plugin.problem or plugin.state.value,
        )

    def _bring(self, plugin: Plugin) -> Awaitable[None] | None:
        """Have a section take what clients changed; the files are not read for that."""
        config, _ = self._checked_section(plugin, plugin.sections or Sections())
        return plugin.scope.reload(config) if plugin.scope.reload is not None else None

    def _checked_items(self, plugin: Plugin, sections: Sections) -> tuple[dict[str, list[Any]], list[ConfigError]]:
        """Return the items of other keys that are in order, by the key, and what is wrong with the others."""
        schemas = self._item_schemas(plugin.name)
        found: dict[str, list[Any]] = {}
        problems: list[ConfigError] = []
        for domain, items in sections.items_of(plugin.name).items():
            for item in items if domain in schemas else ():
                try:
                    found.setdefault(domain, []).append(validate(schemas[domain], item, where=domain))
                except ConfigErrors as error:
                    problems += error.errors
        return found, problems

    def _item_schemas(self, name: str) -> Mapping[str, Any]:
        plugin = self.plugins[name]
        found: Mapping[str, Any] | None = (
            self._call(plugin, "platform_schemas", home=self._home) if plugin.is_section else None
        )
        return found or {}

    async def _setup(self, plugin: Plugin) -> None:
        plugin.state = PluginState.SETTING_UP
        try:
            result = self._call(plugin, "setup", home=self._home, config=plugin.config, scope=plugin.scope)
            if isinstance(result, Awaitable):
                await result
            is_late = plugin.was_tried.is_set()  # the start of the home has gone on without it
        except Exception as error:
            plugin.fail(f"setup failed: {error!r}")
            await plugin.scope.release()
            raise
        finally:
            plugin.was_tried.set()
        plugin.state, plugin.problem = PluginState.RUNNING, ""
        level = logging.DEBUG if plugin.is_section else logging.INFO  # of plugins a person chose one line each
        _log.log(level, "plugin %s is set up (%s)", plugin.name, plugin.source)
        if is_late:
            self._home.bus.fire(EVENT_COMPONENT_LOADED, {"component": plugin.name})

    async def _take_down(self, plugin: Plugin) -> None:
        if plugin.state in (PluginState.RUNNING, PluginState.SETTING_UP):
            await plugin.supervisor.stop()
            await self._teardown(plugin)
        await plugin.ended()

    async def _teardown(self, plugin: Plugin) -> None:
        try:
            result = self._call(plugin, "teardown", home=self._home)
            if isinstance(result, Awaitable):
                await result
        except Exception:  # noqa: BLE001 - the wall around a plugin
            _log.exception("plugin %s: teardown failed", plugin.name)

    async def _wait(self, plugin: Plugin) -> None:
        timer = self._home.clock.call_later(SETUP_WAIT_S, plugin.was_tried.set)
        await plugin.was_tried.wait()
        timer.cancel()
        if plugin.state is PluginState.SETTING_UP:
            _log.warning("plugin %s: setup takes longer than %.0f s; not waiting for it", plugin.name, SETUP_WAIT_S)

    def _call(self, plugin: Plugin, hook: str, **arguments: Any) -> Any:
        """Call one hook of one plugin; None if it does not implement it."""
        others = [module for _, module in self._pluggy.list_name_plugin() if module is not plugin.module]
        results = self._pluggy.subset_hook_caller(hook, others)(**arguments)
        return results[0] if results else None


def _where(plugin: Plugin) -> str:
    return plugin.name if plugin.is_section else f"plugins.{plugin.name}"


def _not_found(name: str, found: Mapping[str, FoundPlugin], config_dir: Path) -> str:
    guess = difflib.get_close_matches(name, found, 1)
    hint = f"did you mean {guess[0]}?" if guess else f"there are: {', '.join(sorted(found)) or 'none'}"
    return f"is not installed and {config_dir / 'plugins' / name}.py does not exist; {hint}"


def _has_items(plugin: Plugin) -> bool:
    """True when what stands under the plugin's key are items that have nothing to do with each other."""
    return plugin.form is not None or plugin.name in NAMED
