"""How many runs ended, and how; and how long those took that had nothing to wait for."""

from bisect import bisect_left
from typing import Final

from inglenook.rules.run import Outcome, Run

BOUNDS_S: Final = (
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0,
)  # fmt: skip


class RunTally:
    """Counts the runs of a home's automations and scripts.

    Attributes:
        finished: runs that came to their end.
        others: all others by how they ended.
        to_time: how many of the next runs are timed: whoever shows the times says so from time to time, so that a
            crowd of runs does not pay for being watched.
        times: how many of those that were timed took at most as long as each of :data:`BOUNDS_S`, and longer.
        seconds: what these took together.
    """

    __slots__ = ("finished", "others", "seconds", "times", "to_time")

    def __init__(self) -> None:
        self.finished = 0
        self.others: dict[Outcome, int] = {Outcome.ABORTED: 0, Outcome.CANCELLED: 0, Outcome.ERROR: 0}
        self.to_time = 0
        self.times = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def by_outcome(self) -> dict[str, int]:
        """Return how many runs ended, by how."""
        return {Outcome.FINISHED.value: self.finished, **{outcome.value: n for outcome, n in self.others.items()}}

    def time(self, run: Run) -> None:
        """Note how long ``run`` took, which ends now, unless it had to wait."""
        if not run.is_underway:
            self.to_time -= 1
            taken_s = run.clock.monotonic() - run.started_at
            self.times[bisect_left(BOUNDS_S, taken_s)] += 1
            self.seconds += taken_s
