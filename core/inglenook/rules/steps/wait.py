"""The steps that wait for something: ``wait_template`` and ``wait_for_trigger``."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Clock
from inglenook.config.values import boolean
from inglenook.rules.firing import Firing
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config, Disarm, Grammar, Pending, Variables
from inglenook.rules.run import Run, RunAborted
from inglenook.rules.shape import Shape, template, templated_duration
from inglenook.rules.tracking import TemplateWatch
from inglenook.templates import truthy

_COMMON: Final[dict[Any, Callable[[Any], Any]]] = {
    "timeout": templated_duration,
    vol.Optional("continue_on_timeout", default=True): boolean,
}

_TIME_OVER: Final = object()

Resolve = Callable[[Any], None]


def compile_wait_template(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; it passes at once when the template is literally true, else when it turns truthy."""
    wanted = compiler.template(config["wait_template"])

    def begin(run: Run, resolve: Resolve) -> Disarm | None:
        if wanted.is_true(run.variables):
            return None
        was = [True]

        def changed(result: Any, *_: object) -> None:
            now = truthy(result)
            if now and not was[0]:
                resolve(None)
            was[0] = now

        watch = TemplateWatch(compiler.states, compiler.home.clock, wanted, run.variables, changed)
        was[0] = truthy(watch.result)
        return watch.stop

    return _Wait(config, compiler, begin, with_trigger=False)


def compile_wait_for_trigger(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; its triggers are armed anew each time, with the run's variables."""
    triggers = config["wait_for_trigger"]

    def begin(run: Run, resolve: Resolve) -> Disarm:
        def fired(firing: Firing) -> None:
            resolve(firing.payload)

        return compiler.arm(triggers, run.variables, fired, f"{path}/wait_for_trigger")

    return _Wait(config, compiler, begin, with_trigger=True)


class _Wait:
    """What both steps do: begin, wait until it happens or the time is over, set ``wait``."""

    __slots__ = ("_begin", "_clock", "_goes_on", "_name", "_timeout", "_with_trigger")

    def __init__(
        self,
        config: Config,
        compiler: Compiler,
        begin: Callable[[Run, Resolve], Disarm | None],
        *,
        with_trigger: bool,
    ) -> None:
        self._clock: Clock = compiler.home.clock
        self._begin = begin
        self._with_trigger = with_trigger
        self._name: str = config.get("alias") or ("wait for trigger" if with_trigger else "wait template")
        self._goes_on: bool = config["continue_on_timeout"]
        timeout: Callable[[Variables], float] | None = None
        if config.get("timeout") is not None:
            timeout = compiler.duration(config["timeout"])
        self._timeout = timeout

    def __call__(self, run: Run) -> Pending | None:
        timeout_s = None if self._timeout is None else self._timeout(run.variables)
        run.variables["wait"] = self._result(timeout_s, is_completed=False)
        run.tell_wait(self._name)
        happened: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        disarm = self._begin(run, lambda trigger: _resolve(happened, trigger))
        if disarm is None:
            run.assign("wait", self._result(timeout_s, is_completed=True))
            return None
        run.deadline = None if timeout_s is None else self._clock.monotonic() + timeout_s
        release = _once(disarm)
        run.root.at_end(release)  # a run may end before its task ever gets to the wait below
        return self._wait(run, happened, release)

    async def _wait(self, run: Run, happened: asyncio.Future[Any], release: Callable[..., None]) -> None:
        timer = None
        if run.deadline is not None:
            left_s = run.deadline - self._clock.monotonic()
            timer = self._clock.call_later(left_s, lambda: _resolve(happened, _TIME_OVER))
        try:
            trigger = await happened
        finally:
            deadline, run.deadline = run.deadline, None
            if timer is not None:
                timer.cancel()
            release()
            run.root.not_at_end(release)
        if trigger is _TIME_OVER:
            self._time_is_over(run)
        else:
            remaining = None if deadline is None else deadline - self._clock.monotonic()
            run.assign("wait", self._result(remaining, is_completed=True, trigger=trigger))

    def _time_is_over(self, run: Run) -> None:
        run.assign("wait", self._result(0.0, is_completed=False))
        run.note("timeout")
        if not self._goes_on:
            raise RunAborted("the time to wait is over", logging.INFO)

    def _result(self, remaining: float | None, *, is_completed: bool, trigger: Any = None) -> dict[str, Any]:
        result: dict[str, Any] = {"remaining": remaining, "completed": is_completed}
        if self._with_trigger:
            result["trigger"] = trigger
        return result


def _resolve(happened: asyncio.Future[Any], result: Any) -> None:
    if not happened.done():
        happened.set_result(result)


def _once(disarm: Disarm) -> Callable[..., None]:
    """Return ``disarm`` so that it runs at its first call only; arguments are ignored."""
    left = [disarm]

    def release(*_: object) -> None:
        if left:
            left.pop()()

    return release


def _wait_template_shape(_: Grammar) -> Shape:
    return Shape({vol.Required("wait_template"): template, **_COMMON})


def _wait_for_trigger_shape(grammar: Grammar) -> Shape:
    return Shape({vol.Required("wait_for_trigger"): grammar.triggers, **_COMMON})


TEMPLATE: Final = ActionKind(_wait_template_shape, compile_wait_template)
FOR_TRIGGER: Final = ActionKind(_wait_for_trigger_shape, compile_wait_for_trigger)
