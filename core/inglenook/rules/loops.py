"""Loops of rules: a chain in which rules set each other off without end is cut, and the log names the rule.

Each run has a context of its own, which knows how many runs led to it and since when. A chain that is long and fast is
a loop, and the automation that it comes to then rests for a while; one that takes its time, like a rule that starts
itself again every minute, may go on for ever. A loop that branches would explode long before it is long: so there is
also a budget for each rule, of runs that other runs caused.
"""

import logging
from typing import Final

from ulid_transform import ulid_at_time

from inglenook.model import Context

_log = logging.getLogger(__name__)

MAX_CHAIN: Final = 200
MIN_PERIOD_S: Final = 0.02  # as the mean over a chain: no home needs a rule to cause itself 50 times a second
FAR: Final = 3  # so many runs away from what a device, a person or the clock did, a run counts for the budget
RUNS_A_SECOND: Final = 500
PAUSE_S: Final = 60.0  # of an automation that a loop came to
_TELL_EVERY_S: Final = 60.0  # of one rule


class RunContext(Context, frozen=True, gc=False):
    """The context of a run.

    ``depth``: how many runs led to it, counted since the epoch second ``chain_since``.
    ``scripts``: the scripts that are waiting for its end, and it itself if it is a script's.
    """

    depth: int = 0
    chain_since: float = 0.0
    scripts: tuple[str, ...] = ()


def run_context(now: float, cause: Context | None) -> RunContext | None:
    """Return the context of a run that ``cause`` led to, or None when the chain of causes has become a loop."""
    if cause is None:
        return RunContext(ulid_at_time(now), None, None, 0, now)
    if not isinstance(cause, RunContext):
        return RunContext(ulid_at_time(now), cause.id, None, 1, now)
    link = _next_link(now, cause)
    return None if link is None else RunContext(ulid_at_time(now), cause.id, None, *link)


def script_context(now: float, cause: Context, script: str, *, is_awaited: bool) -> RunContext | None:
    """Return the context of a run of ``script``: its caller's own, with what the engine keeps of the chain of causes.

    A script that its caller does not wait for is one more link of the chain; None when that has become a loop.
    """
    scripts: tuple[str, ...] = (script,)
    link: tuple[int, float] | None = (0, now)
    if isinstance(cause, RunContext):
        if is_awaited:
            scripts, link = (*cause.scripts, script), (cause.depth, cause.chain_since)
        else:
            link = _next_link(now, cause)
    return None if link is None else RunContext(cause.id, cause.parent_id, cause.user_id, *link, scripts)


def _next_link(now: float, cause: RunContext) -> tuple[int, float] | None:
    """Return depth and beginning of the chain that ``cause`` goes on; None when it has become a loop."""
    depth, since = cause.depth + 1, cause.chain_since
    if depth >= MAX_CHAIN:
        if now - since < depth * MIN_PERIOD_S:
            return None
        depth, since = 0, now
    return depth, since


class Budget:
    """How often one rule may be started by rules that were started by rules."""

    __slots__ = ("_count", "_since")

    def __init__(self) -> None:
        self._since = 0.0
        self._count = 0

    def allows(self, now: float) -> bool:
        """Tell whether a run that is :data:`FAR` from its cause may start at ``now`` (epoch seconds), and count it."""
        if not 0 <= now - self._since < 1:
            self._since, self._count = now, 0
        self._count += 1
        return self._count <= RUNS_A_SECOND


class LoopLog:
    """Names each rule that was cut off, but not more often than once a minute.

    Attributes:
        cut: how often a rule was cut off.
    """

    def __init__(self) -> None:
        self._told_at: dict[str, float] = {}
        self.cut = 0

    def tell(self, name: str, now: float, why: str = "", then: str = "is not started") -> None:
        """Note that ``name`` was not started at ``now`` because it is part of a loop.

        Args:
            name: of the rule.
            now: seconds since the epoch.
            why: what set it off, like ``state of light.hall``.
            then: what becomes of it.
        """
        self.cut += 1
        if now - self._told_at.get(name, -_TELL_EVERY_S) >= _TELL_EVERY_S:
            self._told_at[name] = now
            _log.error(
                "rule %s %s: it is part of a loop, in which rules set each other off without end%s",
                name,
                then,
                f"; this time it was {why}" if why else "",
            )
