"""Sequences: lists of steps, carried out one after the other, at once for as long as nothing has to wait."""

import logging
from collections.abc import Awaitable, Mapping
from collections.abc import Sequence as Several
from typing import Any, Final

import voluptuous as vol

from inglenook.config.trees import start_of
from inglenook.errors import ConditionError, InglenookError, InvalidServiceData, ServiceNotFound, TemplateError
from inglenook.rules.faults import located
from inglenook.rules.kinds import END, Action, End, Pending
from inglenook.rules.run import MAX_STEPS_TRACED, Run, RunAborted, RunCancelled, RunStopped
from inglenook.templates import Template

_log = logging.getLogger(__name__)

_FINAL: Final = (RunStopped, RunCancelled, RunAborted)
_EXPECTED: Final = (InglenookError, vol.Invalid)
_MISTAKES: Final = (
    TemplateError,
    ConditionError,
    InvalidServiceData,
    ServiceNotFound,
    vol.Invalid,
)  # in the rule itself


class StepFailed(Exception):
    """A step failed with ``error``, and that has been logged."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Step:
    """One action of a rule, ready to run.

    Args:
        action: what it does.
        path: its place, like ``action/2/then/0``.
        raw: as a person wrote it, which tells the log where it stands.
        keeps_going: whether the run goes on after an error; not after a mistake in the rule.
        enabled: a template that says whether it is skipped.
    """

    __slots__ = ("_action", "_enabled", "_keeps_going", "_raw", "path")

    def __init__(
        self, action: Action, path: str, raw: Mapping[str, Any], *, keeps_going: bool, enabled: Template | None
    ) -> None:
        self._action = action
        self._raw = raw
        self._keeps_going = keeps_going
        self._enabled = enabled
        self.path = path

    def __call__(self, run: Run) -> Pending | End | None:
        """Do it; the result is that of an :data:`~inglenook.rules.kinds.Action`."""
        path = self.path
        if run.is_stopping:
            raise RunCancelled
        run.place = path
        trace = run.trace
        at = run.clock.monotonic() if (run.trunk or run).takes_time else run.started_at  # nothing has waited yet
        trace.append((path, at, None))
        if len(trace) > MAX_STEPS_TRACED:
            del trace[: MAX_STEPS_TRACED // 2]
        try:
            if self._enabled is not None and not self._enabled.render(run.variables):
                return None
            result = self._action(run)
        except Exception as error:  # noqa: BLE001 - the wall of a rule's run: whatever a step does, the house goes on
            self._failed(run, error)
            return None
        if result is None or result is END:
            return result
        return self._wait(run, result)  # type: ignore[arg-type]  # END is the only instance of its type

    async def _wait(self, run: Run, pending: Awaitable[End | None]) -> End | None:
        try:
            return await pending
        except Exception as error:  # noqa: BLE001 - the same wall
            self._failed(run, error)
            return None

    def _failed(self, run: Run, error: Exception) -> None:
        """Log ``error`` where it happened; raise it on unless the step keeps going."""
        if isinstance(error, _FINAL):
            if isinstance(error, RunStopped | RunAborted):
                error.position = error.position or start_of(self._raw)
            raise error
        if not isinstance(error, StepFailed):
            run.place = self.path
            run.note(error)
            self._tell(run, error)
            error = StepFailed(error)
        if self._keeps_going and not isinstance(error.error, _MISTAKES):
            return
        raise error

    def _tell(self, run: Run, error: Exception) -> None:
        where = located(self.path, start_of(self._raw))
        if isinstance(error, _EXPECTED):
            _log.error("rule %s failed at %s: %s", run.owner.name, where, error)
        else:
            _log.error("rule %s failed at %s", run.owner.name, where, exc_info=error)


class Sequence:
    """Steps in their order. Calling it returns None when they are done, else an awaitable to their end."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Several[Step]) -> None:
        self._steps = tuple(steps)

    def __call__(self, run: Run) -> Awaitable[None] | None:
        """Do the steps."""
        for step in self._steps:
            result = step(run)
            if result is not None:
                if result is END:
                    return None
                return self._go_on(run, result, self._steps.index(step) + 1)  # type: ignore[arg-type]
        return None

    async def _go_on(self, run: Run, pending: Awaitable[Any], index: int) -> None:
        if await pending is END:
            return
        for step in self._steps[index:]:
            result = step(run)
            if result is None:
                continue
            if result is END or await result is END:  # type: ignore[misc]
                return
