"""The devices that people touch: the front door and the button beside the bed."""

from typing import ClassVar

from inglenook.device import Device
from inglenook_demo.appliance import Appliance, Descriptions, States
from inglenook_demo.pace import Pace


class FrontDoor(Appliance):
    """A contact at the front door."""

    id, name, area, model = "front", "Front door", "Hall", "Contact 1"
    entities: ClassVar[Descriptions] = {
        "door": {"domain": "binary_sensor", "device_class": "door", "name": "Front door"}
    }

    def __init__(self, device: Device, pace: Pace) -> None:
        self.is_open = False
        super().__init__(device, pace)

    def states(self) -> States:
        """Return whether it is open."""
        return {"door": self.is_open}

    async def opened(self, simulated_s: float) -> None:
        """Somebody opens the door and closes it after so long."""
        self.is_open = True
        self.report()
        await self.pace.sleep(simulated_s)
        self.is_open = False
        self.report()


class Bedside(Appliance):
    """A button beside the bed."""

    id, name, area, model = "bedside", "Bedside button", "Bedroom", "Button 1"
    entities: ClassVar[Descriptions] = {
        "button": {
            "domain": "event",
            "device_class": "button",
            "event_types": ["single", "double", "long"],
            "name": "Bedside button",
        }
    }

    def states(self) -> States:
        """Return nothing: a button has no state, only events."""
        return {}

    def pressed(self, how: str) -> None:
        """Somebody presses it: ``single``, ``double`` or ``long``."""
        self.device.fire("button", how)
