"""The compiler: turns validated configuration into closures. A rule is compiled once, when it first has to do so."""

import logging
from collections.abc import Callable, Mapping
from collections.abc import Sequence as Several
from typing import Any

import voluptuous as vol

from inglenook.config.values import is_template, positive_duration, told
from inglenook.errors import ConditionError, InglenookError, TemplateError, UnknownEntry
from inglenook.home import Home
from inglenook.rules.faults import located, placed
from inglenook.rules.firing import Arming, Firing
from inglenook.rules.index import EventIndex, StateIndex
from inglenook.rules.kinds import Actions, Condition, Config, Disarm, Variables, Vocabulary
from inglenook.rules.run import RunAborted
from inglenook.rules.sequence import Sequence, Step
from inglenook.rules.shape import Shaped
from inglenook.templates import Renderer, Template, Templates

_log = logging.getLogger(__name__)


class RuleCompiler:
    """Compiles for one rule.

    Args:
        home: what the compiled parts act on.
        templates: compiles templates, each text once.
        vocabulary: the kinds.
        states: the index of the rules' triggers by entity.
        events: the same by event type.
        name: the rule's, for logs.
    """

    def __init__(
        self,
        home: Home,
        templates: Templates,
        vocabulary: Vocabulary,
        states: StateIndex,
        events: EventIndex,
        name: str,
    ) -> None:
        self.home = home
        self.templates = templates
        self.name = name
        self._vocabulary = vocabulary
        self.states = states
        self._events = events

    def template(self, text: str) -> Template:
        """Return the compiled template."""
        return self.templates.compile(text, is_checked=True)

    def renderer(self, value: Any) -> Renderer:
        """Return what renders every template in a tree."""
        return self.templates.compile_tree(value)

    def duration(self, value: Any) -> Callable[[Variables], float]:
        """Return what gives the seconds of a duration that is a number or holds templates.

        Raises:
            RunAborted: (what is returned raises it) the template fails or gives no duration.
        """
        if isinstance(value, float):
            return lambda _: value
        render = self.template(value).render if isinstance(value, str) else self.renderer(value)

        def seconds(variables: Variables) -> float:
            try:
                return positive_duration(render(variables))
            except TemplateError as error:
                raise RunAborted(f"duration: {error}") from error
            except vol.Invalid as error:
                raise RunAborted(f"duration: {told(error)}, from {_written(value)}") from error

        return seconds

    # -- conditions -----------------------------------------------------------------------------------------------

    def condition(self, config: Config) -> Condition:
        """Return one condition; None is its answer when it is disabled."""
        enabled = config.get("enabled", True)
        if enabled is False:
            return _disabled
        condition = self._vocabulary.conditions[config["condition"]].compile(config, self)
        if enabled is True:
            return condition
        is_enabled = self.template(enabled)

        def if_enabled(variables: Variables) -> bool | None:
            try:
                return condition(variables) if is_enabled.render(variables, limited=True) else None
            except TemplateError as error:
                raise ConditionError(f"enabled: {error}") from error

        return if_enabled

    def all_of(self, configs: Several[Config]) -> Condition:
        """Return whether all of ``configs`` hold; an error is raised unless one of them is false."""
        enabled = [config for config in configs if config.get("enabled") is not False]
        conditions = [(self.condition(config), config) for config in enabled]

        def hold(variables: Variables) -> bool:
            problem = None
            for condition, config in conditions:
                try:
                    if condition(variables) is False:
                        return False
                except ConditionError as error:
                    problem = problem or placed(error, config)
            if problem is not None:
                raise problem
            return True

        return hold

    def conditions(self, configs: Several[Config], what: str) -> Callable[[Variables], bool]:
        """Return whether all of ``configs`` hold; an error counts as no, and is logged with ``what``."""
        all_hold, name = self.all_of(configs), self.name

        def hold(variables: Variables) -> bool:
            try:
                return bool(all_hold(variables))
            except ConditionError as error:
                _log.warning("rule %s, %s: %s", name, located(what, error.position), error)
                return False

        return hold

    # -- actions --------------------------------------------------------------------------------------------------

    def actions(self, configs: Several[Config], path: str) -> Actions:
        """Return a list of steps, the first of them at ``path/0``."""
        return Sequence(
            [
                self._step(config, f"{path}/{index}")
                for index, config in enumerate(configs)
                if config.get("enabled") is not False
            ]
        )

    def _step(self, config: Config, path: str) -> Step:
        assert isinstance(config, Shaped)
        enabled = config.get("enabled", True)
        return Step(
            self._vocabulary.actions[config.kind].compile(config, self, path),
            path,
            config.raw,
            keeps_going=config.get("continue_on_error", False),
            enabled=None if enabled is True else self.template(enabled),
        )

    # -- triggers -------------------------------------------------------------------------------------------------

    def arm(
        self,
        configs: Several[Config],
        variables: Variables,
        on_fire: Callable[[Firing], object],
        path: str = "trigger",
    ) -> Disarm:
        """Arm triggers and return how to stop them; one that cannot be armed is logged and the others work.

        ``path``: where they stand in the rule, for logs.

        Raises:
            UnknownEntry: one is for a device that is not there; nothing is armed.
        """
        disarms: list[Disarm] = []

        def disarm() -> None:
            for stop in disarms:
                stop()

        for index, config in enumerate(configs):
            arming = self._arming(config, index, variables, on_fire, path)
            try:
                if self._is_enabled(config, variables):
                    disarms.append(self._vocabulary.triggers[config["trigger"]].arm(arming))
            except UnknownEntry:
                disarm()
                raise
            except Exception as error:  # noqa: BLE001 - the wall around a trigger: the others are armed
                unexpected = None if isinstance(error, InglenookError | vol.Invalid) else error
                _log.error(
                    "rule %s, %s: trigger %s cannot be armed: %s", self.name, arming.place, config["trigger"], error,
                    exc_info=unexpected,
                )  # fmt: skip
        return disarm

    def _is_enabled(self, config: Config, variables: Variables) -> bool:
        enabled = config.get("enabled", True)
        if is_template(enabled):
            enabled = self.template(enabled).render(variables, limited=True)
        return bool(enabled)

    def _arming(
        self, config: Config, index: int, variables: Variables, on_fire: Callable[[Firing], object], path: str
    ) -> Arming:
        common = {
            "id": config.get("id", str(index)),
            "idx": str(index),
            "alias": config.get("alias"),
            "platform": config["trigger"],
        }
        return Arming(
            self.home, self.templates, self.states, self._events, config, common, variables, self.name, on_fire, path
        )


def _disabled(_: Mapping[str, Any]) -> None:
    """Answer neither way."""


def _written(value: Any) -> str:
    """Return a duration as a person wrote it: a template, or units with templates."""
    if isinstance(value, Mapping):
        return ", ".join(f"{unit}: {amount}" for unit, amount in value.items())
    return str(value)
