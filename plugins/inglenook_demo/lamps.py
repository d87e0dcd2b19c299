"""The devices with lamps: in the hall, in the porch, in the living room."""

from collections.abc import Mapping
from typing import Any, ClassVar

from inglenook.device import Device
from inglenook_demo.appliance import Appliance, Bulb, Descriptions, States
from inglenook_demo.pace import Pace

_ONOFF = {"domain": "light", "supported_color_modes": ["onoff"]}
_DIMMER = {"domain": "light", "supported_color_modes": ["brightness"]}


class Lamp(Appliance):
    """An appliance that has one lamp, under the key ``lamp``."""

    def __init__(self, device: Device, pace: Pace) -> None:
        self.bulb = Bulb(is_dimmable="brightness" in self.entities["lamp"]["supported_color_modes"])
        super().__init__(device, pace)

    def states(self) -> States:
        """Return the lamp's reading."""
        return {"lamp": self.bulb.reading}

    def told(self, key: str, service: str, data: Mapping[str, Any]) -> States:
        """Switch or dim the lamp."""
        if key != "lamp":
            return super().told(key, service, data)
        self.bulb.told(service, data)
        return {"lamp": self.bulb.reading}


class Porch(Lamp):
    """A lamp outside that is on or off."""

    id, name, area, model = "porch", "Porch", "Porch", "Relay 1"
    entities: ClassVar[Descriptions] = {"lamp": {**_ONOFF, "name": "Porch lamp"}}


class LivingRoom(Lamp):
    """A dimmer, with a knob that people turn."""

    id, name, area, model = "living_room", "Living room", "Living room", "Dimmer 1"
    entities: ClassVar[Descriptions] = {"lamp": {**_DIMMER, "name": "Living room lamp"}}

    def turn_knob(self, brightness: int) -> None:
        """Dim by hand: 0 is off."""
        self.bulb.is_on = brightness > 0
        self.bulb.brightness = brightness or self.bulb.brightness
        self.report()


class Hall(Lamp):
    """A board in the hall: motion, how bright it is, and a lamp."""

    id, name, area, model = "hall", "Hall", "Hall", "Multi sensor"
    entities: ClassVar[Descriptions] = {
        "motion": {"domain": "binary_sensor", "device_class": "motion", "name": "Hall motion"},
        "illuminance": {
            "domain": "sensor",
            "device_class": "illuminance",
            "unit_of_measurement": "lx",
            "state_class": "measurement",
            "name": "Hall illuminance",
        },
        "lamp": {**_DIMMER, "name": "Hall lamp"},
    }

    def __init__(self, device: Device, pace: Pace) -> None:
        self.sees_somebody = False
        super().__init__(device, pace)

    def states(self) -> States:
        """Return motion, light from a window that is far away, and the lamp."""
        return {
            "motion": self.sees_somebody,
            "illuminance": round(2 + 30 * self.pace.daylight),
            "lamp": self.bulb.reading,
        }

    async def passed(self, simulated_s: float) -> None:
        """Somebody is here for so long."""
        self.sees_somebody = True
        self.report()
        await self.pace.sleep(simulated_s)
        self.sees_somebody = False
        self.report()
