"""How many runs ended, and how; and how long those took that had nothing to wait for."""

from bisect import bisect_left
from typing import Final

from inglenook.rules.run import Outcome, Run

BOUNDS_S: Final = (
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0,
)  # fmt: skip


class RunTally:
    """Counts the runs of a home's automations and scripts.

    A run that ends makes ``left`` one less: that alone counts it, as long as it just finished and need not be timed.

    Attributes:
        left: how many of the next runs are timed; below 0, how many were not.
        times: how many of those that were timed took at most as long as each of :data:`BOUNDS_S`, and longer.
        seconds: what these took together.
    """

    __slots__ = ("_ended", "_others", "_started_from", "left", "seconds", "times")

    def __init__(self) -> None:
        self._ended = 0  # before ``left`` was set to ``_started_from``
        self._others: dict[Outcome, int] = {Outcome.ABORTED: 0, Outcome.CANCELLED: 0, Outcome.ERROR: 0}
        self._started_from = self.left = 0
        self.times = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def time_next(self, runs: int) -> None:
        """Time the next ``runs``, and no more, so that a crowd of them does not pay for being watched.

        Who shows the times asks for this from time to time.
        """
        self._ended += self._started_from - self.left
        self._started_from = self.left = runs

    def by_outcome(self) -> dict[str, int]:
        """Return how many runs ended, by how."""
        ended = self._ended + self._started_from - self.left
        others = {outcome.value: number for outcome, number in self._others.items()}
        return {Outcome.FINISHED.value: ended - sum(others.values()), **others}

    def note(self, run: Run) -> None:
        """Count a run that ends now in another way than by finishing; time it if that is due and it never waited."""
        if run.outcome is not Outcome.FINISHED:
            self._others[run.outcome] += 1
        if self.left >= 0 and not run.takes_time:
            taken_s = run.clock.monotonic() - run.started_at
            self.times[bisect_left(BOUNDS_S, taken_s)] += 1
            self.seconds += taken_s
