"""The mechanism of purpose-specific conditions: any or all of the entities of a target are what is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, one_of, positive_duration
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Grammar, Variables
from inglenook.rules.purpose.aim import Aim
from inglenook.rules.purpose.match import Test
from inglenook.rules.purpose.since import Since
from inglenook.rules.purpose.sources import Sources, has, is_known
from inglenook.rules.purpose.trigger import Entities, Options, late_shape

_SLACK_S: Final = 1e-6

ASKING: Final[Mapping[Any, Validator]] = {
    vol.Optional("behavior", default="any"): one_of("any", "all"),
    "for": positive_duration,
}


@dataclass(frozen=True, slots=True)
class PurposeCondition:
    """A row of the table.

    Attributes:
        sources: the entities that it may ask.
        holds: makes what is asked of a known state, from the validated options.
        options: beside those of ``ASKING``, or all of them.
        entities: what it asks, from the options, instead of a target.
        counts: the entity takes part at all.
        is_of_one_state: while it holds the state cannot change, so that its last change tells for how long it has.
        with_diagnostics: a target's areas and devices reach diagnostic entities, too.
    """

    sources: Sources
    holds: Callable[[Options, Home], Test]
    options: Mapping[Any, Validator] = field(default_factory=lambda: ASKING)
    entities: Entities | None = None
    counts: Test = is_known
    is_of_one_state: bool = False
    with_diagnostics: bool = False

    def kind(self) -> ConditionKind:
        """Return it as the vocabulary knows kinds."""
        return ConditionKind(self._schema, self._compile)

    def _schema(self, _: Grammar) -> Validator:
        return late_shape(self.options, has_target=self.entities is None)

    def _compile(self, config: Config, compiler: Compiler) -> Condition:
        options, home = config["options"], compiler.home
        aim, holds = self._aim(config), self._holds_for(options, compiler, self._aim(config))
        is_member = self._members(home)
        is_for_all = options.get("behavior") == "all"
        fixed = aim.reach(home) if aim.is_fixed else None

        def condition(_: Variables) -> bool:
            reached = aim.reach(home) if fixed is None else fixed
            asked = [state for one in reached if (state := is_member(one)) is not None]
            return all(map(holds, asked)) if is_for_all else any(map(holds, asked))

        return condition

    def _aim(self, config: Config) -> Aim:
        if self.entities is not None:
            return Aim.of({"entity_id": self.entities(config["options"])})
        return Aim.of(config["target"], with_diagnostics=self.with_diagnostics)

    def _members(self, home: Home) -> Callable[[str], State | None]:
        """Return what gives the state of an entity that takes part, None for one that does not."""
        get, sources, counts = home.states.get, self.sources, self.counts

        def member(entity_id: str) -> State | None:
            state = get(entity_id)
            if state is None or not has(sources, state) or not is_known(state) or not counts(state):
                return None
            return state

        return member

    def _holds_for(self, options: Options, compiler: Compiler, aim: Aim) -> Test:
        """Return the test of one state, with how long it has to hold for."""
        holds, seconds, clock = self.holds(options, compiler.home), options.get("for", 0.0), compiler.home.clock
        if not seconds:
            return holds
        if self.is_of_one_state:
            return lambda state: holds(state) and clock.now() - state.changed_at >= seconds - _SLACK_S
        since = Since(compiler.states, self.sources, holds)
        for entity_id in aim.reach(compiler.home):
            since.follow(entity_id, compiler.home.states.get(entity_id))

        def held(state: State) -> bool:
            begun = since.begun(state)
            return begun is not None and clock.now() - begun >= seconds - _SLACK_S

        return held
