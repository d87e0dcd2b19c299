"""The thermostat of the living room, and the room it heats."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from inglenook.device import Device, Reading
from inglenook_demo.appliance import Appliance, Descriptions, States
from inglenook_demo.pace import Pace

LEAK_S = 5 * 3600.0  # in this time a room without heating loses two thirds of what it is warmer than outside
RADIATOR_K = 22.0  # how much warmer than outside the radiator keeps it in the long run
HYSTERESIS_K = 0.2
_STEP_S = 60.0


def room_temperature(now: float, outside: float, *, is_heated: bool, after_s: float) -> float:
    """Return what a room of ``now`` °C has after a while: it nears what outside and radiator would make of it."""
    goal = outside + (RADIATOR_K if is_heated else 0.0)
    return goal + (now - goal) * math.exp(-after_s / LEAK_S)


class Heating(Appliance):
    """A thermostat that follows its set point."""

    id, name, area, model = "heating", "Thermostat", "Living room", "Thermostat 1"
    entities: ClassVar[Descriptions] = {
        "living_room": {
            "domain": "climate",
            "name": "Living room heating",
            "hvac_modes": ["off", "heat"],
            "min_temp": 5,
            "max_temp": 30,
            "target_temp_step": 0.5,
            "supported_features": 385,  # a target temperature, turn_on and turn_off
        }
    }

    def __init__(self, device: Device, pace: Pace) -> None:
        self.temperature = 18.6
        self.target = 19.0
        self.mode = "heat"
        self.is_heating = False
        super().__init__(device, pace)

    def states(self) -> States:
        """Return mode, temperatures and what the radiator does."""
        action = "off" if self.mode == "off" else "heating" if self.is_heating else "idle"
        attributes = {
            "current_temperature": round(self.temperature, 1),
            "temperature": self.target,
            "hvac_action": action,
        }
        return {"living_room": Reading(self.mode, attributes)}

    def told(self, key: str, service: str, data: Mapping[str, Any]) -> States:
        """Change the mode or the set point."""
        match service:
            case "turn_on":
                self.mode = "heat"
            case "turn_off":
                self.mode = "off"
            case "set_hvac_mode":
                self.mode = data["hvac_mode"]
            case "set_temperature":
                self.target = float(data["temperature"])
                self.mode = data.get("hvac_mode", self.mode)
            case _:
                return super().told(key, service, data)
        self._decide()
        return self.states()

    async def live(self) -> None:
        """Let the room warm up and cool down, minute by minute."""
        while True:
            await self.pace.sleep(_STEP_S)
            outside = self.pace.outside_temperature
            self.temperature = room_temperature(self.temperature, outside, is_heated=self.is_heating, after_s=_STEP_S)
            self._decide()
            self.report()

    def _decide(self) -> None:
        if self.mode == "off" or self.temperature > self.target + HYSTERESIS_K:
            self.is_heating = False
        elif self.temperature < self.target - HYSTERESIS_K:
            self.is_heating = True
