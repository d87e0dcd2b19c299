"""``inglenook top``: its numbers, and how it ends."""

import asyncio
import os
import pty
import signal
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from rich.console import Console
from tests.core.server.homes import running_home

from inglenook.cli import main
from inglenook.cli.top_table import top_table
from inglenook.rules.tally import BOUNDS_S
from inglenook.server.running import HomeServer
from inglenook.web.vitals import Snapshot

BEFORE = Snapshot(
    at=100.0,
    started_at=1.0,
    entities=12,
    events={"state_changed": 1000},
    runs={"finished": 10, "aborted": 0, "cancelled": 0, "error": 1},
    times=[0] * (len(BOUNDS_S) + 1),
    seconds=0.0,
    rules={"rules": 7, "unavailable": 0, "scripts": 0, "runs": 2, "waiting": 2, "cut_loops": 0},
    devices={"known": 5, "connected": 4, "reconnects": 3, "received": 0, "sent": 0},
    clients={"clients": 2, "behind": 0, "received": 0, "sent": 0},
    queues={"events": 0, "store": 40, "commands": 1, "runs": 2},
    lag_s=0.0004,
    lag_max_s=1.5,
    memory=100 << 20,
)


def shown(before: Snapshot, now: Snapshot) -> dict[str, str]:
    console = Console(width=120, highlight=False)
    with console.capture() as capture:
        console.print(top_table(before, now))
    rows = [line.split("  ", 1) for line in capture.get().splitlines()[1:]]
    return {name.strip(): " ".join(rest.split()) for name, rest in rows}


def test_rates_are_of_the_time_between_two_readings() -> None:
    times = [0, 0, 98, 0, 0, 0, 0, 2, *[0] * (len(BOUNDS_S) - 7)]
    now = replace(
        BEFORE,
        at=102.0,
        events={"state_changed": 1400, "evil\x1b[red]": 2},
        runs={"finished": 110, "aborted": 0, "cancelled": 0, "error": 3},
        times=times,
        devices={**BEFORE.devices, "received": 4096},
    )

    rows = shown(BEFORE, now)

    assert rows["events/s"] == "201.0 state_changed 200.0 evil?[red] 1.0"
    assert rows["runs/s"].startswith("51.0 ")
    assert rows["failures/s"] == "1.0 3 since the start"
    assert rows["run takes"] == "≤ 250 µs half of them; 99 %: ≤ 10 ms"
    assert rows["devices"] == "4 1 away, 3 reconnects"
    assert rows["bytes in/s"].startswith("2.0 KiB")
    assert rows["queue"].startswith("43 ")
    assert rows["loop lag"] == "400 µs at most 1.5 s in the last minute"
    assert rows["memory"] == "100.0 MiB 12 entities"


def test_nothing_happened_is_shown_too() -> None:
    rows = shown(BEFORE, replace(BEFORE, memory=None))

    assert rows["events/s"] == "0.0"
    assert rows["run takes"].startswith("- ")
    assert rows["memory"].startswith("unknown")


def test_a_home_that_does_not_run_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")

    result = CliRunner().invoke(main, ["top", "--config", str(tmp_path)])

    assert result.exit_code == 1
    assert "start the home with: inglenook run" in result.output


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[HomeServer]:
    (folder / "configuration.yaml").write_text("http: {port: 0}\n")
    async with running_home(folder) as server:
        yield server


async def test_once_prints_one_table(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        words = ["top", "--once", "--every", "0.1", "--config", str(tmp_path)]
        done = asyncio.create_task(asyncio.to_thread(CliRunner().invoke, main, words))
        while not done.done():
            server.home.bus.fire("tick")
            await asyncio.sleep(0.01)

    result = await done
    assert result.exit_code == 0, result.output
    assert "tick" in result.output
    assert "\x1b" not in result.output


@pytest.mark.parametrize("how", ["q", "ctrl-c", "sigterm", "gone"])
async def test_a_key_or_a_signal_ends_it_and_the_terminal_is_as_it_was(tmp_path: Path, how: str) -> None:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    async with running(tmp_path) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "inglenook", "top", "--every", "0.1", "--config", str(tmp_path),
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env={**os.environ, "TERM": "xterm"},
        )  # fmt: skip
        written = await _read_until(ours, b"events/s")
        if how == "q":
            os.write(ours, b"xq")
        elif how == "gone":
            await server.stop()
        else:
            process.send_signal(signal.SIGINT if how == "ctrl-c" else signal.SIGTERM)
        async with asyncio.timeout(20):
            rest = await _read_until(ours, b"\x1b[?1049l")
            status = await process.wait()

    assert b"\x1b[?1049h" in written
    assert b"Traceback" not in rest
    assert termios.tcgetattr(theirs) == before
    assert status == (1 if how == "gone" else 0)
    os.close(ours)
    os.close(theirs)


async def _read_until(descriptor: int, wanted: bytes) -> bytes:
    """Return what is written to a terminal until ``wanted`` has come."""
    found = b""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        async with asyncio.timeout(20):
            while wanted not in found:
                readable.clear()
                await readable.wait()
                found += os.read(descriptor, 4096)
    finally:
        loop.remove_reader(descriptor)
    return found
