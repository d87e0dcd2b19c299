"""The fixtures that authors test with."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from inglenook.clock import VirtualLoop
from inglenook.home import Home
from inglenook.model import Context, State
from inglenook.testing import FakeDevice, Gateway


async def test_a_test_with_a_home_runs_on_a_virtual_loop(home: Home) -> None:
    before = home.clock.now()

    await home.clock.sleep(86_400)

    assert isinstance(asyncio.get_running_loop(), VirtualLoop)
    assert home.clock.now() - before == pytest.approx(86_400)


async def test_any_other_runs_on_a_real_one() -> None:
    assert not isinstance(asyncio.get_running_loop(), VirtualLoop)


async def test_a_device_reports_and_obeys_over_a_real_socket(gateway: Gateway) -> None:
    lamp = gateway.device("hall", {"lamp": {"domain": "light"}})
    lamp.set(lamp="off")
    told: list[tuple[str, Mapping[str, Any]]] = []
    is_on = asyncio.Event()

    @lamp.on_command("lamp")
    def obey(service: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        told.append((service, data))
        return {"lamp": {"state": "on", "attributes": dict(data)}}

    def note(_id: str, _old: State | None, new: State | None, _context: Context) -> None:
        if new is not None and new.state == "on":
            is_on.set()

    gateway.home.states.watch("light.hall_lamp", note)
    async with lamp:
        await lamp.delivered()
        await gateway.home.services.call("light", "turn_on", {"entity_id": "light.hall_lamp", "brightness": 128})
        await asyncio.wait_for(is_on.wait(), 5)

    state = gateway.home.states.get("light.hall_lamp")
    assert told == [("turn_on", {"brightness": 128})]
    assert state is not None
    assert state.attributes["brightness"] == 128


async def test_a_fake_device_is_handled_without_a_socket(home: Home, device: FakeDevice) -> None:
    device.connect()
    device.describe({"motion": {"domain": "binary_sensor"}})

    device.report(motion=True)

    state = home.states.get("binary_sensor.device_motion")
    assert state is not None
    assert state.state == "on"
