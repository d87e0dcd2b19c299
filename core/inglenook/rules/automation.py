"""Automations: the entities behind the rules. They arm triggers, start runs, and show what they last did."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, NamedTuple

from inglenook.entity import Entity
from inglenook.errors import TemplateError, UnknownEntry
from inglenook.home import Home
from inglenook.model import NO_DATA, Context
from inglenook.rules.compiler import RuleCompiler
from inglenook.rules.firing import MANUAL, Firing
from inglenook.rules.grammar import DEFAULT_STORED_TRACES
from inglenook.rules.index import EventIndex, StateIndex
from inglenook.rules.kinds import Disarm, Vocabulary
from inglenook.rules.loops import Budget, LoopLog, run_context
from inglenook.rules.program import Program
from inglenook.rules.rule import InvalidRule, Rule, RunRecord
from inglenook.rules.run import Outcome, Run
from inglenook.rules.runs import Runs, Tasks
from inglenook.rules.writing import StateWriter
from inglenook.templates import Templates

_log = logging.getLogger(__name__)

EVENT_TRIGGERED: Final = "automation_triggered"
REFUSALS_KEPT: Final = 5
LAST_STEPS: Final = 5

_MODES_WITH_MAX: Final = ("queued", "parallel")


@dataclass(slots=True)
class Surroundings:
    """What every rule is given by the engine.

    ``shows_everything``: plugins brought conditions or actions, which may look at variables that no template mentions.
    """

    home: Home
    templates: Templates
    vocabulary: Vocabulary
    states: StateIndex
    events: EventIndex
    writer: StateWriter
    shows_everything: bool = False
    tasks: Tasks = field(default_factory=Tasks)
    loops: LoopLog = field(default_factory=LoopLog)
    on_run: list[Callable[[RunRecord], object]] = field(default_factory=list)
    is_started: bool = False


class Refusal(NamedTuple):
    """A firing that no run came of: when (epoch seconds), and which condition was not met, or what failed."""

    at: float
    firing: Firing
    place: str
    error: str


class AutomationEntity(Entity):
    """One rule.

    Attributes:
        rule: what it does; an invalid one makes it unavailable.
        source: where the rule comes from, as it was given to the engine.
        traces: the last runs, newest last.
        refusals: the last firings that came to nothing, newest last.
    """

    domain: ClassVar[str] = "automation"
    name: str = ""

    def __init__(self, surroundings: Surroundings, rule: Rule | InvalidRule, source: str, name: str) -> None:
        self._given = surroundings
        self._disarm: Disarm | None = None
        self._program: Program | None = None
        self._compiler: RuleCompiler | None = None
        self._runs: Runs
        self._context: Context | None = None
        self._budget = Budget()
        self.source = source
        self.unique_id = rule.id
        self.last_triggered: float | None = None
        self.traces: deque[Run] = deque(maxlen=DEFAULT_STORED_TRACES)
        self.refusals: deque[Refusal] = deque(maxlen=REFUSALS_KEPT)
        self.is_on = True
        self._take(rule, name)

    # -- entity ---------------------------------------------------------------------------------------------------

    def write(self, context: Context | None = None) -> None:
        """Publish on or off, when it was last triggered, and how many runs there are."""
        self.state = self.is_on
        at = self.last_triggered
        shown: dict[str, Any] = {
            "last_triggered": None if at is None else datetime.fromtimestamp(at, UTC),
            "mode": self._mode,
            "current": self.runs,
        }
        if self._mode in _MODES_WITH_MAX:
            shown["max"] = self._limit
        self.attributes = shown
        super().write(context)

    def added(self) -> None:
        """Take up where the last run of the home left it."""
        last = self._given.home.states.get(self.entity_id)
        if last is not None and last.is_restored:
            self.is_on = last.state != "off"
            self.last_triggered = _epoch(last.attributes.get("last_triggered"))
        self._apply_initial_state()

    def removed(self) -> None:
        """End its runs and watch nothing any more."""
        self.disarm()
        self._runs.stop()

    def turn_on(self) -> None:
        """Arm the triggers."""
        self.is_on = True
        if self._given.is_started:
            self.arm()
        self._given.writer.write_now(self)

    def turn_off(self, *, stop_actions: bool = True) -> None:
        """Watch nothing any more, and end the runs unless they may go on."""
        self.is_on = False
        self.disarm()
        if stop_actions:
            self._runs.stop()
        self._given.writer.write_now(self)

    def toggle(self) -> None:
        """Turn it off if it is on, and on if it is off."""
        if self.is_on:
            self.turn_off()
        else:
            self.turn_on()

    def trigger(
        self,
        context: Context,
        variables: Mapping[str, Any] = NO_DATA,
        *,
        skip_condition: bool = True,
    ) -> Awaitable[None] | None:
        """Run it now, on or off; return what ends with the run if it has to wait.

        Args:
            context: of the call.
            variables: for the run.
            skip_condition: whether it runs whatever its conditions say.
        """
        run = self._fire(Firing(MANUAL, dict, context), variables, skip_condition=skip_condition)
        return run.ended() if run is not None and run.outcome is Outcome.RUNNING else None

    # -- rule -----------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> int:
        """How many runs there are, those that wait for their turn included."""
        return len(self._runs)

    @property
    def mode(self) -> str:
        """``single``, ``restart``, ``queued`` or ``parallel``."""
        return self._mode

    def stop_runs(self) -> None:
        """End every run."""
        self._runs.stop()

    def replace(self, rule: Rule | InvalidRule, name: str) -> None:
        """Become another version of the rule: runs of the old one end, on or off stays unless it says otherwise."""
        self.removed()
        self._take(rule, name)
        self._apply_initial_state()
        if self.is_on and self._given.is_started:
            self.arm()
        self._given.home.entities.refresh(self.entity_id)  # writes its state, too

    def arm(self) -> None:
        """Watch for the triggers."""
        if self._disarm is not None or not isinstance(self.rule, Rule):
            return
        config, templates = self.rule.config, self._given.templates
        variables: dict[str, Any] = {}
        try:
            for name, value in config.get("trigger_variables", NO_DATA).items():
                variables[name] = templates.compile_tree(value)(variables, limited=True)
        except TemplateError as error:
            _log.error("rule %s: trigger_variables: %s; it is not armed", self.name, error)
            return
        try:
            self._disarm = self._compile_with().arm(config["triggers"], variables, self._fired)
        except UnknownEntry as error:
            _log.error("rule %s: %s; it is unavailable", self.name, error)
            self.is_available = False
            self.write()

    def disarm(self) -> None:
        """Watch for nothing."""
        if self._disarm is not None:
            disarm, self._disarm = self._disarm, None
            disarm()

    # -- private --------------------------------------------------------------------------------------------------

    def _take(self, rule: Rule | InvalidRule, name: str) -> None:
        self.rule = rule
        self.name: str = name
        self._program = self._compiler = None
        self.is_available = isinstance(rule, Rule)
        self.capabilities = {} if rule.id is None else {"id": rule.id}
        config: Mapping[str, Any] = rule.config if isinstance(rule, Rule) else NO_DATA
        self._mode: str = config.get("mode", "single")
        self._limit: int = config.get("max", 0)
        self._runs = Runs(
            name, self._mode, self._limit, config.get("max_exceeded", "warning"), self._given.tasks, self._ended,
        )  # fmt: skip
        stored = config.get("trace", NO_DATA).get("stored_traces", DEFAULT_STORED_TRACES)
        if stored != self.traces.maxlen:
            self.traces = deque(self.traces, maxlen=stored)

    def _apply_initial_state(self) -> None:
        if isinstance(self.rule, Rule) and "initial_state" in self.rule.config:
            self.is_on = self.rule.config["initial_state"]

    def _compile_with(self) -> RuleCompiler:
        if self._compiler is None:
            given = self._given
            self._compiler = RuleCompiler(
                given.home, given.templates, given.vocabulary, given.states, given.events, self.name or ""
            )
        return self._compiler

    def _compile(self) -> Program:
        assert isinstance(self.rule, Rule)
        program = Program(self.rule.whole(), self._compile_with(), shows_everything=self._given.shows_everything)
        if program.reads_rules:
            self._given.writer.be_prompt()
        self._program = program
        return program

    def _fired(self, firing: Firing) -> None:
        if self._disarm is None:
            return
        try:
            self._fire(firing, NO_DATA, skip_condition=False)
        except Exception:  # noqa: BLE001 - the wall around a rule: the next one is told of the same event
            _log.exception("rule %s failed before its first step", self.name)

    def _fire(self, firing: Firing, given: Mapping[str, Any], *, skip_condition: bool) -> Run | None:
        """Start a run, unless a condition, the mode or a loop is in the way."""
        if not isinstance(self.rule, Rule):
            return None
        program = self._program or self._compile()
        clock = self._given.home.clock
        now = clock.now()
        context = run_context(now, firing.context)
        if context is None or not self._budget.allows(context, now):
            self._given.loops.tell(self.name, now)
            return None
        try:
            variables = program.variables(firing, context, given, self._this)
        except TemplateError as error:
            _log.error("rule %s: variables: %s", self.name, error)
            self.refusals.append(Refusal(now, firing, "variables", str(error)))
            return None
        if not skip_condition and (refusal := program.refusal(variables)) is not None:
            self._refuse(Refusal(now, firing, f"condition/{refusal[0]}", str(refusal[1] or "")))
            return None
        if not self._runs.may_start():
            return None
        run = Run(self, clock, context, variables, firing)
        is_its_turn = self._runs.admit(run, program.actions)
        self._started(run, now)
        if is_its_turn:
            self._runs.execute(run, program.actions)
        return run

    def _refuse(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        if refusal.error:
            _log.warning("rule %s, %s: %s", self.name, refusal.place, refusal.error)

    def _started(self, run: Run, now: float) -> None:
        home = self._given.home
        self.traces.append(run)
        if home.bus.has_listeners(EVENT_TRIGGERED):
            assert run.firing is not None
            data = {"name": self.name, "entity_id": self.entity_id, "item_id": self.rule.id, "run_id": run.id}
            if run.firing.description is not None:
                data["source"] = run.firing.description
            home.bus.fire(EVENT_TRIGGERED, data, run.context)
        self.last_triggered = now
        self._context = run.context
        self._show()

    def _ended(self, run: Run) -> None:
        self._show()
        if self._given.on_run:
            record = self._record(run)
            for tell in tuple(self._given.on_run):
                tell(record)

    def _record(self, run: Run) -> RunRecord:
        assert run.firing is not None
        duration_s = self._given.home.clock.monotonic() - run.started_at
        steps = tuple(path for path, _, _ in run.trace[-LAST_STEPS:])
        return RunRecord(self.name, self.entity_id, run.firing.description, run.outcome, duration_s, steps, run.error)

    def _this(self) -> Mapping[str, Any]:
        """Return the automation's state as it was before this run."""
        self._given.writer.flush()
        state = self._given.home.states.get(self.entity_id)
        return {} if state is None else state.as_dict()

    def _show(self) -> None:
        """Write the state: soon, for it changes with every run."""
        self._given.writer.changed(self, self._context)


def _epoch(value: Any) -> float | None:
    """Return the moment of a restored attribute: a datetime, its ISO text, or nothing."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.timestamp() if isinstance(value, datetime) else None
