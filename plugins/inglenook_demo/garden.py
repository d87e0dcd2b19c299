"""The sensor in the garden, which runs on a battery and sleeps most of the time."""

from collections.abc import Mapping
from typing import Any, ClassVar

from inglenook.device import Device
from inglenook_demo.appliance import Appliance, Descriptions, States
from inglenook_demo.pace import Pace

_BATTERY_A_WAKE = 0.05  # per cent
_AWAKE_S = 20.0


class Garden(Appliance):
    """Wakes up, says how warm it is, takes the commands that waited, and sleeps again."""

    id, name, area, model = "garden", "Garden sensor", "Garden", "Battery 1"
    is_sleepy = True
    entities: ClassVar[Descriptions] = {
        "temperature": {
            "domain": "sensor",
            "device_class": "temperature",
            "unit_of_measurement": "°C",
            "state_class": "measurement",
            "name": "Garden temperature",
        },
        "battery": {
            "domain": "sensor",
            "device_class": "battery",
            "unit_of_measurement": "%",
            "state_class": "measurement",
            "entity_category": "diagnostic",
            "name": "Garden battery",
        },
        "interval": {
            "domain": "number",
            "unit_of_measurement": "min",
            "min": 5,
            "max": 120,
            "step": 5,
            "entity_category": "config",
            "name": "Garden interval",
        },
    }

    def __init__(self, device: Device, pace: Pace) -> None:
        self.battery = 100.0
        self.interval_min = 15
        super().__init__(device, pace)

    def states(self) -> States:
        """Return the temperature, what is left in the battery, and how often it wakes."""
        return {
            "temperature": round(self.pace.outside_temperature, 1),
            "battery": round(self.battery),
            "interval": self.interval_min,
        }

    def told(self, key: str, service: str, data: Mapping[str, Any]) -> States:
        """Change how often it wakes."""
        if (key, service) != ("interval", "set_value"):
            return super().told(key, service, data)
        self.interval_min = round(data["value"])
        return {"interval": self.interval_min}

    async def live(self) -> None:
        """Wake, report, sleep."""
        while True:
            await self.device.connected()
            self.battery = max(0.0, self.battery - _BATTERY_A_WAKE)
            self.report()
            await self.pace.sleep(_AWAKE_S)
            await self.device.sleep(self.pace.real_s(self.interval_min * 60))
