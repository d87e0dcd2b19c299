"""Where a home's rules come from: sections of the configuration, and the files of its rules folders.

The sections are ``automation:``, ``script:`` and ``scene:``.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

import voluptuous as vol

from inglenook.config.blueprints import Blueprints
from inglenook.config.configuration import Configuration
from inglenook.config.reading import shown_path
from inglenook.config.schema import config_errors
from inglenook.config.sections import RULE_SECTIONS
from inglenook.config.values import shown, slug
from inglenook.entities.scenes import SCHEMA as SCENE_SCHEMA
from inglenook.entities.scenes import SceneConfig, Scenes, scene_config
from inglenook.errors import ConfigError, ConfigErrors, Position, ServiceValidationError
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.reload import Reload, Reloader
from inglenook.rules import RESERVED_SCRIPTS, InvalidRule, Rule, RuleEngine, Vocabulary
from inglenook.rules.rule_entity import RuleEntity
from inglenook.server.config_changes import ConfigChanges
from inglenook.server.section_files import files_of_sections
from inglenook.templates import Templates

_log = logging.getLogger(__name__)

AUTOMATION: Final = "automation"
SCRIPT: Final = "script"
SCENE: Final = "scene"
EVENT_RELOADED: Final = "automation_reloaded"


_Checked = dict[int, Rule]  # by the identity of its tree, which lives as long


class BlueprintUser(Protocol):
    """Something beside the rules whose parts are made of blueprints."""

    on_reload: Callable[[], object]

    def blueprint_files(self) -> frozenset[Path]:
        """Return the files that it is made of."""

    def take_blueprints(self, changed: set[Path]) -> None:
        """Follow those of its files that changed."""


class RuleSources:
    """Reads the rules of a home and gives them to its engine, which it makes.

    Args:
        configuration: whose sections and rules folders they are.
        home: where they run; it offers the services that read the sections again.
        templates: compile the rules' templates.
        vocabulary: the kinds they may use.

    Attributes:
        blueprints: what rules may be made of.
        engine: what runs them.
        folders: the rules folders; its ``watch`` swaps in what changes.
    """

    def __init__(self, configuration: Configuration, home: Home, templates: Templates, vocabulary: Vocabulary) -> None:
        self._configuration = configuration
        self.blueprints = blueprints = Blueprints(configuration.folder)
        self._users: list[BlueprintUser] = []
        self._scenes = Scenes(home)
        self.engine = RuleEngine(home, templates, vocabulary, blueprints.expand)
        self._bus = home.bus
        self._checked: _Checked = {}
        self._lock = asyncio.Lock()
        self._changes = ConfigChanges(configuration, home.services)
        self._source = str(configuration.path)
        self.folders: Reloader[Rule | InvalidRule] = Reloader(
            self.engine,
            configuration.rules,
            configuration.folder,
            home.clock,
            config_files=configuration.files,
            on_reload=self._tell,
            invalid=_stand_in,
            parts=lambda raw: blueprints.files(AUTOMATION, raw),
            on_other=self._take_blueprints,
            on_config=self._take_configuration,
        )
        home.services.register(AUTOMATION, "reload", self._reload_automations, fields=_RELOAD_FIELDS)
        home.services.register(SCRIPT, "reload", self._reload_scripts)
        home.services.register(SCENE, "reload", self._reload_scenes)

    @property
    def configuration(self) -> Configuration:
        """The configuration as it was read last."""
        return self._configuration

    def load(self) -> list[ConfigError]:
        """Read every rule and take it in; return all that is wrong and all that is seldom meant.

        A rule that is not in order is there as an unavailable entity, and the others load.
        """
        problems = [*self._load_scenes(), *self._load_scripts(), *self._load_automations()]
        problems += self.folders.load(self._configuration.cache)
        self._watch_blueprints()
        return problems

    def unused_inputs(self) -> list[ConfigError]:
        """Return warnings: what rules give to their blueprints, which have no such inputs."""
        return [
            warning
            for entity in self.engine
            if isinstance(entity.rule, Rule)
            for warning in self.blueprints.unused(entity.domain, entity.rule.written)
        ]

    def join(self, user: BlueprintUser) -> None:
        """Let something else hear of its blueprints, too."""
        self._users.append(user)
        user.on_reload = self._watch_blueprints
        self._watch_blueprints()

    async def reload(self, section: str) -> None:
        """Read the configuration again and take in one of its ``RULE_SECTIONS``.

        A rule that is wrong now runs on as it was.

        Raises:
            ServiceValidationError: the configuration cannot be read; what runs stays.
        """
        load: dict[str, Callable[[], list[ConfigError]]] = {
            AUTOMATION: partial(self._load_automations, keeps_running=True),
            SCRIPT: partial(self._load_scripts, keeps_running=True),
            SCENE: self._load_scenes,
        }
        await self._reread(load[section], needs_all=True)

    # -- services -------------------------------------------------------------------------------------------------

    async def _reload_automations(self, call: ServiceCall) -> None:
        """``automation.reload``: read the configuration's automations and the rules folders again."""
        await self._reread(self._load_automations)
        await self.folders.reload()
        self._bus.fire(EVENT_RELOADED, context=call.context)

    async def _reload_scripts(self, _: ServiceCall) -> None:
        await self._reread(self._load_scripts)

    async def _reload_scenes(self, _: ServiceCall) -> None:
        await self._reread(self._load_scenes)

    async def _reread(self, load: Callable[[], list[ConfigError]], *, needs_all: bool = False) -> None:
        """Read the configuration again and ``load`` a section of it.

        What could not be read before need not be readable now, unless ``needs_all``.

        Raises:
            ServiceValidationError: the configuration cannot be read; what runs stays.
        """
        async with self._lock:
            known = set(map(str, self._configuration.unread))
            try:
                configuration = await asyncio.to_thread(self._configuration.read_again)
            except ConfigErrors as errors:
                raise ServiceValidationError(f"the configuration cannot be read:\n{errors}") from errors
            unread = [one for one in configuration.unread if str(one) not in known or needs_all]
            if unread:
                raise ServiceValidationError(f"the configuration cannot be read:\n{ConfigErrors(unread)}")
            self._configuration = configuration
            for problem in load():
                _log.error("%s", problem)
            self._watch_blueprints()

    async def _take_configuration(self, changed: set[Path]) -> None:
        """Follow the files of the configuration that hold rules and nothing else, and say what the others ask for.

        While some of it cannot be read, or is not what stands there, any change may mend that.
        """
        folder = self._configuration.folder
        mine = self._rule_files()
        followed = changed if self._configuration.unread or self._configuration.stale else changed & mine
        if any(path.is_file() and path.stat().st_size for path in followed):  # else an editor may be writing it
            async with self._lock:
                await self._follow({shown_path(path, folder) for path in followed})
        others = changed - mine - self._rule_files()
        if others:
            await self._changes.tell(others, self._configuration)

    def _rule_files(self) -> set[Path]:
        names = files_of_sections(self._configuration, RULE_SECTIONS)
        return {self._configuration.folder / name for name in names}

    async def _follow(self, files: set[str]) -> None:
        """Take in what ``files`` hold; when something in them is wrong that was not, all rules stay as they were."""
        before, names = self._configuration, ", ".join(sorted(files))
        problems = [*before.unread, *self._problems(self._automations(), self._scripts())]
        known = {(one.where, one.message) for one in problems}
        try:
            self._configuration = await asyncio.to_thread(before.read_again)
            (automations, (scripts, found), (scenes, _)) = self._automations(), self._scripts(), self._scenes_now()
            problems = [one for one in self._problems(automations, (scripts, found)) if _is_in(one, files)]
            problems += self._configuration.unread
            wrong = [one for one in problems if (one.where, one.message) not in known]
        except ConfigErrors as errors:
            wrong = list(errors.errors)
        if wrong:
            self._configuration = before
            _log.error("%s: refused, the rules run on as they were:\n%s", names, ConfigErrors(wrong))
            return
        self._scenes.load(scenes)
        told = self._swap(automations, scripts)
        _log.info("%s: %s", names, told or "taken in")
        self._watch_blueprints()
        self._bus.fire(EVENT_RELOADED)

    def _problems(
        self,
        automations: list[Rule | InvalidRule],
        scripts: tuple[dict[str, Rule | InvalidRule], list[ConfigError]],
    ) -> list[ConfigError]:
        """Return what is wrong with these and with the scenes."""
        return [*_errors(automations), *_errors(scripts[0].values()), *scripts[1], *self._scenes_now()[1]]

    def _tell(self, reload: Reload) -> None:
        if reload.report is not None:
            self._bus.fire(EVENT_RELOADED)

    # -- blueprints -----------------------------------------------------------------------------------------------

    def _watch_blueprints(self) -> None:
        """Let the watch hear of the blueprints that are used outside the rules folders."""
        self.folders.others = self._blueprint_files().union(*(user.blueprint_files() for user in self._users))

    def _blueprint_files(self) -> frozenset[Path]:
        """Return the files of the blueprints that the sections use."""
        sections = self._configuration.sections
        used = [self.blueprints.files(AUTOMATION, raw) for raw in sections.raw(AUTOMATION)]
        used += [self.blueprints.files(SCRIPT, raw) for _, raw, _ in sections.named(SCRIPT)]
        return frozenset().union(*used)

    def _take_blueprints(self, changed: set[Path]) -> None:
        """Let everybody follow the blueprints that changed."""
        if changed & self._blueprint_files():
            self._take_own_blueprints(changed)
        for user in self._users:
            user.take_blueprints(changed)
        self._watch_blueprints()

    def _take_own_blueprints(self, changed: set[Path]) -> None:
        """Make the rules of the sections anew that use what changed.

        When one that was in order is wrong now, all stay as they are.
        """
        automations, scripts, _ = self._automations(), *self._scripts()
        users = [*((AUTOMATION, rule) for rule in automations), *((SCRIPT, rule) for rule in scripts.values())]
        in_order = {id(entity.rule.as_written) for entity in self.engine if isinstance(entity.rule, Rule)}
        problems = list(
            _errors(
                rule
                for domain, rule in users
                if id(rule.as_written) in in_order and self.blueprints.files(domain, rule.raw) & changed
            )
        )
        if problems:
            lines = dict.fromkeys(map(str, problems))  # each once, however many are made of the blueprint
            _log.error("a blueprint is refused, what was made of it runs on:\n%s", "\n".join(lines))
            return
        told = self._swap(automations, scripts)
        _log.info("%s: %s", ", ".join(sorted(path.name for path in changed)), told or "nothing is made of it")
        self._bus.fire(EVENT_RELOADED)

    # -- sections -------------------------------------------------------------------------------------------------

    def _load_automations(self, *, keeps_running: bool = False) -> list[ConfigError]:
        rules = self._automations()
        if keeps_running:
            running = _running(self.engine)
            rules = [_as_it_ran(rule, running.get(rule.id or "")) for rule in rules]
        report = self.engine.swap(self._source, rules)
        return [*_errors(rules), *report.refused]

    def _load_scripts(self, *, keeps_running: bool = False) -> list[ConfigError]:
        scripts, problems = self._scripts()
        if keeps_running:
            running = _running(self.engine.scripts)
            scripts = {name: _as_it_ran(script, running.get(name)) for name, script in scripts.items()}
        self.engine.scripts.swap(self._source, scripts)
        return [*problems, *_errors(scripts.values())]

    def _swap(self, automations: list[Rule | InvalidRule], scripts: dict[str, Rule | InvalidRule]) -> str:
        """Swap both in; return in words what became of them, nothing if all stay."""
        reports = self.engine.scripts.swap(self._source, scripts), self.engine.swap(self._source, automations)
        for error in reports[1].refused:
            _log.error("%s", error)
        return "; ".join(
            f"{what} {', '.join(names)}"
            for what in ("added", "changed", "removed")
            if (names := [name for report in reports for name in getattr(report, what)])
        )

    def _automations(self) -> list[Rule | InvalidRule]:
        """Return the automations as they stand in the configuration; one that stands as before is not checked again."""
        cache, mark = self._configuration.cache, self._mark()
        is_good = cache.is_good(mark)
        before, self._checked = self._checked, {}
        rules: list[Rule | InvalidRule] = []
        check = partial(self.engine.check, is_known_good=is_good)
        for raw, position in self._configuration.sections.listed(AUTOMATION):
            if raw is None and self._configuration.unread:
                continue
            known = before.get(id(raw))
            rule = known if known is not None and known.raw is raw else self._made(check, raw, position)
            rules.append(rule)
            if isinstance(rule, Rule):
                self._checked[id(raw)] = rule
        if len(self._checked) == len(rules):
            cache.add_good(mark)
        return rules

    def _made(
        self, check: Callable[[Any, Position | None], Rule], raw: Any, position: Position | None
    ) -> Rule | InvalidRule:
        """Return the rule that ``raw`` is, or what stands for it when it is wrong or lacks a part that was not read."""
        if unread := self._configuration.unread_in(raw):
            return InvalidRule(raw, unread, position)
        return _checked(check, raw, position)

    def _mark(self) -> bytes:
        """Return what the automations' being good depends on."""
        return sha256(self._configuration.digest + self.engine.fingerprint).digest()

    def _scripts(self) -> tuple[dict[str, Rule | InvalidRule], list[ConfigError]]:
        """Return the scripts by name, and what is none at all."""
        scripts: dict[str, Rule | InvalidRule] = {}
        sections = self._configuration.sections
        problems = [
            ConfigError(f"expected scripts by their names, got {shown(tree)}", sections.positions[SCRIPT], SCRIPT)
            for tree in sections.trees.get(SCRIPT, ())
            if tree is not None and not isinstance(tree, dict)
        ]
        for name, raw, position in self._configuration.sections.named(SCRIPT):
            if raw is None and self._configuration.unread:
                continue
            if (problem := no_script(name, raw, position)) is not None:
                problems.append(problem)
            else:
                scripts[str(name)] = self._made(self.engine.check_script, raw, position)
        return scripts, problems

    def _load_scenes(self) -> list[ConfigError]:
        configs, problems = self._scenes_now()
        self._scenes.load(configs)
        return problems

    def _scenes_now(self) -> tuple[list[SceneConfig], list[ConfigError]]:
        """Return the scenes as they stand in the configuration, and what is wrong with others."""
        configs: list[SceneConfig] = []
        problems: list[ConfigError] = []
        for raw, position in self._configuration.sections.listed(SCENE):
            if raw is None and self._configuration.unread:
                continue
            if unread := self._configuration.unread_in(raw):
                problems += unread
                continue
            if isinstance(raw, dict) and "platform" in raw:
                message = f"nothing brings the scenes of the platform {shown(raw['platform'])}"
                problems.append(ConfigError(message, position))
                continue
            try:
                configs.append(scene_config(raw))
            except vol.Invalid as error:
                problems += config_errors(error, raw, SCENE_SCHEMA, position=position).errors
        return configs, problems


def _running(entities: Iterable[RuleEntity]) -> dict[str, Rule]:
    """Return the rules that are in order, by the ids of their entities."""
    return {one.unique_id: one.rule for one in entities if one.unique_id and isinstance(one.rule, Rule)}


def _as_it_ran(rule: Rule | InvalidRule, running: Rule | None) -> Rule | InvalidRule:
    """Return ``rule``, or the version of it that runs if it is wrong now."""
    return running if running is not None and isinstance(rule, InvalidRule) else rule


def _is_in(error: ConfigError, files: set[str]) -> bool:
    return error.position is None or error.position.path in files


def no_script(name: Any, raw: Any, position: Position | None) -> ConfigError | None:
    """Return why nothing of that name can be a script."""
    try:
        slug(name)
    except vol.Invalid as error:
        return ConfigError(f"the name of a script: {error}", position)
    if name in RESERVED_SCRIPTS:
        return ConfigError(f"script.{name} is a service of its own; give the script another name", position)
    if not isinstance(raw, dict):
        return ConfigError(f"script {name}: expected a mapping with a sequence, got {shown(raw)}", position)
    return None


def _checked(check: Callable[[Any, Position | None], Rule], raw: Any, position: Position | None) -> Rule | InvalidRule:
    try:
        return check(raw, position)
    except ConfigErrors as errors:
        return _stand_in(raw, errors, position)


def _stand_in(raw: object, errors: ConfigErrors, position: Position | None) -> InvalidRule:
    return InvalidRule(raw, errors.errors, position)


def _errors(rules: Iterable[Rule | InvalidRule]) -> Iterator[ConfigError]:
    for rule in rules:
        if isinstance(rule, InvalidRule):
            yield from rule.errors


_RELOAD_FIELDS: Final = {"id": {"required": False, "selector": {"text": {}}}}
