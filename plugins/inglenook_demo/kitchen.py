"""The power plug in the kitchen, with a kettle on it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from inglenook.device import Device
from inglenook_demo.appliance import Appliance, Descriptions, States
from inglenook_demo.pace import Pace

KETTLE_W = 1950.0
STANDBY_W = 0.8
_STEP_S = 15.0


class Kitchen(Appliance):
    """A plug that switches the kettle and measures what it draws."""

    id, name, area, model = "kitchen", "Kitchen plug", "Kitchen", "Plug 1"
    entities: ClassVar[Descriptions] = {
        "plug": {"domain": "switch", "device_class": "outlet", "name": "Kitchen plug"},
        "power": {
            "domain": "sensor",
            "device_class": "power",
            "unit_of_measurement": "W",
            "state_class": "measurement",
            "name": "Kitchen power",
        },
        "energy": {
            "domain": "sensor",
            "device_class": "energy",
            "unit_of_measurement": "kWh",
            "state_class": "total_increasing",
            "name": "Kitchen energy",
        },
    }

    def __init__(self, device: Device, pace: Pace) -> None:
        self.is_on = True
        self.is_boiling = False
        self.energy_kwh = 0.0
        super().__init__(device, pace)

    @property
    def power_w(self) -> float:
        """What flows now."""
        if not self.is_on:
            return 0.0
        return KETTLE_W if self.is_boiling else STANDBY_W

    def states(self) -> States:
        """Return the switch, the power and the energy so far."""
        return {"plug": self.is_on, "power": self.power_w, "energy": round(self.energy_kwh, 3)}

    def told(self, key: str, service: str, data: Mapping[str, Any]) -> States:
        """Switch the plug; a kettle without power stops, and does not go on by itself."""
        if key != "plug" or service not in ("turn_on", "turn_off"):
            return super().told(key, service, data)
        self.is_on = service == "turn_on"
        self.is_boiling = self.is_boiling and self.is_on
        return self.states()

    async def boiled(self, simulated_s: float) -> None:
        """Somebody makes tea: the kettle draws power for so long, if it has any."""
        self.is_boiling = self.is_on
        passed = 0.0
        while self.is_boiling and passed < simulated_s:
            self.report()
            await self.pace.sleep(_STEP_S)
            passed += _STEP_S
            self.energy_kwh += self.power_w * _STEP_S / 3_600_000
        self.is_boiling = False
        self.report()
