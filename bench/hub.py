"""What does a device's message cost the hub? The servers that bench/device_path.py measures.

    python bench/hub.py hub|echo-best --devices N     prints "READY PORT" once it listens

hub         sessions, states, the bus, a rule of two conditions, commands, and the database
echo-best   aiohttp as fast as we know how: the hub's own framing, and nothing behind it
"""

import argparse
import asyncio
import gc
import tempfile
from pathlib import Path
from typing import Final

from aiohttp import web

from inglenook.clock import Clock
from inglenook.devices import Connection, DeviceLimits
from inglenook.home import Home, Settings, make_home
from inglenook.model import Event
from inglenook.protocol import token_hash
from inglenook.restore import keep_states
from inglenook.store import FILE_NAME, Store
from inglenook.web.app import make_app, serve
from inglenook.web.device_ws import PATH
from inglenook.web.framing import TapWire, WriteBatch, shrink_receive_buffer
from inglenook.web.wire import SlowSockets

TOKEN: Final = "inglenook_" + "0" * 64  # of every device here
_MANY: Final = 1e9


class _Echo(Connection):
    """A connection that answers each frame with itself."""

    def receive(self, payload: bytes) -> None:
        self.wire.send(payload)


class _EchoEndpoint:
    def __init__(self) -> None:
        self._batch = WriteBatch()
        self._clock = Clock()
        self._limits = DeviceLimits()
        self._slow = SlowSockets(self._clock, self._limits)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        wire = TapWire("", self._limits.max_frame, self._slow, self._batch)
        response = await wire.open(request)
        await wire.run(_Echo(wire, self._limits, self._clock))
        return response


async def _serve_echo() -> int:
    app = web.Application()
    shrink_receive_buffer()
    app.router.add_get(PATH, _EchoEndpoint().handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    port: int = runner.addresses[0][1]
    return port


async def _serve_hub(devices: int, data: Path) -> int:
    clock = Clock()
    store = Store(data / FILE_NAME, clock)
    store.open()
    home = make_home(Settings(), clock, store)
    home.devices.limits = DeviceLimits(rate_per_s=_MANY, burst=int(_MANY), max_devices=devices + 10, heartbeat_s=300.0)
    for number in range(devices):
        store.put("tokens", (f"d{number}", token_hash(TOKEN), 0.0))
    await store.flush()
    keep_states(home)
    home.devices.start()
    _add_rule(home)
    return (await serve(home, "127.0.0.1", 0, app=make_app(home))).port


def _add_rule(home: Home) -> None:
    """When the switch of a device changes and two conditions hold, command the lamp of its neighbour."""

    def react(event: Event) -> None:
        state = event.data["new_state"]
        entity_id: str = event.data["entity_id"]
        if state is None or not entity_id.startswith("switch.d"):
            return
        if state.state == "unavailable" or float(state.attributes.get("power", 0)) < 1:
            return
        number = int(entity_id[8 : entity_id.index("_")])
        lamp = home.entities.get(f"light.d{number ^ 1}_lamp")
        if lamp is not None:
            lamp.perform("turn_on", {"brightness": 128}, event.context)

    home.bus.listen("state_changed", react)


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["hub", "echo-best"])
    parser.add_argument("--devices", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        if options.kind == "hub":
            port = await _serve_hub(options.devices, Path(data))
        else:
            port = await _serve_echo()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        print("READY", port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
