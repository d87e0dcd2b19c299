"""A hub in a process of its own, that tests kill: devices, a database, and a log of what happened.

    python tests/faults/hub.py DATA PORT LOG

Every state and event of a device is appended to LOG before anything else hears of it; the number of each is its value,
so that a lost or doubled one is found. For each event ``press`` the lamp of the same device is commanded.
"""

import asyncio
import sys
from pathlib import Path

from inglenook.clock import Clock
from inglenook.devices import DeviceLimits
from inglenook.model import Event
from inglenook.protocol import token_hash
from inglenook.store import FILE_NAME, Store
from inglenook.testing import running_gateway

TOKEN = "inglenook_" + "7" * 64


async def main(data: Path, port: int, log: Path) -> None:
    """Run until killed."""
    store = Store(data / FILE_NAME, Clock())
    store.open()
    if not store.load("tokens"):
        store.put("tokens", ("walker", token_hash(TOKEN), 0.0))
    await store.close()
    with log.open("a", buffering=1) as lines:
        limits = DeviceLimits(rate_per_s=10_000, burst=10_000)
        async with running_gateway(data=data, port=port, limits=limits) as gateway:
            home = gateway.home

            def note(event: Event) -> None:
                new = event.data["new_state"]
                if new is not None and event.data["entity_id"] == "sensor.walker_steps":
                    lines.write(f"state {new.state}\n")

            def press(event: Event) -> None:
                number = event.data["data"]["number"]
                lines.write(f"event {number}\n")
                home.devices.send("walker", "lamp", f"effect_{number}", {"number": number}, ttl_s=60)

            home.bus.listen("state_changed", note)
            home.bus.listen("inglenook_device_event", press)
            print("READY", gateway.server.port, flush=True)  # noqa: T201 - for the test that started it
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
