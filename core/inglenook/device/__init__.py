"""The device's side of the socket: an asyncio client with reconnect, resume and a queue.

```python
device = Device("ws://hub:8123/api/device", "hall", TOKEN, {"lamp": {"domain": "light"}})

@device.on_command("lamp")
def lamp(service, data):
    return {"lamp": "on" if service == "turn_on" else "off"}

async with device:
    device.set(lamp="off")
    await device.delivered()
```
"""

from inglenook.device.client import Device, backoff, pair
from inglenook.device.discovery import FoundHub, HubNotFound, find_hub
from inglenook.device.link import Link, LinkLost, open_link
from inglenook.device.outbox import Outbox
from inglenook.protocol import DeviceInfo, Reading

__all__ = [
    "Device",
    "DeviceInfo",
    "FoundHub",
    "HubNotFound",
    "Link",
    "LinkLost",
    "Outbox",
    "Reading",
    "backoff",
    "find_hub",
    "open_link",
    "pair",
]
