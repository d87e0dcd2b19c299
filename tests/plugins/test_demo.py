"""The demo home: its devices come in by the gateway, do as they are told, and live a believable day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol

import inglenook_demo
from inglenook.clock import Clock
from inglenook.device import Device, Link, Reading, open_link
from inglenook.entities import register_domains
from inglenook.errors import CommandFailed
from inglenook.home import Home, Settings, make_home
from inglenook.model import new_context
from inglenook.store import Store
from inglenook.testing import set_up_plugin
from inglenook.web.app import serve
from inglenook_demo import household
from inglenook_demo.appliance import Appliance
from inglenook_demo.heating import Heating, room_temperature
from inglenook_demo.household import KINDS
from inglenook_demo.kitchen import KETTLE_W, Kitchen
from inglenook_demo.lamps import Hall, LivingRoom
from inglenook_demo.pace import Pace

Kind = TypeVar("Kind", bound=Appliance)

# -- each device by itself, not connected -----------------------------------------------------------------------------


def make(home: Home, kind: type[Kind], speed: float = 1.0) -> Kind:
    return kind(Device("ws://nowhere", kind.id, "", kind.entities, clock=home.clock), Pace(home, speed))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_a_device_says_what_it_is_of_what_it_describes(home: Home, kind: type[Appliance]) -> None:
    appliance = make(home, kind)

    assert set(appliance.states()) <= set(kind.entities)
    assert appliance.device.values == appliance.states()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_a_device_refuses_what_it_cannot_do(home: Home, kind: type[Appliance]) -> None:
    appliance = make(home, kind)

    for key in kind.entities:
        with pytest.raises(ValueError, match="cannot fly"):
            appliance.told(key, "fly", {})


def test_a_lamp_dims_and_remembers_how_bright_it_was(home: Home) -> None:
    lamp = make(home, LivingRoom)

    lamp.told("lamp", "turn_on", {"brightness": 40})
    off = lamp.told("lamp", "turn_off", {})
    on = lamp.told("lamp", "turn_on", {})

    assert off == {"lamp": Reading("off", {})}
    assert on == {"lamp": Reading("on", {"color_mode": "brightness", "brightness": 40})}


async def test_somebody_in_the_hall_is_seen_for_as_long_as_it_takes(home: Home) -> None:
    hall = make(home, Hall, speed=60)
    began = home.clock.monotonic()

    walk = asyncio.ensure_future(hall.passed(120))
    await asyncio.sleep(0)
    seen = hall.device.values["motion"]
    await walk

    assert (seen, hall.device.values["motion"]) == (True, False)
    assert home.clock.monotonic() - began == pytest.approx(2)


async def test_a_kettle_draws_power_until_it_boils_and_the_meter_counts(home: Home) -> None:
    kitchen = make(home, Kitchen)

    tea = asyncio.ensure_future(kitchen.boiled(240))
    await asyncio.sleep(0)
    power = kitchen.device.values["power"]
    await tea

    assert power == KETTLE_W
    assert kitchen.device.values == {"plug": True, "power": 0.8, "energy": 0.13}


async def test_a_kettle_without_power_stops(home: Home) -> None:
    kitchen = make(home, Kitchen)
    tea = asyncio.ensure_future(kitchen.boiled(240))
    await home.clock.sleep(20)

    states = kitchen.told("plug", "turn_off", {})
    await tea
    await kitchen.boiled(240)

    assert states["power"] == 0.0
    assert kitchen.device.values["energy"] == pytest.approx(0.008, abs=0.001)


def test_a_room_nears_what_outside_and_radiator_make_of_it() -> None:
    hour = 3600.0

    assert room_temperature(20, 5, is_heated=False, after_s=5 * hour) == pytest.approx(10.5, abs=0.1)
    assert room_temperature(20, 5, is_heated=True, after_s=1000 * hour) == pytest.approx(27)
    assert room_temperature(20, 20, is_heated=False, after_s=hour) == 20


async def test_the_thermostat_holds_its_set_point_through_a_cold_night(home: Home) -> None:
    heating = make(home, Heating, speed=60)
    heating.told("living_room", "set_temperature", {"temperature": 21})
    seen: list[float] = []
    life = asyncio.ensure_future(heating.live())

    for _ in range(24):
        await home.clock.sleep(60)
        seen.append(heating.temperature)
    life.cancel()

    assert all(20.5 <= temperature <= 21.5 for temperature in seen[6:]), seen
    assert heating.device.values == heating.states()


async def test_the_heating_that_is_off_heats_nothing(home: Home) -> None:
    heating = make(home, Heating)

    on = heating.told("living_room", "set_temperature", {"temperature": 25})
    off = heating.told("living_room", "set_hvac_mode", {"hvac_mode": "off"})

    assert on["living_room"].attributes["hvac_action"] == "heating"
    assert (off["living_room"].state, off["living_room"].attributes["hvac_action"]) == ("off", "off")


async def test_a_simulated_day_goes_as_fast_as_it_is_told_to(home: Home) -> None:
    pace = Pace(home, 3600)
    noon = [pace.hour, pace.daylight]

    await pace.sleep(12 * 3600)

    assert home.clock.monotonic() == pytest.approx(12)
    assert noon == pytest.approx([12, 1])
    assert [pace.hour, pace.daylight] == pytest.approx([0, 0], abs=1e-6)


# -- the settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"speed": "fast"}, "speed"),
        ({"speed": 0}, "speed"),
        ({"devices": ["attic"]}, "devices"),
        ({"url": "http://hub"}, "url"),
        ({"sped": 1}, "sped"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], where: str) -> None:
    with pytest.raises(vol.Invalid, match=where):
        inglenook_demo.config_schema()(settings)


def test_no_settings_are_fine() -> None:
    assert inglenook_demo.config_schema()({}) == {"speed": 60.0, "devices": list(KINDS), "seed": None}


# -- all together, over real sockets ----------------------------------------------------------------------------------


@asynccontextmanager
async def running(settings: dict[str, Any], *, opens_late: bool = False) -> AsyncIterator[Home]:
    clock = Clock(ZoneInfo("Europe/Amsterdam"))
    store = Store(None, clock)
    store.open()
    home = make_home(Settings(), clock, store)
    register_domains(home)
    home.devices.start()
    server = await serve(home, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.port}"
    home.settings.internal_url = None if opens_late else address
    plugins = await set_up_plugin(home, "demo", settings)
    if opens_late:
        await clock.sleep(0.05)
        home.settings.internal_url = address
        home.bus.fire("homeassistant_start")
    try:
        yield home
    finally:
        await plugins.teardown()
        await server.close()
        await store.close()


async def becomes(home: Home, entity_id: str, state: str) -> None:
    """Wait until an entity has that state."""
    changed = asyncio.Event()
    stop = home.bus.listen("state_changed", lambda event: changed.set())
    async with asyncio.timeout(10):
        while (now := home.states.get(entity_id)) is None or now.state != state:
            await changed.wait()
            changed.clear()
    stop()


async def test_the_devices_come_in_and_do_as_they_are_told() -> None:
    async with running({"devices": ["hall", "heating", "kitchen"]}) as home:
        await becomes(home, "light.hall_lamp", "off")
        await becomes(home, "climate.heating_living_room", "heat")
        await becomes(home, "switch.kitchen_plug", "on")

        half = {"entity_id": "light.hall_lamp", "brightness_pct": 50}
        await home.services.call("light", "turn_on", half, wants_ack=True)
        await home.services.call("climate", "turn_off", {"entity_id": "all"}, wants_ack=True)
        lamp = home.entities.get("light.hall_lamp")
        assert lamp is not None
        with pytest.raises(CommandFailed, match="a lamp cannot sing"):
            await lamp.perform("sing", {}, new_context(0))

        lit, heating = home.states.get("light.hall_lamp"), home.states.get("climate.heating_living_room")
        assert lit is not None
        assert heating is not None
        assert (lit.state, lit.attributes["brightness"], heating.state) == ("on", 128, "off")


async def test_the_devices_knock_nowhere_else_before_the_gateway_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    urls: list[str] = []

    async def noted(url: str, **options: Any) -> Link:
        urls.append(url)
        return await open_link(url, **options)

    monkeypatch.setattr(household, "open_link", noted)

    async with running({"devices": ["porch"]}, opens_late=True) as home:
        await becomes(home, "light.porch_lamp", "off")

        assert urls == [f"{home.settings.internal_url}/api/device".replace("http", "ws")]


async def test_something_happens_soon() -> None:
    async with running({"devices": ["hall"], "speed": 1000.0, "seed": 4}) as home:
        await becomes(home, "binary_sensor.hall_motion", "on")
        await becomes(home, "binary_sensor.hall_motion", "off")


async def test_a_command_for_the_sleeping_sensor_waits_until_it_wakes() -> None:
    async with running({"devices": ["garden"], "speed": 1000.0}) as home:
        await becomes(home, "number.garden_interval", "15")
        session = home.devices.get("garden")
        assert session is not None
        async with asyncio.timeout(10):
            while session.connection is not None:
                await home.clock.sleep(0)

        await home.services.call("number", "set_value", {"entity_id": "number.garden_interval", "value": 5})

        await becomes(home, "number.garden_interval", "5")


def test_the_docs_name_every_device_and_entity() -> None:
    text = (Path(__file__).parents[2] / "docs" / "demo.md").read_text()
    rows = {row.split("|")[1].strip(" `"): row for row in text.splitlines() if row.startswith("| `")}

    assert rows.keys() == KINDS.keys()
    for name, kind in KINDS.items():
        for key, description in kind.entities.items():
            assert f"`{description['domain']}.{name}_{key}`" in rows[name]
