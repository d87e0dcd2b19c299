"""Where a home's rules come from: the configuration's ``automation:`` sections, and the files of its rules folders."""

import logging
from typing import Final

from inglenook.config.configuration import Configuration
from inglenook.errors import ConfigError, ConfigErrors, Position
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.reload import Reload, Reloader
from inglenook.rules import InvalidRule, Rule, RuleEngine

_log = logging.getLogger(__name__)

DOMAIN: Final = "automation"
EVENT_RELOADED: Final = "automation_reloaded"


class RuleSources:
    """Reads the rules of a home and gives them to its engine.

    Attributes:
        folders: the rules folders; its ``watch`` swaps in what changes.
    """

    def __init__(self, configuration: Configuration, engine: RuleEngine, home: Home) -> None:
        self._configuration = configuration
        self._engine = engine
        self._bus = home.bus
        self.folders: Reloader[Rule | InvalidRule] = Reloader(
            engine,
            configuration.rules,
            configuration.folder,
            home.clock,
            config_files=configuration.files,
            on_reload=self._tell,
            invalid=_stand_in,
        )

    def load(self) -> list[ConfigError]:
        """Read every rule and take it in; return all that is wrong and all that is seldom meant.

        A rule that is not in order is there as an unavailable entity, and the others load.
        """
        return [*self._load_section(), *self.folders.load(self._configuration.cache)]

    async def reload(self, call: ServiceCall) -> None:
        """``automation.reload``: read the configuration's automations and the rules folders again.

        Raises:
            ConfigErrors: the configuration cannot be read; what runs stays.
        """
        self._configuration = self._configuration.read_again()
        for problem in self._load_section():
            _log.error("%s", problem)
        await self.folders.reload()
        self._bus.fire(EVENT_RELOADED, context=call.context)

    def _tell(self, reload: Reload) -> None:
        if reload.report is not None:
            self._bus.fire(EVENT_RELOADED)

    def _load_section(self) -> list[ConfigError]:
        listed = self._configuration.sections.listed(DOMAIN)
        rules = [self._checked(raw, position) for raw, position in listed]
        self._engine.swap(str(self._configuration.path), rules)
        return [error for rule in rules if isinstance(rule, InvalidRule) for error in rule.errors]

    def _checked(self, raw: object, position: Position | None) -> Rule | InvalidRule:
        try:
            return self._engine.check(raw, position)
        except ConfigErrors as errors:
            return _stand_in(raw, errors, position)


def _stand_in(raw: object, errors: ConfigErrors, position: Position | None) -> InvalidRule:
    return InvalidRule(raw, errors.errors, position)
