"""person: which tracker is believed."""

from typing import Any

import pytest
from tests.plugins.helpers.house import House

ANN = """
zone:
  - {name: Work, latitude: 52.0, longitude: 5.0, radius: 500}
  - {name: Desk, latitude: 52.0, longitude: 5.0, radius: 20}
person:
  - id: ann_1
    name: Ann
    device_trackers: [device_tracker.phone, device_tracker.router, device_tracker.watch]
"""
GPS = {"source_type": "gps", "latitude": 52.0, "longitude": 5.0, "gps_accuracy": 10}
FAR = {"source_type": "gps", "latitude": 40.0, "longitude": 5.0}


@pytest.mark.parametrize(
    ("trackers", "state", "source"),
    [
        ([], "unknown", None),
        ([("router", "home", {}), ("phone", "Work", GPS)], "home", "router"),
        ([("router", "not_home", {}), ("phone", "Work", GPS)], "Work", "phone"),
        ([("router", "not_home", {})], "not_home", "router"),
        ([("phone", "Work", GPS), ("watch", "not_home", FAR)], "not_home", "watch"),
        ([("phone", "unavailable", GPS), ("watch", "unknown", {})], "unknown", None),
    ],
)
async def test_a_network_at_home_counts_first_then_the_newest_fix_then_who_is_away(
    house: House, trackers: list[tuple[str, str, dict[str, Any]]], state: str, source: str | None
) -> None:
    await house.declare(ANN)

    for name, where, attributes in trackers:
        await house.clock.advance(1)
        house.home.states.set(f"device_tracker.{name}", where, attributes)

    assert house.state("person.ann") == state
    assert house.attribute("person.ann", "source") == (source and f"device_tracker.{source}")


async def test_a_place_on_the_map_tells_the_zones_the_smallest_first(house: House) -> None:
    await house.declare(ANN)

    house.home.states.set("device_tracker.phone", "Desk", GPS)

    assert house.attribute("person.ann", "in_zones") == ["zone.desk", "zone.work"]
    assert house.attribute("person.ann", "gps_accuracy") == 10


async def test_zones_that_are_no_list_say_nothing_and_the_place_does(house: House) -> None:
    await house.declare(ANN)

    house.home.states.set("device_tracker.phone", "Desk", {**GPS, "in_zones": 5})

    assert house.state("person.ann") == "Desk"
    assert house.attribute("person.ann", "in_zones") == ["zone.desk", "zone.work"]


async def test_who_is_seen_at_home_is_where_the_home_is(house: House) -> None:
    await house.declare(ANN)

    house.home.states.set("device_tracker.router", "home")

    assert house.attribute("person.ann", "latitude") == house.home.settings.latitude
    assert house.attribute("person.ann", "in_zones") == ["zone.home"]
    assert house.state("zone.home") == "1"


async def test_the_last_place_is_believed_until_a_tracker_tells_another(house: House) -> None:
    house.remember("person.ann", "Work", latitude=52.0, longitude=5.0, source="device_tracker.phone")

    await house.declare(ANN)
    restored = house.state("person.ann"), house.attribute("person.ann", "source")
    house.home.states.set("device_tracker.router", "not_home")

    assert restored == ("Work", "device_tracker.phone")
    assert house.state("person.ann") == "not_home"


async def test_a_person_is_known_by_the_id(house: House) -> None:
    await house.declare(ANN)

    entry = house.home.registry.entity_of("person", "person", "ann_1")
    assert entry is not None
    assert entry.entity_id == "person.ann"
    assert house.attribute("person.ann", "id") == "ann_1"


async def test_who_loses_all_trackers_is_nowhere(house: House) -> None:
    await house.declare(ANN)
    house.home.states.set("device_tracker.router", "home")

    await house.reload("person", "person: [{id: ann_1, name: Ann}]")

    assert house.state("person.ann") == "unknown"
