"""What does a device's message cost the hub? The servers that bench/device_path.py measures.

    python bench/hub.py hub|echo-best --devices N --rules K     prints "READY PORT" once it listens

hub         a whole home: sessions, states, the rule engine, commands, and the database. Each device has a rule of two
            conditions that commands its neighbour's lamp; K more rules cannot match, or with --near wait for another
            state of the same entities
echo-best   aiohttp as fast as we know how: the hub's own framing, and nothing behind it
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import uvloop
from aiohttp import web

from inglenook.clock import Clock
from inglenook.config.configuration import read_configuration
from inglenook.devices import Connection, DeviceLimits
from inglenook.protocol import PATH, token_hash
from inglenook.server.running import HomeServer
from inglenook.store import FILE_NAME, Store
from inglenook.web.framing import OpenSockets, TapWire, shrink_receive_buffer
from inglenook.web.turn import Turn
from inglenook.web.wire import SlowSockets

TOKEN: Final = "inglenook_" + "0" * 64  # of every device here
_MANY: Final = 1e9
_RULE: Final = """\
- id: rule_{number}
  triggers: [{{trigger: state, entity_id: switch.d{number}_k}}]
  conditions:
    - {{condition: state, entity_id: light.d{neighbour}_lamp, state: unknown}}
    - {{condition: numeric_state, entity_id: switch.d{number}_k, attribute: power, above: 1}}
  actions:
    - {{action: light.turn_on, target: {{entity_id: light.d{neighbour}_lamp}}, data: {{brightness: 128}}}}
"""
_OTHER: Final = """\
- id: other_{number}
  triggers: [{{trigger: state, entity_id: "{entity_id}", to: "{to}"}}]
  actions: [{{action: light.turn_off, target: {{entity_id: light.d0_lamp}}}}]
"""


class _Echo(Connection):
    """A connection that answers each frame with itself."""

    def receive(self, payload: bytes) -> None:
        self.wire.send(payload)


class _EchoEndpoint:
    def __init__(self) -> None:
        self._clock = Clock()
        self._turn = Turn(self._clock)
        self._limits = DeviceLimits()
        self._slow = SlowSockets(self._clock, self._limits)
        self._sockets = OpenSockets()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        wire = TapWire("", self._slow, self._turn, self._sockets)
        return await wire.serve(request, self._limits.max_frame, lambda it: _Echo(it, self._limits, self._clock))


async def _serve_echo() -> int:
    app = web.Application()
    shrink_receive_buffer()
    app.router.add_get(PATH, _EchoEndpoint().handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    port: int = runner.addresses[0][1]
    return port


def _write_home(folder: Path, devices: int, rules: int, *, is_near: bool) -> None:
    (folder / "configuration.yaml").write_text("homeassistant: {name: Bench}\nhttp: {port: 0}\nrules: [rules]\n")
    (folder / "rules").mkdir()
    mine = (_RULE.format(number=number, neighbour=number ^ 1) for number in range(devices))
    others = (
        _OTHER.format(
            number=number,
            entity_id=f"switch.d{number % devices}_k" if is_near else f"switch.other_{number}",
            to=f"state {number}",
        )
        for number in range(rules)
    )
    (folder / "rules" / "all.yaml").write_text("".join((*mine, *others)))


async def _serve_hub(folder: Path, devices: int) -> HomeServer:
    configuration = read_configuration(folder, data=folder / "data")
    store = Store(configuration.settings.data_dir / FILE_NAME, Clock())
    store.open()
    for number in range(devices):
        store.put("tokens", (f"d{number}", token_hash(TOKEN), 0.0))
    await store.close()
    limits = DeviceLimits(rate_per_s=_MANY, burst=int(_MANY), max_devices=devices + 10, heartbeat_s=300.0)
    server = HomeServer(replace(configuration, devices=limits))
    await server.start()
    await asyncio.to_thread(configuration.cache.close)  # a home does so once, a little after its first start
    await asyncio.to_thread(configuration.memory.settle)
    return server


async def main() -> None:
    """Serve what the command line asks for until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["hub", "echo-best"])
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--active", type=int, help="devices that have a rule; by default all")
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--near", action="store_true")
    parser.add_argument("--uvloop", action="store_true", help="on uvloop instead of asyncio's own loop")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.kind == "hub":
            _write_home(Path(folder), options.active or options.devices, options.rules, is_near=options.near)
            server = await _serve_hub(Path(folder), options.devices)
            port = server.gateway.port
        else:
            port = await _serve_echo()
        print("READY", port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    run = uvloop.run if "--uvloop" in sys.argv else asyncio.run
    run(main())
