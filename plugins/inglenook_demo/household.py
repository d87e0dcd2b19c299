"""The household: the devices of the simulated home, and the people who live among them."""

import asyncio
import random
import ssl
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, TypeVar

from inglenook import Home
from inglenook.device import Device, Link, LinkLost, open_link
from inglenook_demo.appliance import Appliance
from inglenook_demo.contacts import Bedside, FrontDoor
from inglenook_demo.garden import Garden
from inglenook_demo.heating import Heating
from inglenook_demo.kitchen import Kitchen
from inglenook_demo.lamps import Hall, LivingRoom, Porch
from inglenook_demo.pace import Pace

_ALL: Final[tuple[type[Appliance], ...]] = (
    Hall, Porch, LivingRoom, FrontDoor, Heating, Kitchen, Bedside, Garden,
)  # fmt: skip
KINDS: Final = {kind.id: kind for kind in _ALL}

_FIRST_S: Final = 120.0  # until the first thing happens; the others follow within _PAUSES_S of each other
_PAUSES_S: Final = (240.0, 900.0)

Kind = TypeVar("Kind", bound=Appliance)


class Household:
    """The simulated home.

    Args:
        home: where its devices are let in.
        devices: ids of the devices that are there.
        speed: simulated seconds in one.
        seed: the same number gives the same day; None another one each time.
        url: the gateway's address; None for the home's own, whatever it is when a device connects.
    """

    def __init__(self, home: Home, devices: Iterable[str], speed: float, seed: int | None, url: str | None) -> None:
        self.pace = Pace(home, speed)
        self._home = home
        self._url = url
        self._opened = asyncio.Event()
        self._random = random.Random(seed)  # noqa: S311 - chance, no secret
        self.appliances = {key: KINDS[key](self._device(KINDS[key]), self.pace) for key in devices}

    def open(self) -> None:
        """Let the devices connect: the gateway has an address now."""
        self._opened.set()

    async def live(self) -> None:
        """Let people come and go, make tea, read and sleep, for as long as it runs."""
        await self.pace.sleep(_FIRST_S)
        while True:
            await self._next()()
            await self.pace.sleep(self._random.uniform(*_PAUSES_S))

    def _next(self) -> Callable[[], Coroutine[Any, Any, None]]:
        """Return what happens next: some things at any hour, others only by day or in the evening."""
        hour = self.pace.hour
        choices = [self._cross_hall, self._cross_hall]
        if 6 <= hour < 22:
            choices += [self._make_tea, self._go_out]
        if hour >= 17:
            choices += [self._read]
        if hour >= 22 or hour < 7:
            choices += [self._go_to_bed]
        return self._random.choice(choices)

    async def _cross_hall(self) -> None:
        if hall := self._get(Hall):
            await hall.passed(self._random.uniform(40, 120))

    async def _go_out(self) -> None:
        """Through the hall and the front door, which stays open for a while when there are bags to carry."""
        await self._cross_hall()
        if door := self._get(FrontDoor):
            await door.opened(self._random.choice((20, 20, 400)))

    async def _make_tea(self) -> None:
        await self._cross_hall()
        if kitchen := self._get(Kitchen):
            await kitchen.boiled(240)

    async def _read(self) -> None:
        if living_room := self._get(LivingRoom):
            living_room.turn_knob(self._random.choice((0, 80, 140, 255)))

    async def _go_to_bed(self) -> None:
        await self._cross_hall()
        if bedside := self._get(Bedside):
            bedside.pressed(self._random.choice(("single", "double")))

    def _device(self, kind: type[Appliance]) -> Device:
        """Return the client of a device that was let in: it opens its socket like any other."""

        async def connect(url: str) -> Link:
            device.url = self._url or await self._own_url()
            return await open_link(device.url, ssl_context=_trust_own() if self._url is None else None)

        token = self._home.devices.add(kind.id)
        device = Device("", kind.id, token, kind.entities, info=kind.info(), clock=self._home.clock, connect=connect)
        return device

    async def _own_url(self) -> str:
        """Return the gateway's address. Waits until it is known: another home may listen where this one will not.

        Raises:
            LinkLost: the home has started and has none.
        """
        if self._home.settings.internal_url is None:
            await self._opened.wait()
        own = self._home.settings.internal_url
        if own is None:
            raise LinkLost(1006, "the home has no gateway")
        return f"{own.rstrip('/').replace('http', 'ws', 1)}/api/device"

    def _get(self, kind: type[Kind]) -> Kind | None:
        appliance = self.appliances.get(kind.id)
        return appliance if isinstance(appliance, kind) else None


def _trust_own() -> ssl.SSLContext:
    """Return a context that takes any certificate: the demo talks to the process it runs in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
