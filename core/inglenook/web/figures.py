"""What a home does in a second: readings of its vital numbers, each second for as long as somebody looks."""

from collections import deque
from collections.abc import Callable
from itertools import accumulate
from typing import Any, Final

from inglenook.bus import Unsubscribe
from inglenook.clock import Clock, Timer
from inglenook.rules.run import Outcome
from inglenook.rules.tally import BOUNDS_S
from inglenook.web.listeners import Listeners
from inglenook.web.vitals import Snapshot

Reading = dict[str, Any]
Listener = Callable[[Reading], object]

PERIOD_S: Final = 1.0
SELDOM_S: Final = 10.0  # between readings that nobody looks at yet
KEPT: Final = 300  # readings: five minutes
KEPT_S: Final = KEPT * PERIOD_S
LATENCY_READINGS: Final = 60  # over how many of them percentiles are taken


class Figures:
    """Makes a reading each second while it is watched, and now and then before, so that whoever comes sees what was.

    Args:
        snapshot: reads the vital numbers.
        clock: the home's.

    Attributes:
        readings: those of the last minutes, oldest first.
    """

    def __init__(self, snapshot: Callable[[], Snapshot], clock: Clock) -> None:
        self._snapshot = snapshot
        self._clock = clock
        self._listeners: Listeners[[Reading]] = Listeners("a reading")
        self._before: deque[Snapshot] = deque(maxlen=LATENCY_READINGS)
        self._timer: Timer | None = None
        self.readings: deque[Reading] = deque(maxlen=KEPT)

    def start(self) -> None:
        """Make readings now and then."""
        self._before.append(self._snapshot())
        self._timer = self._clock.call_later(SELDOM_S, self._tick)

    def stop(self) -> None:
        """Make none any more, unless somebody begins to look."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def watch(self, listener: Listener) -> Unsubscribe:
        """Call ``listener`` with a reading each second from now on, as :func:`reading` makes it."""
        if not self._listeners:
            if not self._before:
                self._before.append(self._snapshot())
            self._read_after(PERIOD_S)
        return self._listeners.add(listener)

    def _read_after(self, delay_s: float) -> None:
        self.stop()
        self._timer = self._clock.call_later(delay_s, self._tick)

    def _tick(self) -> None:
        self._read_after(PERIOD_S if self._listeners else SELDOM_S)
        now = self._snapshot()
        while len(self._before) > 1 and now.at - self._before[0].at > LATENCY_READINGS * PERIOD_S:
            self._before.popleft()
        made = {"at": self._clock.now(), **reading(self._before[-1], now, self._before[0])}
        self._before.append(now)
        self.readings.append(made)
        while made["at"] - self.readings[0]["at"] >= KEPT_S:
            self.readings.popleft()
        self._listeners.tell(made)


def reading(before: Snapshot, now: Snapshot, long_before: Snapshot) -> Reading:
    """Return what happened between two snapshots, and how the home is now.

    It has ``events_per_s``, ``runs_per_s``, ``failures_per_s``, ``run_p50_ms`` and ``run_p95_ms`` (of runs since
    ``long_before`` that waited for nothing; None without one), ``loop_lag_ms``, ``devices`` (connected),
    ``devices_known``, ``commands`` (that wait for a device), ``clients``, ``clients_behind``, ``rules``, ``runs`` (that
    go on), ``entities``, ``memory_bytes`` (None where that is not known) and ``started_at`` (seconds since the epoch).
    """
    passed_s = max(now.at - before.at, 1e-3)
    events = sum(now.events.values()) - sum(before.events.values())
    ended = {outcome: count - before.runs.get(outcome, 0) for outcome, count in now.runs.items()}
    times = [count - earlier for count, earlier in zip(now.times, long_before.times, strict=True)]
    return {
        "events_per_s": round(events / passed_s, 1),
        "runs_per_s": round(sum(ended.values()) / passed_s, 1),
        "failures_per_s": round((ended.get(Outcome.ERROR, 0) + ended.get(Outcome.ABORTED, 0)) / passed_s, 1),
        "run_p50_ms": quantile_ms(times, 0.5),
        "run_p95_ms": quantile_ms(times, 0.95),
        "loop_lag_ms": round(now.lag_s * 1_000, 2),
        "devices": now.devices["connected"],
        "devices_known": now.devices["known"],
        "commands": now.queues["commands"],
        "clients": now.clients["clients"],
        "clients_behind": now.clients["behind"],
        "rules": now.rules["rules"],
        "runs": now.rules["runs"],
        "entities": now.entities,
        "memory_bytes": now.memory,
        "started_at": now.started_at,
    }


def quantile_ms(times: list[int], share: float) -> float | None:
    """Return how long this share of the runs took at most, in milliseconds, as nearly as :data:`BOUNDS_S` allow.

    Args:
        times: how many took at most as long as each of the bounds, and longer.
        share: 0 to 1.
    """
    wanted = share * sum(times)
    if not wanted:
        return None
    lower = 0.0
    for bound, count, up_to in zip(BOUNDS_S, times, accumulate(times), strict=False):
        if up_to >= wanted:
            within = (wanted - (up_to - count)) / count
            return round((lower + (bound - lower) * within) * 1_000, 3)
        lower = bound
    return BOUNDS_S[-1] * 1_000
