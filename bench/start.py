"""How long from the command to a home that listens, and how much memory does it take?

    python -m bench.start

Rules are a state trigger, two conditions and three steps each. "Unchanged" is a start with the same rules as the last.
"""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, show
from bench.homes import write_home

RULES = 10_000


def start(folder: Path) -> tuple[float, float]:
    """Start a home, and stop it again; return seconds until it listened and its memory (RSS) in MB a moment later."""
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "inglenook", "run", "--config", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "listening on http" in line:
            break
    took = time.perf_counter() - before
    time.sleep(1)
    status = Path(f"/proc/{process.pid}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+)", status)
    assert match is not None
    process.send_signal(signal.SIGTERM)
    process.communicate()
    return took, int(match[1]) / 1024


def measure(repeats: int = 5) -> list[Figure]:
    """Return the figures; medians of ``repeats`` starts after one that fills Python's and our caches."""
    with tempfile.TemporaryDirectory() as name:
        empty, full = Path(name) / "empty", Path(name) / "full"
        write_home(empty, 0)
        write_home(full, RULES)
        start(empty)
        idle = [start(empty) for _ in range(repeats)]
        first, _ = start(full)
        again = [start(full) for _ in range(repeats)]
    seconds, memory = (statistics.median(column) for column in zip(*idle, strict=True))
    seconds_full, memory_full = (statistics.median(column) for column in zip(*again, strict=True))
    return [
        Figure("start, no rules", seconds, "s", 0.6),
        Figure(f"start, {RULES:,} rules for the first time", first, "s", 4.0),
        Figure(f"start, {RULES:,} rules unchanged", seconds_full, "s", 1.5),
        Figure("memory, idle", memory, "MB", 70),
        Figure("memory a rule", (memory_full - memory) * 1024 / RULES, "kB", 20),
    ]


if __name__ == "__main__":
    show("Start", measure())
