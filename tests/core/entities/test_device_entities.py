"""Services and the entities of devices: what reaches the device, what is waited for, and a domain from a plugin."""

import asyncio
from pathlib import Path

import pytest

from inglenook.config.settings import PluginConfig
from inglenook.entities import register_domains
from inglenook.errors import CommandFailed
from inglenook.home import Home
from inglenook.plugins import PluginManager
from inglenook.testing import FakeDevice

STRIP = {"domain": "light", "supported_color_modes": ["hs"], "supported_features": 32}
BLIND = {"domain": "cover", "supported_features": 3}


@pytest.fixture
def hall(home: Home) -> FakeDevice:
    """A device with a colourful lamp, a blind without a position, and a button."""
    register_domains(home)
    home.devices.start()
    device = FakeDevice(home, "hall")
    device.connect()
    device.describe({"lamp": STRIP, "blind": BLIND, "bell": {"domain": "button"}})
    device.report(lamp="off", blind="open")
    return device


async def test_a_command_says_what_the_device_can_do(home: Home, hall: FakeDevice) -> None:
    data = {"color_name": "red", "brightness_pct": 50, "transition": 2, "effect": "rain"}

    result = home.services.start("light", "turn_on", {"entity_id": "light.hall_lamp", **data})

    command = hall.take("command")
    assert result is None
    assert (command["entity"], command["service"]) == ("lamp", "turn_on")
    assert command["data"] == {"hs_color": [0.0, 100.0], "brightness": 128, "transition": 2.0}


async def test_a_toggle_becomes_what_the_state_asks_for(home: Home, hall: FakeDevice) -> None:
    await home.services.call("cover", "toggle", {"entity_id": "all"})
    await home.services.call("light", "toggle", {"entity_id": "all"})

    assert [hall.take("command")["service"] for _ in range(2)] == ["close_cover", "turn_on"]


@pytest.mark.parametrize("error", [None, "bulb is broken"])
async def test_a_caller_that_wants_it_waits_for_the_device(home: Home, hall: FakeDevice, error: str | None) -> None:
    target = {"entity_id": ["light.hall_lamp", "cover.hall_blind"]}
    call = asyncio.ensure_future(home.services.call("light", "turn_on", target, wants_ack=True))
    await home.clock.sleep(1)
    was_done = call.done()

    hall.answer(hall.take("command"), error=error, **({} if error else {"lamp": "on"}))
    if error:
        with pytest.raises(CommandFailed, match=error):
            await call
    else:
        await call

    state = home.states.get("light.hall_lamp")
    assert state is not None
    assert (was_done, state.state) == (False, "off" if error else "on")


async def test_a_pressed_button_of_a_device_shows_the_moment(home: Home, hall: FakeDevice) -> None:
    await home.services.call("button", "press", {"entity_id": "button.hall_bell"})

    state = home.states.get("button.hall_bell")
    assert hall.take("command")["service"] == "press"
    assert state is not None
    assert state.state == "2026-03-10T11:00:00+00:00"


async def test_a_device_that_is_away_is_left_out(home: Home, hall: FakeDevice) -> None:
    hall.drop()
    await home.clock.sleep(60)

    result = home.services.start("light", "turn_on", {"entity_id": "light.hall_lamp"})

    state = home.states.get("light.hall_lamp")
    assert result is None
    assert state is not None
    assert (state.state, hall.count("command")) == ("unavailable", 0)


async def test_a_plugin_brings_a_domain_of_its_own(home: Home, tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "tea.py").write_text(
        "from inglenook.entities import Domain, DomainEntity, DomainService\n"
        "from inglenook.plugins import hookimpl\n"
        "class Kettle(DomainEntity):\n"
        "    domain = 'kettle'\n"
        "    name = 'Kettle'\n"
        "    state = 'cold'\n"
        "    def boil(self):\n"
        "        self.state = 'hot'\n"
        "        self.write()\n"
        "@hookimpl\n"
        "def register_entity_domains():\n"
        "    return {'kettle': Domain('kettle', Kettle, (DomainService('boil', 'Boil water.'),))}\n"
        "@hookimpl\n"
        "def setup(home, scope):\n"
        "    scope.add_entity(Kettle())\n"
    )
    plugins = PluginManager(home, tmp_path)
    plugins.load({"tea": PluginConfig(None, None)})

    register_domains(home, plugins.gather("register_entity_domains").values())
    await plugins.setup()
    await home.services.call("kettle", "boil", {"entity_id": "kettle.kettle"})

    state = home.states.get("kettle.kettle")
    assert state is not None
    assert state.state == "hot"
