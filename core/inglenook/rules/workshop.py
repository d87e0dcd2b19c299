"""The workshop: what the rule engine lends to others whose things are made of triggers, conditions and actions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inglenook.clock import Clock
from inglenook.config.values import Validator
from inglenook.errors import Position
from inglenook.home import Home
from inglenook.model import Context
from inglenook.rules.compiler import RuleCompiler
from inglenook.rules.faults import check
from inglenook.rules.firing import Firing
from inglenook.rules.grammar import RuleGrammar
from inglenook.rules.index import EventIndex, StateIndex
from inglenook.rules.kinds import Actions, Config, Variables, Vocabulary
from inglenook.rules.run import Run
from inglenook.rules.runs import Runs, Tasks
from inglenook.templates import Templates


class Workshop:
    """The engine's tools.

    Attributes:
        home: what everything acts on.
        templates: compiles templates.
        grammar: validates triggers, conditions and actions.
        states: the index of changes by entity.
        expand: fills in the blueprint of what uses one: takes its domain and the thing as it was read.
    """

    def __init__(
        self,
        home: Home,
        templates: Templates,
        vocabulary: Vocabulary,
        grammar: RuleGrammar,
        indexes: tuple[StateIndex, EventIndex],
        tasks: Tasks,
        expand: Callable[[str, Any], Any],
    ) -> None:
        self.expand = expand
        self.home = home
        self.templates = templates
        self.grammar = grammar
        self.states, self._events = indexes
        self._vocabulary = vocabulary
        self._tasks = tasks
        self._passing: set[Routine] = set()

    def check(self, raw: Any, validate: Validator, position: Position | None) -> Any:
        """Return what ``validate`` makes of ``raw``, all of whose templates are well formed.

        Raises:
            ConfigErrors: all that is wrong, each with its place.
        """
        return check(raw, validate, self.templates, position)

    def compiler(self, name: str) -> RuleCompiler:
        """Return a compiler for the thing called ``name`` in logs."""
        return RuleCompiler(self.home, self.templates, self._vocabulary, self.states, self._events, name)

    def routine(self, name: str, entity_id: str, actions: Sequence[Config], path: str) -> "Routine":
        """Return validated actions, ready to run; ``path`` is that of their list."""
        compiled = self.compiler(name).actions(actions, path)
        return Routine(name, entity_id, compiled, self.home.clock, self._tasks)

    async def carry_out(self, name: str, actions: Sequence[Config], context: Context, variables: Variables) -> Run:
        """Run validated actions that stand in no rule, to their end, and return the run."""
        routine = self.routine(name, "", actions, "sequence")
        self._passing.add(routine)
        try:
            run = routine.start(context, variables)
            assert run is not None
            await run.ended()
        finally:
            self._passing.discard(routine)
        return run

    def stop(self) -> None:
        """End what :meth:`carry_out` has under way."""
        for routine in tuple(self._passing):
            routine.stop()


class Routine:
    """Actions of something that is no rule. One that runs already is not started again.

    Attributes:
        name: whose actions they are, for logs.
        entity_id: the entity they belong to.
    """

    def __init__(self, name: str, entity_id: str, actions: Actions, clock: Clock, tasks: Tasks) -> None:
        self.name = name
        self.entity_id = entity_id
        self._actions = actions
        self._clock = clock
        self._runs = Runs(name, "single", 1, "warning", tasks, lambda _: None)

    def start(self, context: Context, variables: Mapping[str, Any], firing: Firing | None = None) -> Run | None:
        """Run the actions, at once as far as nothing has to wait; None when a run goes on already."""
        if not self._runs.may_start():
            return None
        clock = self._clock
        run = Run(self, clock, context, dict(variables), firing, clock.monotonic(), clock.now())
        self._runs.admit(run, self._actions)
        self._runs.execute(run, self._actions)
        return run

    def stop(self) -> None:
        """End the run."""
        self._runs.stop()
