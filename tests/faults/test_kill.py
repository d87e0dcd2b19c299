"""A hub that is killed in the middle of everything has lost nothing that it acknowledged."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.faults.hub import TOKEN
from tests.faults.proxy import ChaosProxy
from tests.faults.test_drops import ENTITIES, HurriedClock

from inglenook.device import Device

ROOT = Path(__file__).parents[2]
KILLS = 4
STEPS = 25


async def start_hub(data: Path, log: Path) -> tuple[asyncio.subprocess.Process, int]:
    """Start a hub on the folder ``data`` and return it and its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.hub", str(data), "0", str(log), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    word, port = (await process.stdout.readline()).split()
    assert word == b"READY"
    return process, int(port)


async def test_kill_9_loses_nothing_acknowledged(tmp_path: Path) -> None:
    done: list[int] = []
    finished = asyncio.Event()
    log = tmp_path / "log.txt"
    hub, port = await start_hub(tmp_path, log)
    async with ChaosProxy(port) as proxy:
        url = f"ws://127.0.0.1:{proxy.port}/api/device"
        device = Device(url, "walker", TOKEN, ENTITIES, clock=HurriedClock())

        @device.on_command("lamp")
        def lamp(service: str, data: Mapping[str, Any]) -> None:
            done.append(data["number"])
            if len(set(done)) == KILLS * STEPS:
                finished.set()

        async with device:
            device.set(lamp="off")
            await device.delivered()
            acknowledged, number = 0, 0
            for _ in range(KILLS):
                for _ in range(STEPS):
                    number += 1
                    device.set(steps=number)
                    device.fire("bell", "press", {"number": number})
                    await asyncio.sleep(0.005)
                    if len(device.outbox) > 20:  # it keeps 32
                        await device.delivered()
                    if not device.outbox:
                        acknowledged = number
                hub.kill()
                await hub.wait()
                hub, proxy.target = await start_hub(tmp_path, log)
                await device.delivered()
            await asyncio.wait_for(finished.wait(), 20)
        hub.kill()
        await hub.wait()

    lines = log.read_text().split("\n")
    steps = {int(line.split()[1]) for line in lines if line.startswith("state ") and line != "state unknown"}
    presses = {int(line.split()[1]) for line in lines if line.startswith("event ")}
    assert acknowledged > 0
    assert steps == set(range(1, number + 1))
    assert presses == set(range(1, number + 1))
