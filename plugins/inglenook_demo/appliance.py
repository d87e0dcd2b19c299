"""What every simulated device has in common."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from inglenook.device import Device, DeviceInfo, Reading
from inglenook_demo.pace import Pace

States = Mapping[str, Any]
Descriptions = Mapping[str, Mapping[str, Any]]


class Appliance:
    """One simulated device. A subclass says what it is, what it does when told, and how it lives.

    Attributes:
        id: what the hub knows it by, and with a key the name of each entity: ``hall`` and ``motion`` make
            ``binary_sensor.hall_motion``.
        name: for people.
        area: where it is.
        entities: their descriptions by key.
        is_sleepy: it is away most of the time; commands wait for it.
        device: its connection to the hub.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    area: ClassVar[str]
    model: ClassVar[str]
    entities: ClassVar[Descriptions]
    is_sleepy: ClassVar[bool] = False

    def __init__(self, device: Device, pace: Pace) -> None:
        self.device = device
        self.pace = pace
        for key in self.entities:
            device.on_command(key)(partial(self.told, key))
        device.set(self.states())

    @classmethod
    def info(cls) -> DeviceInfo:
        """Return what the device says of itself."""
        return DeviceInfo(name=cls.name, manufacturer="inglenook", model=cls.model, area=cls.area, queue=cls.is_sleepy)

    def states(self) -> States:
        """Return what it is, by key."""
        raise NotImplementedError

    def told(self, key: str, service: str, data: Mapping[str, Any]) -> States:
        """Carry out a command and return the states that changed.

        Raises:
            ValueError: it cannot do that; the caller is told.
        """
        raise ValueError(f"{self.name}: {key} cannot {service}")

    async def live(self) -> None:
        """Do what it does by itself. Ends when there is nothing; nothing by default."""

    def report(self) -> None:
        """Tell the hub what has changed."""
        was = self.device.values
        changed = {key: value for key, value in self.states().items() if was.get(key) != value}
        if changed:
            self.device.set(changed)


class Bulb:
    """A lamp in some appliance: on or off, perhaps dimmed."""

    def __init__(self, *, is_dimmable: bool) -> None:
        self.is_on = False
        self.brightness = 255
        self._is_dimmable = is_dimmable

    @property
    def reading(self) -> Reading:
        """Its state and attributes."""
        if not self.is_on:
            return Reading("off", {})
        mode = "brightness" if self._is_dimmable else "onoff"
        shown = {"brightness": self.brightness} if self._is_dimmable else {}
        return Reading("on", {"color_mode": mode, **shown})

    def told(self, service: str, data: Mapping[str, Any]) -> None:
        """Turn on or off.

        Raises:
            ValueError: it is told something else.
        """
        if service not in ("turn_on", "turn_off"):
            raise ValueError(f"a lamp cannot {service}")
        self.is_on = service == "turn_on"
        self.brightness = int(data.get("brightness", self.brightness))
