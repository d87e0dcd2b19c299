"""Scripts: the entities behind sequences that are called by name, from rules, people and clients."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, Final

from inglenook.errors import TemplateError
from inglenook.model import NO_DATA, Context
from inglenook.rules.loops import RunContext, script_context
from inglenook.rules.rule import InvalidRule, Rule
from inglenook.rules.rule_entity import RuleEntity, Surroundings
from inglenook.rules.run import Outcome, Run
from inglenook.services import Stoppable

_log = logging.getLogger(__name__)

NESTED_STARTS: Final = 16  # of scripts that start one another without waiting; then the loop turns in between

_NOT_INTO_ITSELF: Final = ("restart", "queued")  # it would wait for its own end


class ScriptEntity(RuleEntity):
    """One script.

    Attributes:
        object_id: the name it was given in the configuration; its service is ``script.<object_id>``.
    """

    domain: ClassVar[str] = "script"
    event_on_start = "script_started"
    steps_key = "sequence"

    def __init__(self, surroundings: Surroundings, rule: Rule | InvalidRule, source: str, object_id: str) -> None:
        self.object_id = self.unique_id = object_id
        self._last_action: str | None = None
        super().__init__(surroundings, rule, source, object_id)

    # -- entity ---------------------------------------------------------------------------------------------------

    def write(self, context: Context | None = None) -> None:
        """Publish whether it runs, and what it waits for."""
        self.state = bool(self.runs)
        super().write(context)

    def shown_attributes(self) -> dict[str, Any]:
        """Return what every rule shows, and the step that last had to wait, in words."""
        shown = super().shown_attributes()
        if self._last_action is not None:
            shown["last_action"] = self._last_action
        return shown

    def added(self) -> None:
        """Take up where the last run of the home left it."""
        self._restored()
        self._look_back()

    # -- script ---------------------------------------------------------------------------------------------------

    def replace(self, rule: Rule | InvalidRule) -> None:
        """Become another version of the script; runs of the old one end."""
        self.removed()
        self._take(rule, self.object_id)
        self._look_back()
        self._given.home.entities.refresh(self.entity_id)  # writes its state, too

    def call(self, context: Context, variables: Mapping[str, Any]) -> Stoppable | Any:
        """Run it for a caller that waits; return its response, or what to await for it.

        Raises:
            Exception: (what is awaited raises it, too) whatever its failing step raised.
        """
        run = self._start(context, variables, is_awaited=True)
        if run is None:
            return None
        if run.outcome is Outcome.RUNNING:
            return Stoppable(_response_at_end(run), partial(self._stop, run))
        return _response(run)

    def turn_on(self, context: Context, variables: Mapping[str, Any] = NO_DATA) -> None:
        """Run it for a caller that does not wait; what goes wrong is logged."""
        depth = context.depth if isinstance(context, RunContext) else 0
        if (depth + 1) % NESTED_STARTS:
            self._turn_on(context, variables)
        else:
            self._given.home.clock.call_soon(lambda: self._turn_on(context, variables))

    def turn_off(self) -> None:
        """End its runs; it is off at once."""
        self.stop_runs()
        self._show(self._context)

    def toggle(self, context: Context, variables: Mapping[str, Any] = NO_DATA) -> None:
        """End its runs if there are any, else run it."""
        if self.runs:
            self.turn_off()
        else:
            self.turn_on(context, variables)

    # -- private --------------------------------------------------------------------------------------------------

    def _take(self, rule: Rule | InvalidRule, name: str) -> None:
        super()._take(rule, rule.alias or name)
        self.icon = rule.config.get("icon") if isinstance(rule, Rule) else None

    def _turn_on(self, context: Context, variables: Mapping[str, Any]) -> None:
        try:
            self._start(context, variables, is_awaited=False)
        except TemplateError as error:
            _log.error("script %s is not started: variables: %s", self.name, error)
        except Exception:  # noqa: BLE001 - the wall around a rule, here before its first step
            _log.exception("script %s cannot be started", self.name)

    def _start(self, cause: Context, given: Mapping[str, Any], *, is_awaited: bool) -> Run | None:
        """Start a run, unless the mode or a loop is in the way."""
        if not isinstance(self.rule, Rule):
            return None
        program = self._program or self._compile()
        now = self._given.home.clock.now()
        context = script_context(now, cause, self.object_id, is_awaited=is_awaited)
        if context is None:
            self._given.loops.tell(self.name, now)
            return None
        this = self._this()
        clock = self._given.home.clock
        run = Run(self, clock, context, {}, None, clock.monotonic(), now)
        run.on_wait = self._waits
        if self.event_on_start in self._given.home.bus.heard:
            self._announce(run)
        if not self._runs.may_start() or self._would_wait_for_itself(context.scripts):
            return None
        run.variables.update(program.variables(None, context, given, lambda: this))
        self._begin(run, program.actions, now)
        return run

    def _would_wait_for_itself(self, scripts: tuple[str, ...]) -> bool:
        if self._mode not in _NOT_INTO_ITSELF or self.object_id not in scripts[:-1]:
            return False
        _log.warning(
            "script %s is not started: it would wait for itself (%s); let it be turned on with script.turn_on",
            self.name, " calls ".join(scripts),
        )  # fmt: skip
        return True

    def _waits(self, what: str) -> None:
        self._last_action = what
        self._show(self._context)

    def _stop(self, run: Run) -> None:
        if run.outcome is Outcome.RUNNING and not run.is_stopping:
            run.stop()
            self._show(self._context)

    def _show(self, context: Context | None) -> None:
        """Write the state: at once, for the steps that follow may ask whether a script runs."""
        if not self.runs:
            self._last_action = None
        self.write(context)


async def _response_at_end(run: Run) -> Any:
    await run.ended()
    return _response(run)


def _response(run: Run) -> Any:
    if run.failure is not None:
        raise run.failure
    return run.response
