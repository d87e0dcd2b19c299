"""Is a rule engine as fast as an echo? From a device's message to the command that a rule sends to another device.

    python bench/device_path.py [--rounds 3] [--seconds 3] [--quick]

The hub and bare aiohttp echo servers carry the same messages in the same run: 100 devices, 64 messages under way, the
server on one core and the load on another. Ratios are of CPU time an event, which a busy machine disturbs least; each
is the median of interleaved rounds. A device answers each command, so an event of the hub is two messages in and one
out, where the echo's is one and one; the row "unanswered" leaves the answer out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.figures import Figure, show

_HERE: Final = Path(__file__).parent
_SERVER_CPU, _LOAD_CPU = 0, 1
_MANY: Final = 10_000
_NEAR: Final = 500


@dataclass(frozen=True, slots=True)
class Case:
    """One server under one load."""

    server: tuple[str, ...]
    load: tuple[str, ...] = ()


CASES: Final[dict[str, Case]] = {
    "echo": Case(("servers.py", "echo"), ("--kind", "echo")),
    "echo 64K": Case(("servers.py", "echo-64k"), ("--kind", "echo")),
    "echo best": Case(("hub.py", "echo-best"), ("--kind", "echo")),
    "hub": Case(("hub.py", "hub")),
    "hub unanswered": Case(("hub.py", "hub"), ("--silent",)),
    "hub on uvloop": Case(("hub.py", "hub", "--uvloop")),
    "hub many rules": Case(("hub.py", "hub", "--rules", str(_MANY))),
    "hub near misses": Case(("hub.py", "hub", "--rules", str(_NEAR), "--near")),
    "echo slow": Case(("servers.py", "echo"), ("--kind", "echo", "--mode", "open", "--rate", "1000")),
    "hub slow": Case(("hub.py", "hub"), ("--mode", "open", "--rate", "1000")),
    "hub 10,000": Case(
        ("hub.py", "hub", "--devices", str(_MANY), "--active", "1000"),
        ("--devices", str(_MANY), "--active", "1000"),
    ),
}  # fmt: skip
_QUICK: Final = ("echo", "echo best", "hub", "hub unanswered")


def _put(pid: int, cpu: int) -> None:
    """Keep a process on one core, and before whatever else runs there, if the system lets us."""
    os.sched_setaffinity(pid, {cpu})
    with suppress(PermissionError):
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(10))


@contextmanager
def _running(case: Case) -> Iterator[tuple[int, int]]:
    """Start the server on its core, and yield its process id and port."""
    command = [sys.executable, str(_HERE / case.server[0]), *case.server[1:]]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        _put(server.pid, _SERVER_CPU)
        assert server.stdout is not None
        words = server.stdout.readline().split()
        if not words:
            raise SystemExit(f"{' '.join(command)} does not start")
        yield server.pid, int(words[1])
    finally:
        server.kill()
        server.wait()


def _measure(case: Case, seconds: float) -> dict[str, float]:
    with _running(case) as (pid, port):
        command = ["load.py", "--port", str(port), "--pid", str(pid), "--seconds", str(seconds), *case.load]
        load = subprocess.Popen(
            [sys.executable, str(_HERE / command[0]), *command[1:]], stdout=subprocess.PIPE, text=True
        )
        _put(load.pid, _LOAD_CPU % (os.cpu_count() or 1))
        out, _ = load.communicate()
    if load.returncode:
        raise SystemExit(f"{case}: the load failed")
    found: dict[str, float] = json.loads(out)
    if found["lost"]:
        raise SystemExit(f"{case}: {found['lost']} events lost")
    return found


class _Found:
    """What all rounds found; every figure is their median."""

    def __init__(self, rounds: Sequence[dict[str, dict[str, float]]]) -> None:
        self._rounds = rounds

    def of(self, case: str, key: str) -> float:
        return statistics.median(one[case][key] for one in self._rounds)

    def times(self, question: str, case: str, other: str, bound: float) -> Figure:
        """How many times the events of ``other`` fit into the CPU time of ``case``; not fewer than ``bound``."""
        ratio = statistics.median(one[other]["cpu_us"] / one[case]["cpu_us"] for one in self._rounds)
        return Figure(question, ratio, "x", bound, is_ceiling=False)


def _figures(found: _Found) -> list[Figure]:
    return [
        found.times("against the untouched echo", "hub", "echo", 2.0),
        found.times("against the best echo", "hub", "echo best", 0.8),
        found.times("unanswered, against the untouched echo", "hub unanswered", "echo", 2.0),
        found.times("unanswered, against the best echo", "hub unanswered", "echo best", 0.8),
    ]


def _more_figures(found: _Found) -> list[Figure]:
    slower = found.of("hub slow", "p50_us") / found.of("echo slow", "p50_us")
    rate = 1e6 / found.of("hub 10,000", "cpu_us")
    return [
        found.times("on uvloop, against asyncio's loop", "hub on uvloop", "hub", 1.0),
        found.times("with 10,000 rules that cannot match, against none", "hub many rules", "hub", 0.95),
        found.times("with 500 near misses, against none", "hub near misses", "hub", 0.9),
        Figure("1,000 messages a second: median way, against echo", slower, "x", 1.2),
        Figure("1,000 messages a second: CPU of a core", found.of("hub slow", "cpu_percent"), "%", 12),
        Figure("10,000 devices: events a CPU second", rate, "", 35_000, is_ceiling=False),
        Figure("10,000 devices: memory", found.of("hub 10,000", "rss_mb"), "MB", 220),
    ]


def measure(rounds: int = 3, seconds: float = 3.0, *, is_quick: bool = False) -> list[Figure]:
    """Print what each server took and return the figures.

    Args:
        rounds: how often each server is measured.
        seconds: for how long, each time.
        is_quick: only the first servers.
    """
    names = _QUICK if is_quick else tuple(CASES)
    found = _Found([{name: _measure(CASES[name], seconds) for name in names} for _ in range(rounds)])
    for name in names:
        print(f"{name:18} {found.of(name, 'cpu_us'):7.1f} µs of CPU an event, {found.of(name, 'rate'):9,.0f} events/s")
    return _figures(found) if is_quick else _figures(found) + _more_figures(found)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--quick", action="store_true", help="only the first rows")
    options = parser.parse_args()
    show("The device path", measure(options.rounds, options.seconds, is_quick=options.quick))


if __name__ == "__main__":
    main()
