"""The runs of one rule, under its mode: which new one may start, what happens to those that are there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from inglenook.rules.faults import located
from inglenook.rules.kinds import Actions
from inglenook.rules.run import Outcome, Run, RunAborted, RunCancelled, RunStopped
from inglenook.rules.sequence import StepFailed

_log = logging.getLogger(__name__)

_NO_VARIABLES: Final[dict[str, Any]] = {}  # of a run that is over and had none: less to keep with its trace
_FINISHED: Final = Outcome.FINISHED

_LEVELS: Final = {
    "silent": None, "notset": logging.NOTSET, "debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING,
    "warning": logging.WARNING, "error": logging.ERROR, "fatal": logging.CRITICAL, "critical": logging.CRITICAL,
}  # fmt: skip


class Tasks:
    """Owns the tasks of runs that wait."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a task."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def ended(self) -> None:
        """Return when all have ended; their runs have been stopped before."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


class Runs:
    """The runs of one rule.

    Args:
        name: the rule's, for logs.
        mode: ``single``, ``restart``, ``queued`` or ``parallel``.
        limit: how many may be there at once in the modes ``queued`` and ``parallel``, the running ones included.
        exceeded: at which level a refused run is logged; ``silent``: not at all.
        tasks: owns those that wait.
        on_end: called with a run that has ended, and is not counted any more.

    Attributes:
        running: those whose turn it is.
    """

    __slots__ = ("_exceeded", "_limit", "_mode", "_name", "_on_end", "_tasks", "_waiting", "running")

    def __init__(
        self,
        name: str,
        mode: str,
        limit: int,
        exceeded: str,
        tasks: Tasks,
        on_end: Callable[[Run], object],
    ) -> None:
        self._name = name
        self._mode = mode
        self._limit = limit
        self._exceeded = _LEVELS[exceeded]
        self._tasks = tasks
        self._on_end = on_end
        self.running: list[Run] = []
        self._waiting: list[tuple[Run, Actions]] = []  # few; an empty deque takes 760 bytes

    def __len__(self) -> int:
        return len(self._waiting) + sum(not run.is_stopping for run in self.running)

    def may_start(self) -> bool:
        """Tell whether the mode lets one more run in; a refusal is logged."""
        if not self.running or self._mode == "restart" or not len(self):
            return True
        if self._mode == "single":
            self._refuse("it is running already")
            return False
        if len(self) >= self._limit:
            self._refuse(f"{self._limit} runs are the most it may have")
            return False
        return True

    def make_way(self) -> None:
        """End the runs that a new one replaces, in mode ``restart``, before anybody is told of the new one."""
        if self._mode == "restart":
            self.stop()

    def admit(self, run: Run, actions: Actions) -> bool:
        """Take ``run`` in, after :meth:`may_start`; return True when it is its turn now."""
        self.make_way()
        if self._mode == "queued" and self.running:
            run.is_queued = run.takes_time = True
            self._waiting.append((run, actions))
            return False
        self.running.append(run)
        return True

    def execute(self, run: Run, actions: Actions) -> None:
        """Carry out ``actions``, at once as far as nothing has to wait."""
        try:
            pending = actions(run)
        except Exception as error:  # noqa: BLE001 - the wall around a run
            self._ended(run, error)
            return
        if pending is not None:
            run.task = self._tasks.spawn(self._finish(run, pending))
        elif run.is_stopping or run.to_tell or self._waiting:
            self._ended(run, None)
        else:  # the same for a run that nobody waits for, without a call
            self.running.remove(run)
            run.outcome = _FINISHED
            if len(run.variables) == 1:  # the context alone, which the run has
                run.variables = _NO_VARIABLES
            self._on_end(run)

    def stop(self) -> None:
        """End every run; those that are waiting for their turn never get it."""
        waiting = list(self._waiting)
        self._waiting.clear()
        for run in list(self.running):
            run.stop()
        for run, _ in waiting:
            run.stop()
            self._ended(run, RunCancelled())

    async def _finish(self, run: Run, pending: Awaitable[None]) -> None:
        run.is_underway = run.takes_time = True
        if run.is_stopping and run.task is not None:  # stopped before its first turn: end at the first real wait
            run.task.cancel()
        try:
            await pending
        except asyncio.CancelledError:
            self._ended(run, RunCancelled())
            if not run.is_stopping:
                raise
        except Exception as error:  # noqa: BLE001 - the wall around a run
            self._ended(run, error)
        else:
            self._ended(run, None)

    def _ended(self, run: Run, error: Exception | None) -> None:
        if error is None and not run.is_stopping:
            outcome, message = _FINISHED, ""
        else:
            outcome, message = self._outcome(run, error)
        if run in self.running:
            self.running.remove(run)
        run.end(outcome, message)
        self._on_end(run)
        if self._waiting and not self.running:
            following, actions = self._waiting.pop(0)
            following.is_queued = False
            self.running.append(following)
            self.execute(following, actions)

    def _outcome(self, run: Run, error: Exception | None) -> tuple[Outcome, str]:
        """Return how a run ended that did not just finish, and why; log what nobody has logged yet."""
        if isinstance(error, RunCancelled) or run.is_stopping:
            return Outcome.CANCELLED, ""
        if isinstance(error, RunStopped):
            run.response = error.response
            if error.is_error:
                where = located(run.place, error.position)
                _log.warning("rule %s stops at %s with an error: %s", self._name, where, error)
                return Outcome.ABORTED, str(error)
            return Outcome.FINISHED, ""
        if isinstance(error, RunAborted):
            _log.log(error.level, "rule %s ends at %s: %s", self._name, located(run.place, error.position), error)
            return Outcome.ABORTED, str(error)
        if isinstance(error, StepFailed):
            run.failure = error.error
        else:
            run.failure = error
            _log.error("rule %s failed at %s", self._name, run.place, exc_info=error)
        return Outcome.ERROR, str(error)

    def _refuse(self, why: str) -> None:
        if self._exceeded is not None:
            _log.log(self._exceeded, "rule %s is not started: %s (mode %s)", self._name, why, self._mode)
