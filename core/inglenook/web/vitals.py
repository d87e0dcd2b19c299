"""The numbers by which one sees how a home does. They are read when somebody asks; only the loop's lag is sampled."""

import os
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from inglenook.clock import Timer
from inglenook.home import Home
from inglenook.rules import RuleEngine

SAMPLE_S: Final = 1.0
RUNS_TIMED: Final = 100  # in each of these seconds, at most
SAMPLES_KEPT: Final = 60
_STATM: Final = Path("/proc/self/statm")


class Snapshot(Struct, frozen=True):
    """How a home does at one moment. What counts, counts from its start.

    Attributes:
        at: seconds that only go forward.
        started_at: seconds since the epoch.
        events: fired, by type.
        runs: of automations and scripts that ended, by how.
        times: of those that were timed, as :class:`inglenook.rules.tally.RunTally` keeps them; ``seconds`` likewise.
        rules: what the rule engine tells of itself, as ``devices`` and ``clients`` are what these tell.
        queues: how much waits, by where.
        lag_s: how late the event loop last was, ``lag_max_s`` at most in the last minute.
        memory: bytes of the process that are in memory; None where that is not known.
    """

    at: float
    started_at: float
    entities: int
    events: dict[str, int]
    runs: dict[str, int]
    times: list[int]
    seconds: float
    rules: dict[str, int]
    devices: dict[str, int]
    clients: dict[str, int]
    queues: dict[str, int]
    lag_s: float
    lag_max_s: float
    memory: int | None


class Vitals:
    """Reads the numbers of one home.

    Args:
        home: whose they are.
        engine: its rules.
        sockets: what the endpoints of ``devices`` and ``clients`` tell of themselves.
    """

    def __init__(self, home: Home, engine: RuleEngine, sockets: Mapping[str, Callable[[], dict[str, int]]]) -> None:
        self._home = home
        self._engine = engine
        self._sockets = sockets
        self._started_at = home.clock.now()
        self._lags: deque[float] = deque([0.0], maxlen=SAMPLES_KEPT)
        self._due = 0.0
        self._timer: Timer | None = None

    def start(self) -> None:
        """Sample how late the loop is."""
        self._engine.tally.time_next(RUNS_TIMED)
        self._due = self._home.clock.monotonic() + SAMPLE_S
        self._timer = self._home.clock.call_later(SAMPLE_S, self._sample)

    def stop(self) -> None:
        """Sample no more."""
        self._engine.tally.time_next(0)
        if self._timer is not None:
            self._timer.cancel()

    def snapshot(self) -> Snapshot:
        """Return the numbers as they are now."""
        home, tally = self._home, self._engine.tally
        rules, bus, devices = self._engine.statistics(), home.bus.statistics(), home.devices.statistics()
        return Snapshot(
            at=home.clock.monotonic(),
            started_at=self._started_at,
            entities=len(home.states),
            events=dict(home.bus.fired),
            runs=tally.by_outcome(),
            times=list(tally.times),
            seconds=tally.seconds,
            rules=rules,
            devices={**devices, **self._sockets["devices"]()},
            clients=self._sockets["clients"](),
            queues={
                "events": bus["waiting"],
                "store": home.store.statistics()["waiting"],
                "commands": devices["commands"],
                "runs": rules["waiting"],
            },
            lag_s=self._lags[-1],
            lag_max_s=max(self._lags),
            memory=_memory(),
        )

    def _sample(self) -> None:
        self._lags.append(max(0.0, self._home.clock.monotonic() - self._due))
        self.start()


def _memory() -> int | None:
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
