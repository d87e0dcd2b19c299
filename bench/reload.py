"""How long from saving one rule among 1,000 until the new one is live, and how long do others wait meanwhile?

python -m bench.reload
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, show
from bench.homes import rule_text, write_home

from inglenook.config.configuration import read_configuration
from inglenook.server.running import HomeServer

RULES = 1_000
EDITED = 500


async def edit(server: HomeServer, path: Path, bound: int) -> tuple[float, float]:
    """Save another version of one rule; return milliseconds until it was live, and the longest stall of the loop."""
    live = asyncio.Event()
    unsubscribe = server.home.bus.listen("automation_reloaded", lambda _: live.set())
    text = path.read_text().replace(rule_text(EDITED, bound - 1), rule_text(EDITED, bound))  # noqa: ASYNC240 - on purpose
    longest = 0.0
    saved = time.perf_counter()
    path.write_text(text)  # noqa: ASYNC240
    while not live.is_set():
        before = time.perf_counter()
        await asyncio.sleep(0.0005)
        longest = max(longest, time.perf_counter() - before - 0.0005)
    took = time.perf_counter() - saved
    unsubscribe()
    await asyncio.sleep(0.3)
    return took * 1000, longest * 1000


async def measure_edits(folder: Path, repeats: int) -> list[tuple[float, float]]:
    """Return what each of ``repeats`` edits took."""
    path = write_home(folder, RULES)
    server = HomeServer(read_configuration(folder))
    await server.start()
    await asyncio.sleep(0.5)
    try:
        return [await edit(server, path, 41 + number) for number in range(repeats)]
    finally:
        await server.stop()


def measure(repeats: int = 7) -> list[Figure]:
    """Return the figures: medians of ``repeats`` edits."""
    with tempfile.TemporaryDirectory() as name:
        edits = asyncio.run(measure_edits(Path(name), repeats))
    took, stall = (statistics.median(column) for column in zip(*edits, strict=True))
    return [
        Figure(f"one of {RULES:,} rules, from save to live", took, "ms", 50),
        Figure("the longest that anything else waited", stall, "ms", 5),
    ]


if __name__ == "__main__":
    show("Hot reload", measure())
