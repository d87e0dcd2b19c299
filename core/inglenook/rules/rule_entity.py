"""Rule entities: what automations and scripts share: a rule that is compiled when it first runs, and runs of a mode."""

import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.entity import Entity
from inglenook.home import Home
from inglenook.model import NO_DATA, Context
from inglenook.rules.compiler import RuleCompiler
from inglenook.rules.former_traces import FormerTraces, PackedTraces, traces_key, unpacked
from inglenook.rules.grammar import DEFAULT_STORED_TRACES
from inglenook.rules.index import EventIndex, StateIndex
from inglenook.rules.kinds import Actions, Vocabulary
from inglenook.rules.loops import LoopLog
from inglenook.rules.program import Program
from inglenook.rules.rule import InvalidRule, Rule, RunRecord
from inglenook.rules.run import Outcome, Run
from inglenook.rules.runs import Runs, Tasks
from inglenook.rules.tally import RunTally
from inglenook.rules.writing import StateWriter
from inglenook.templates import Templates

LAST_STEPS: Final = 5

_FINISHED: Final = Outcome.FINISHED
_MODES_WITH_MAX: Final = ("queued", "parallel")


@dataclass(slots=True)
class Surroundings:
    """What every rule is given by the engine.

    Attributes:
        shows_everything: plugins brought conditions or actions, which may look at variables that no template mentions.
        gone: rules that went, by entity id: whether they were on, and when their last run began. A file that is moved
            goes first and comes then.
        former_traces: those of rules before this start of the home.
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
    tally: RunTally = field(default_factory=RunTally)
    on_run: list[Callable[[RunRecord], object]] = field(default_factory=list)
    on_start: list[Callable[[str, Run, float], object]] = field(default_factory=list)
    gone: dict[str, tuple[bool, float | None]] = field(default_factory=dict)
    is_started: bool = False
    former_traces: PackedTraces = field(default_factory=dict)


_NO_TRACES: Final[deque[Run]] = deque(maxlen=0)  # of all that have not run yet: an empty deque takes 760 bytes


class RuleEntity(Entity):
    """One rule: an automation or a script.

    Attributes:
        rule: what it does; an invalid one makes it unavailable.
        source: where the rule comes from, as it was given to the engine.
        last_triggered: when the last run began, in seconds since the epoch.
        traces: the last runs, ``stored_traces`` at most, newest last.
        event_on_start: the event that tells of a run.
        steps_key: under which key its actions stand.
    """

    name: str = ""
    event_on_start: ClassVar[str]
    steps_key: ClassVar[str]

    def __init__(self, surroundings: Surroundings, rule: Rule | InvalidRule, source: str, name: str) -> None:
        self._given = surroundings
        self._due = surroundings.writer.due
        self._program: Program | None = None
        self._compiler: RuleCompiler | None = None
        self._runs: Runs
        self._context: Context | None = None
        self.source = source
        self.last_triggered: float | None = None
        self.traces = _NO_TRACES
        self._take(rule, name)

    # -- entity ---------------------------------------------------------------------------------------------------

    def write(self, context: Context | None = None) -> None:
        """Publish the state and what there is to say of the runs."""
        self.attributes = self.shown_attributes()
        super().write(context)

    def shown_attributes(self) -> dict[str, Any]:
        """Return when it was last triggered, and how many runs there are."""
        at = self.last_triggered
        shown: dict[str, Any] = {
            "last_triggered": None if at is None else datetime.fromtimestamp(at, UTC),
            "mode": self._mode,
            "current": self.runs,
        }
        if self._mode in _MODES_WITH_MAX:
            shown["max"] = self._limit
        return shown

    def removed(self) -> None:
        """End its runs. What it is now is kept, should it be unavailable next."""
        self._runs.stop()
        self._given.home.states.save()

    # -- rule -----------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> int:
        """How many runs there are, those that wait for their turn included."""
        return len(self._runs)

    @property
    def former_traces(self) -> FormerTraces:
        """The traces that it left before this start of the home."""
        return unpacked(self._given.former_traces.get(traces_key(self.entity_id, self.unique_id)))

    @property
    def mode(self) -> str:
        """``single``, ``restart``, ``queued`` or ``parallel``."""
        return self._mode

    def stop_runs(self) -> None:
        """End every run."""
        self._runs.stop()

    def compile_again(self) -> None:
        """Compile the rule anew before it is next used: an id in it stands for something else now. Runs go on."""
        self._program = self._compiler = None

    # -- for automations and scripts ------------------------------------------------------------------------------

    def _take(self, rule: Rule | InvalidRule, name: str) -> None:
        for run in self.traces:
            run.config = run.config or self._raw
        self.rule = rule
        self._raw: Mapping[str, Any] = rule.raw if isinstance(rule, Rule) else NO_DATA
        self.name: str = name
        self._program = self._compiler = None
        self.is_available = isinstance(rule, Rule)
        config: Mapping[str, Any] = rule.config if isinstance(rule, Rule) else NO_DATA
        self._mode: str = config.get("mode", "single")
        self._limit: int = config.get("max", 0)
        self._runs = Runs(
            name, self._mode, self._limit, config.get("max_exceeded", "warning"), self._given.tasks, self._ended,
        )  # fmt: skip
        self.stored_traces: int = config.get("trace", NO_DATA).get("stored_traces", DEFAULT_STORED_TRACES)
        if self.traces is not _NO_TRACES:
            self.traces = deque(self.traces, maxlen=self.stored_traces)

    def _restored(self) -> str | None:
        """Return the state in which the home's last run left it, if it did, and take its last run's time over."""
        last = self._given.home.states.get(self.entity_id)
        if last is None or not last.is_restored:
            return None
        self.last_triggered = epoch_of(last.attributes.get("last_triggered"))
        return last.state

    def _compile_with(self) -> RuleCompiler:
        if self._compiler is None:
            given = self._given
            self._compiler = RuleCompiler(
                given.home, given.templates, given.vocabulary, given.states, given.events, self.name or ""
            )
        return self._compiler

    def _compile(self) -> Program:
        assert isinstance(self.rule, Rule)
        self._program = Program(
            self.rule.whole(), self.steps_key, self._compile_with(), shows_everything=self._given.shows_everything
        )
        return self._program

    def _look_back(self) -> None:
        """Compile the rule now if its conditions have to watch before they are asked."""
        if self._program is None and isinstance(self.rule, Rule) and self.rule.looks_back:
            with contextlib.suppress(vol.Invalid):  # told when it first runs, as for any rule
                self._compile()

    def _begin(self, run: Run, actions: Actions, now: float) -> None:
        """Start a run that the mode lets in, at ``now``: its steps at once, or when its turn has come."""
        runs, due = self._runs, self._due
        is_its_turn = True
        if runs.running:
            is_its_turn = runs.admit(run, actions)
        else:  # as it does then, without a call
            runs.running.append(run)
        traces = self.traces
        if traces is _NO_TRACES:
            traces = self.traces = deque(maxlen=self.stored_traces)
        traces.append(run)
        for tell in self._given.on_start:
            tell(self.event_on_start, run, now)
        self.last_triggered = now
        self._context = context = run.context
        if self in due:
            due[self] = context
        else:
            self._show(context)
        if is_its_turn:
            runs.execute(run, actions)

    def _announce(self, run: Run) -> None:
        """Fire the event that tells of a run."""
        data = {"name": self.name, "entity_id": self.entity_id, "item_id": self.unique_id, "run_id": run.id}
        if run.firing is not None and run.firing.description is not None:
            data["source"] = run.firing.description
        self._given.home.bus.fire(self.event_on_start, data, run.context)

    def _ended(self, run: Run) -> None:
        if self not in self._due:
            self._show(self._context)
        given = self._given
        tally = given.tally
        tally.left = left = tally.left - 1
        if left >= 0 or run.outcome is not _FINISHED:
            tally.note(run)
        if given.on_run:
            record = self._record(run)
            for tell in tuple(given.on_run):
                tell(record)

    def _record(self, run: Run) -> RunRecord:
        duration_s = self._given.home.clock.monotonic() - run.started_at
        steps = tuple(path for path, _, _ in run.trace[-LAST_STEPS:])
        trigger = run.firing.description if run.firing is not None else None
        return RunRecord(self.name, self.entity_id, trigger, run.outcome, duration_s, steps, run.error)

    def _this(self) -> Mapping[str, Any]:
        """Return the rule's state as it was before this run."""
        state = self._given.home.states.get(self.entity_id)
        return {} if state is None else state.as_dict()

    def _show(self, context: Context | None) -> None:
        """Write the state after something of its runs changed."""
        raise NotImplementedError


def epoch_of(value: Any) -> float | None:
    """Return the moment of a restored attribute, in seconds since the epoch: a datetime, its ISO text, or nothing."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.timestamp() if isinstance(value, datetime) else None
