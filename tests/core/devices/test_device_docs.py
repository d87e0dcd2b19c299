"""docs/devices.md says all that the protocol has, and its example runs."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from inglenook.protocol import CloseCode
from inglenook.protocol.device_frames import DeviceFrame
from inglenook.protocol.hub_frames import HubFrame
from inglenook.testing import Gateway

DOCS = (Path(__file__).parents[3] / "docs" / "devices.md").read_text()


@pytest.mark.parametrize("frame", [*DeviceFrame.__subclasses__(), *HubFrame.__subclasses__()])
def test_every_frame_has_its_row_with_every_field(frame: Any) -> None:
    tag = frame.__struct_config__.tag

    row = re.search(rf"^\| `{tag}` \|.*$", DOCS, re.MULTILINE)

    assert row is not None, tag
    missing = [name for name in frame.__struct_fields__ if f"`{name}`" not in row[0]]
    assert not missing


def test_every_close_code_is_explained() -> None:
    missing = [code.value for code in CloseCode if code is not CloseCode.NORMAL and f"| {code.value} |" not in DOCS]

    assert not missing


async def test_the_example_of_a_device_in_python_runs(gateway: Gateway) -> None:
    code = re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert code is not None
    example: dict[str, Any] = {}
    exec(code[1], example)  # noqa: S102 - it is our own
    on = asyncio.Event()

    def note(event: Any) -> None:
        if event.data["entity_id"] == "light.shed_lamp" and event.data["new_state"].state == "on":
            on.set()
        elif event.data["entity_id"] == "sensor.shed_temperature" and event.data["new_state"].state == "18.5":
            gateway.home.devices.send("shed", "lamp", "turn_on")

    gateway.home.bus.listen("state_changed", note)
    device = asyncio.create_task(example["run_lamp"](gateway.url, gateway.home.devices.add("shed")))

    await asyncio.wait_for(on.wait(), 10)

    device.cancel()
    await asyncio.gather(device, return_exceptions=True)
