"""Automations: the entities behind the rules. They arm triggers, start runs, and show what they last did."""

import logging
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, NamedTuple

from inglenook.clock import Timer
from inglenook.errors import ConditionError, TemplateError, UnknownEntry
from inglenook.model import NO_DATA, Context
from inglenook.rules.faults import fault, located
from inglenook.rules.firing import MANUAL, Firing
from inglenook.rules.kinds import Disarm
from inglenook.rules.loops import FAR, PAUSE_S, Budget, run_context
from inglenook.rules.references import devices, paths_to
from inglenook.rules.rule import InvalidRule, Rule
from inglenook.rules.rule_entity import RuleEntity, Surroundings
from inglenook.rules.run import Outcome, Run
from inglenook.services import Stoppable

_log = logging.getLogger(__name__)

REFUSALS_KEPT: Final = 5


class Refusal(NamedTuple):
    """A firing that no run came of: when (epoch seconds), and why.

    ``place`` is the condition that was not met, ``variables``, ``failed_single``, ``failed_max_runs`` or ``loop``;
    ``error`` says what failed, or what is in the way.
    """

    at: float
    firing: Firing
    place: str
    error: str


_NO_REFUSALS: Final[deque[Refusal]] = deque(maxlen=0)  # of all that have none yet: an empty deque takes 760 bytes


class AutomationEntity(RuleEntity):
    """One automation.

    Attributes:
        is_on: whether it watches for its triggers.
        refusals: the last firings that came to nothing, newest last.
    """

    domain: ClassVar[str] = "automation"
    event_on_start = "automation_triggered"
    steps_key = "actions"

    def __init__(self, surroundings: Surroundings, rule: Rule | InvalidRule, source: str, name: str) -> None:
        self._disarm: Disarm | None = None
        self._paused: Timer | None = None
        self._paused_until: float | None = None
        self._budget = Budget()
        self.unique_id = rule.id
        self.refusals = _NO_REFUSALS
        self.is_on = True
        super().__init__(surroundings, rule, source, name)

    # -- entity ---------------------------------------------------------------------------------------------------

    def write(self, context: Context | None = None) -> None:
        """Publish on or off, when it was last triggered, and how many runs there are."""
        self.state = self.is_on
        super().write(context)

    def shown_attributes(self) -> dict[str, Any]:
        """Return what every rule shows, and until when it rests if it was part of a loop."""
        shown = super().shown_attributes()
        if self._paused_until is not None:
            shown["paused_until"] = datetime.fromtimestamp(self._paused_until, UTC)
        return shown

    def added(self) -> None:
        """Take up where it was left: when its file went, or else by the last run of the home."""
        if (left := self._given.gone.pop(self.entity_id, None)) is not None:
            self.is_on, self.last_triggered = left
        elif (last := self._restored()) is not None:
            self.is_on = last != "off"
        self._apply_initial_state()

    def removed(self) -> None:
        """End its runs and watch nothing any more."""
        self.disarm()
        super().removed()

    def enabled(self) -> None:
        """Watch for the triggers again."""
        if self.is_on and self._given.is_started:
            self.arm()

    def turn_on(self, context: Context | None = None) -> None:
        """Arm the triggers; ``context`` is that of who asks."""
        self.is_on = True
        if self._given.is_started:
            self.arm()
        self._given.writer.write_now(self, context)

    def turn_off(self, context: Context | None = None, *, stop_actions: bool = True) -> None:
        """Watch nothing any more, and end the runs unless they may go on; ``context`` is that of who asks."""
        self.is_on = False
        self.disarm()
        if stop_actions:
            self._runs.stop()
        self._given.writer.write_now(self, context)

    def toggle(self, context: Context | None = None) -> None:
        """Turn it off if it is on, and on if it is off."""
        if self.is_on:
            self.turn_off(context)
        else:
            self.turn_on(context)

    def trigger(
        self,
        context: Context,
        variables: Mapping[str, Any] = NO_DATA,
        *,
        skip_condition: bool = True,
    ) -> Stoppable | None:
        """Run it now, on or off; return what ends with the run if it has to wait.

        Args:
            context: of the call.
            variables: for the run.
            skip_condition: whether it runs whatever its conditions say.
        """
        if not isinstance(self.rule, Rule):
            return None
        run = self._fire(Firing(MANUAL, dict, context), variables, skip_condition=skip_condition)
        if run is not None and skip_condition:
            run.is_unconditional = True
        return Stoppable(run.ended(), run.stop) if run is not None and run.outcome is Outcome.RUNNING else None

    # -- rule -----------------------------------------------------------------------------------------------------

    def replace(self, rule: Rule | InvalidRule, name: str) -> None:
        """Become another version of the rule: runs of the old one end, on or off stays unless it says otherwise."""
        self.removed()
        self._take(rule, name)
        self._apply_initial_state()
        if self.is_on and self._given.is_started:
            self.arm()
        self._given.home.entities.refresh(self.entity_id)  # writes its state, too

    def compile_again(self) -> None:
        """Likewise; what its triggers waited for begins anew."""
        was_armed = self._disarm is not None
        self.disarm()
        super().compile_again()
        if was_armed:
            self.arm()

    def arm(self) -> None:
        """Watch for the triggers, unless a person has disabled the automation. A pause is over."""
        self._end_pause()
        if self._disarm is not None or not isinstance(self.rule, Rule) or not self.is_there:
            return
        config, templates = self.rule.config, self._given.templates
        variables: dict[str, Any] = {}
        try:
            for name, value in config.get("trigger_variables", NO_DATA).items():
                variables[name] = templates.compile_tree(value)(variables, limited=True)
        except TemplateError as error:
            place = fault(self.rule.raw, ("trigger_variables", name), f"{error}; it is not armed", self.rule.position)
            _log.error("rule %s: %s", self.name, place)
            return
        try:
            if self.rule.names_devices:
                self._require_devices(self.rule.raw)
            self._disarm = self._compile_with().arm(config["triggers"], variables, self._fired)
        except UnknownEntry as error:
            _log.error("rule %s: %s; it is unavailable", self.name, error)
            self.is_available = False
            self.write()
            return
        self._look_back()

    def device_came(self, device_id: str) -> None:
        """Be there again if it was that device which was missing."""
        if self.is_available or not isinstance(self.rule, Rule) or device_id not in devices(self.rule.raw):
            return
        self.is_available = True
        if self.is_on and self._given.is_started:
            self.arm()
        if self.is_available:
            self.write()

    def disarm(self) -> None:
        """Watch for nothing. A pause is over."""
        self._end_pause()
        if self._disarm is not None:
            disarm, self._disarm = self._disarm, None
            disarm()

    # -- private --------------------------------------------------------------------------------------------------

    def _take(self, rule: Rule | InvalidRule, name: str) -> None:
        super()._take(rule, name)
        self.capabilities = {} if rule.id is None else {"id": rule.id}

    def _require_devices(self, raw: object) -> None:
        known = self._given.home.registry.devices
        for device_id in devices(raw):
            if device_id not in known:
                path = next(paths_to(raw, device_id), ())
                raise UnknownEntry(str(fault(raw, path, f"there is no device {device_id}", self.rule.position)))

    def _apply_initial_state(self) -> None:
        if isinstance(self.rule, Rule) and "initial_state" in self.rule.config:
            self.is_on = self.rule.config["initial_state"]

    def _fired(self, firing: Firing) -> None:
        if self._disarm is None:
            return
        try:
            self._fire(firing, NO_DATA, skip_condition=False)
        except Exception:  # noqa: BLE001 - the wall around a rule: the next one is told of the same event
            _log.exception("rule %s failed before its first step", self.name)

    def _fire(self, firing: Firing, given: Mapping[str, Any], *, skip_condition: bool) -> Run | None:
        """Start a run, unless a condition, the mode or a loop is in the way."""
        program = self._program or self._compile()
        home = self._given.home
        clock = home.clock
        now = clock.now()
        context = run_context(now, firing.context)
        if context is None or (context.depth >= FAR and not self._budget.allows(now)):
            self._pause(firing, now)
            return None
        if program.is_plain and not given and not firing.own_variables:
            variables: dict[str, Any] = {"context": context}
        else:
            try:
                variables = program.variables(firing, context, given, self._this)
            except TemplateError as error:
                place = fault(self.rule.raw, ("variables",), str(error), self.rule.position)
                _log.error("rule %s: %s", self.name, place)
                self._keep(Refusal(now, firing, "variables", str(error)))
                return None
        if not skip_condition and (refusal := program.refusal(variables)) is not None:
            self._refuse(Refusal(now, firing, f"condition/{refusal[0]}", str(refusal[1] or "")), refusal[1])
            return None
        if self._runs.running and not self._runs.may_start():
            failed = "failed_single" if self._mode == "single" else "failed_max_runs"
            self._keep(Refusal(now, firing, failed, f"mode {self._mode} lets no more runs in"))
            return None
        if self._runs.running:
            self._runs.make_way()
        run = Run(self, clock, context, variables, firing, clock.monotonic(), now)
        if self.event_on_start in home.bus.heard:
            self._announce(run)
        self._begin(run, program.actions, now)
        return run

    def _pause(self, firing: Firing, now: float) -> None:
        """Watch for nothing for a while, if anything is watched for: a loop has come to this automation."""
        then = "is not started" if self._disarm is None else f"is paused for {PAUSE_S:.0f} s"
        self._given.loops.tell(self.name, now, firing.description or "", then)
        self._keep(Refusal(now, firing, "loop", "it is part of a loop"))
        if self._disarm is not None:
            self.disarm()
            self._paused = self._given.home.clock.call_later(PAUSE_S, self._resume)
            self._paused_until = now + PAUSE_S
            self._show(firing.context)

    def _resume(self) -> None:
        """Watch for the triggers again."""
        self.arm()
        self._show(None)

    def _end_pause(self) -> None:
        if self._paused is not None:
            self._paused.cancel()
            self._paused, self._paused_until = None, None

    def _refuse(self, refusal: Refusal, error: ConditionError | None) -> None:
        self._keep(refusal)
        if error is not None:
            where = located(refusal.place, error.position or self.rule.position)
            _log.warning("rule %s, %s: %s", self.name, where, error)

    def _keep(self, refusal: Refusal) -> None:
        if self.refusals is _NO_REFUSALS:
            self.refusals = deque(maxlen=REFUSALS_KEPT)
        self.refusals.append(refusal)

    def _show(self, context: Context | None) -> None:
        """Write the state: soon, for it changes with every run."""
        self._given.writer.changed(self, context)
