"""device_tracker.see: where things are, as others tell it."""

from typing import Any

import pytest

from inglenook.errors import InvalidServiceData
from inglenook.home import Home
from inglenook.server.sightings import CONSIDER_HOME_S, register_sightings


@pytest.fixture
def town(home: Home) -> Home:
    register_sightings(home)
    for name, latitude, radius, passive in (
        ("home", 52.0, 100, False),
        ("work", 52.1, 500, False),
        ("desk", 52.1, 20, False),
        ("trap", 52.1, 5, True),
    ):
        shown = {"latitude": latitude, "longitude": 4.0, "radius": radius, "passive": passive, "friendly_name": name}
        home.states.set(f"zone.{name}", "0", shown)
    return home


async def see(home: Home, **data: Any) -> tuple[str, dict[str, Any]]:
    await home.services.call("device_tracker", "see", data)
    state = home.states.get("device_tracker.phone")
    assert state is not None
    return state.state, dict(state.attributes)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({}, "home"),
        ({"location_name": "Moon"}, "Moon"),
        ({"gps": [52.0, 4.0]}, "home"),
        ({"gps": ["52.1", "4.0"]}, "desk"),
        ({"gps": [52.102, 4.0]}, "work"),
        ({"gps": [52.2, 4.0]}, "not_home"),
        ({"gps": [52.003, 4.0], "gps_accuracy": 300}, "home"),
    ],
)
async def test_a_thing_is_where_it_was_seen(town: Home, data: dict[str, Any], state: str) -> None:
    assert (await see(town, dev_id="Phone", **data))[0] == state


async def test_what_is_seen_again_is_the_same_thing(town: Home) -> None:
    await see(town, mac="aa:bb", host_name="phone", battery=50)

    state, shown = await see(town, dev_id="phone", gps=[52.2, 4.0])

    assert (state, shown["battery_level"], shown["mac"], shown["latitude"]) == ("not_home", 50, "aa:bb", 52.2)
    assert len(town.entities) == 1


async def test_what_is_seen_no_more_is_away(town: Home) -> None:
    await see(town, dev_id="phone")
    await town.clock.sleep(CONSIDER_HOME_S - 1)
    await see(town, dev_id="phone")
    await town.clock.sleep(CONSIDER_HOME_S - 1)
    before = town.states.get("device_tracker.phone")

    await town.clock.sleep(2)

    after = town.states.get("device_tracker.phone")
    assert before is not None
    assert after is not None
    assert (before.state, after.state) == ("home", "not_home")


@pytest.mark.parametrize(
    ("data", "message"),
    [({"battery": 5}, "give mac or dev_id"), ({"dev_id": "a", "gps": [91, 0]}, "2 numbers in their ranges")],
)
async def test_a_sighting_of_nothing_or_nowhere_is_refused(town: Home, data: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidServiceData, match=message):
        await town.services.call("device_tracker", "see", data)
