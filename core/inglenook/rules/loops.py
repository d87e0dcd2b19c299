"""Loops of rules: a chain in which rules set each other off without end is cut, and the log names the rule.

Each run has a context of its own, which knows how many runs led to it and since when. A chain that is long and fast is
a loop; one that takes its time, like a rule that starts itself again every minute, may go on for ever.
"""

import logging
from typing import Final

from ulid_transform import ulid_at_time

from inglenook.model import Context

_log = logging.getLogger(__name__)

MAX_CHAIN: Final = 200
MIN_PERIOD_S: Final = 0.02  # as the mean over a chain: no home needs a rule to cause itself 50 times a second


class RunContext(Context, frozen=True, gc=False):
    """The context of a run.

    ``depth``: how many runs led to it, counted since the epoch second ``chain_since``.
    """

    depth: int = 0
    chain_since: float = 0.0


def run_context(now: float, cause: Context | None) -> RunContext | None:
    """Return the context of a run that ``cause`` led to, or None when the chain of causes has become a loop."""
    if cause is None:
        return RunContext(ulid_at_time(now), None, None, 0, now)
    if not isinstance(cause, RunContext):
        return RunContext(ulid_at_time(now), cause.id, None, 1, now)
    depth, since = cause.depth + 1, cause.chain_since
    if depth >= MAX_CHAIN:
        if now - since < depth * MIN_PERIOD_S:
            return None
        depth, since = 0, now
    return RunContext(ulid_at_time(now), cause.id, None, depth, since)


class LoopLog:
    """Names each rule that was cut off, but not more often than once a minute."""

    EVERY_S: Final = 60.0

    def __init__(self) -> None:
        self._told_at: dict[str, float] = {}
        self.cut = 0

    def tell(self, name: str, now: float) -> None:
        """Note that ``name`` was not started at ``now`` because it is part of a loop."""
        self.cut += 1
        if now - self._told_at.get(name, -self.EVERY_S) >= self.EVERY_S:
            self._told_at[name] = now
            _log.error(
                "rule %s is not started: it is part of a loop; the last %d runs set each other off within %g s",
                name, MAX_CHAIN, MAX_CHAIN * MIN_PERIOD_S,
            )  # fmt: skip
