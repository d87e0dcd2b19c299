"""A run: one time that a rule's actions are carried out. It is data: place, variables, deadline, outcome.

Its place is a path, the same that traces show (``action/2/choose/0/sequence/1``), so that a run can be shown, and one
that waits can be stored and taken up again.
"""

import asyncio
import logging
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from msgspec import Struct, field
from ulid_transform import ulid_at_time

from inglenook.clock import Clock
from inglenook.errors import InglenookError, Position
from inglenook.model import NO_DATA, Context
from inglenook.rules.firing import Firing
from inglenook.services import Stoppable

OWN_OF_A_BRANCH: Final = ("wait", "repeat")  # the rest of the variables is one scope for the whole run
MAX_STEPS_TRACED: Final = 200


class Outcome(StrEnum):
    """How a run ended; the words of Home Assistant's traces."""

    RUNNING = "running"
    FINISHED = "finished"
    ABORTED = "aborted"
    CANCELLED = "cancelled"
    ERROR = "error"


class RunStopped(Exception):
    """A ``stop`` step: the whole run ends here, as its author wanted. ``position``: where it stands, once known."""

    position: Position | None = None

    def __init__(self, message: str, *, is_error: bool = False, response: Any = None) -> None:
        super().__init__(message)
        self.is_error = is_error
        self.response = response


class RunAborted(InglenookError):
    """A step cannot go on, and so neither can the run, whatever ``continue_on_error`` says.

    Attributes:
        level: at which it is logged.
        position: where the step stands that cannot go on, once that is known.
    """

    position: Position | None = None

    def __init__(self, message: str, level: int = logging.ERROR) -> None:
        super().__init__(message)
        self.level = level


class RunCancelled(Exception):
    """Somebody stopped the run from outside: its rule was turned off, restarted, changed or removed."""


class Assigned(NamedTuple):
    """Variables that a step has set, as a trace keeps them.

    Attributes:
        values: what they are from then on.
        before: what those that were there already were.
    """

    values: Mapping[str, Any]
    before: Mapping[str, Any]


OnEnd = Callable[["Run"], object]


class Owner(Protocol):
    """What a run belongs to."""

    name: str
    entity_id: str


class Run(Struct, eq=False):
    """One run of ``owner``'s actions, or one branch of it (then ``root`` is the run).

    Attributes:
        owner: what it belongs to.
        clock: the home's.
        context: of what it does.
        variables: what templates see, one scope for the whole run.
        firing: what started it, or None.
        started_at: monotonic seconds.
        began: the same moment in seconds since the epoch.
        trunk: the run that this is a branch of, or None.
        place: path of the step it is at.
        deadline: monotonic seconds when the present wait ends, or None.
        trace: (path, monotonic seconds, result) for each step entered, the last :data:`MAX_STEPS_TRACED`; one list for
            the run and its branches. A result is None as a step begins, an error, :class:`Assigned`, or what came out.
        ended_at: monotonic seconds of the end of a run that waited.
        config: the rule as it was, once it says something else.
        is_unconditional: it was started whatever the rule's conditions say.
        is_stopping: somebody has stopped it; its next step will not begin.
        is_underway: its task has had its first turn.
        is_queued: it waits for its turn, or ended before that came.
        takes_time: time may have passed since it started.
        response: what a ``stop`` with ``response_variable`` gave.
        failure: what a step raised, when the outcome is an error.
        conversation_response: what a ``set_conversation_response`` gave last: the answer to whoever said something.
        task: what carries it on once it had to wait.
        branches: the runs that go on beside it as parts of it.
        awaits: what the service that it waits for has begun, as a script's run: it ends with it.
        to_tell: called with it when it has ended.
        on_wait: told in words, like ``delay 0:00:05``, what a step does that begins to wait; of a run, not a branch.
    """

    owner: Owner
    clock: Clock
    context: Context
    variables: MutableMapping[str, Any]
    firing: Firing | None
    started_at: float
    began: float
    trunk: "Run | None" = None  # not itself: a circle would keep every run in memory until the next collection
    trace: list[tuple[str, float, Any]] = field(default_factory=list)
    place: str = ""
    deadline: float | None = None
    is_stopping: bool = False
    is_underway: bool = False
    is_queued: bool = False
    takes_time: bool = False
    outcome: Outcome = Outcome.RUNNING
    error: str = ""
    response: Any = None
    failure: Exception | None = None
    conversation_response: str | None = None
    ended_at: float | None = None
    config: Mapping[str, Any] | None = None
    is_unconditional: bool = False
    on_wait: Callable[[str], object] | None = None
    task: "asyncio.Task[None] | None" = None
    branches: "Sequence[Run]" = ()
    awaits: Stoppable | None = None
    to_tell: "Sequence[OnEnd]" = ()
    made_id: str = ""

    @property
    def root(self) -> "Run":
        """The run that this is a branch of, or itself."""
        return self.trunk or self

    @property
    def id(self) -> str:
        """A ULID of the moment it started, made when somebody first asks."""
        if not self.made_id:
            self.made_id = ulid_at_time(self.began)
        return self.made_id

    def moment(self, monotonic: float) -> float:
        """Return a moment of the run in seconds since the epoch, as if nobody had set the clock meanwhile."""
        return self.began + (monotonic - self.started_at)

    def note(self, result: Any) -> None:
        """Add what came out at the present place, as traces show it."""
        self.trace.append((self.place, self.clock.monotonic(), result))

    def assign(self, name: str, value: Any) -> None:
        """Set a variable, and note that."""
        variables = self.variables
        before = {name: variables[name]} if name in variables else NO_DATA
        variables[name] = value
        self.note(Assigned({name: value}, before))

    def variables_at_start(self) -> dict[str, Any]:
        """Return the variables as they were before the first step, as far as is known."""
        found = dict(self.variables) or {"context": self.context}
        for _, _, result in reversed(self.trace):
            if isinstance(result, Assigned):
                for name in result.values:
                    found.pop(name, None)
                found.update(result.before)
        for name in OWN_OF_A_BRANCH:
            found.pop(name, None)
        return found

    def tell_wait(self, what: str) -> None:
        """Say, to whom it concerns, what the step does that begins to wait now."""
        if (tell := (self.trunk or self).on_wait) is not None:
            tell(what)

    def branch(self) -> "Run":
        """Return a branch that goes on by itself: it shares the variables, but not ``wait`` and ``repeat``."""
        made = Run(
            self.owner, self.clock, self.context, _BranchVariables({}, self.variables), self.firing, self.started_at,
            self.began, self.root, self.trace,
        )  # fmt: skip
        made.is_stopping = self.is_stopping
        self.branches = (*self.branches, made)
        return made

    def at_end(self, callback: "OnEnd") -> None:
        """Call ``callback`` with the run when it has ended."""
        self.to_tell = (*self.to_tell, callback)

    def not_at_end(self, callback: "OnEnd") -> None:
        """Take back :meth:`at_end`."""
        self.to_tell = tuple(other for other in self.to_tell if other is not callback)

    def end(self, outcome: Outcome, error: str = "") -> None:
        """Note how it ended and tell who waits for it."""
        self.outcome, self.error, self.task = outcome, error, None
        if self.takes_time:
            self.ended_at = self.clock.monotonic()
        for callback in self.to_tell:
            callback(self)

    def stop(self) -> None:
        """End the run and what it waits for: at once where it waits, before its next step otherwise."""
        for part in self._parts():
            part.is_stopping = True
            if part.awaits is not None:
                part.awaits.stop()
        if self.task is not None and self.is_underway and self.task is not asyncio.current_task():
            self.task.cancel()

    async def ended(self) -> None:
        """Return when the run has ended; who is cancelled here stops the run."""
        if self.outcome is not Outcome.RUNNING:
            return
        done = asyncio.get_running_loop().create_future()

        def wake(_: Run) -> None:
            if not done.done():
                done.set_result(None)

        self.at_end(wake)
        try:
            await done
        except asyncio.CancelledError:
            self.stop()
            raise

    def _parts(self) -> "Iterator[Run]":
        yield self
        for branch in self.branches:
            yield from branch._parts()  # noqa: SLF001 - a branch is a run like this


class _BranchVariables(ChainMap[str, Any]):
    """A branch's own ``wait`` and ``repeat`` over the variables of the run."""

    def __setitem__(self, key: str, value: Any) -> None:
        where = self.maps[0] if key in OWN_OF_A_BRANCH else self.maps[1]
        where[key] = value

    def __delitem__(self, key: str) -> None:
        self.maps[0].pop(key, None)
