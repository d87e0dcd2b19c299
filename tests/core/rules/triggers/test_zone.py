"""The triggers on coming to and leaving a zone."""

import pytest
from tests.core.rules.house import RuleHome

WORK = {"latitude": 52.0, "longitude": 5.0, "radius": 200, "friendly_name": "Work"}
THERE = {"latitude": 52.0005, "longitude": 5.0}
AWAY = {"latitude": 52.2, "longitude": 5.2}
TOLD = "{who: '{{ trigger.entity_id }}', zone: '{{ trigger.zone.name }}', d: '{{ trigger.description }}'}"


@pytest.fixture
def zones(house: RuleHome) -> RuleHome:
    """A house that knows where people work."""
    house.home.states.set("zone.work", "0", WORK)
    house.home.states.set("person.a", "not_home", AWAY)
    return house


async def test_coming_tells_who_and_where(zones: RuleHome) -> None:
    zones.watch("trigger: zone\nentity_id: person.a\nzone: zone.work", TOLD)

    await zones.set("person.a", "not_home", **THERE)
    await zones.set("person.a", "Work", **THERE)

    assert zones.heard == [{"who": "person.a", "zone": "Work", "d": "person.a entering Work"}]


async def test_leaving(zones: RuleHome) -> None:
    zones.watch("trigger: zone\nentity_id: person.a\nzone: zone.work\nevent: leave", TOLD)

    await zones.set("person.a", "not_home", **THERE)
    await zones.set("person.a", "not_home", **AWAY)

    assert [hit["d"] for hit in zones.heard] == ["person.a leaving Work"]


async def test_what_an_entity_says_of_itself_beats_its_coordinates(zones: RuleHome) -> None:
    zones.watch("trigger: zone\nentity_id: person.a\nzone: zone.work", TOLD)

    await zones.set("person.a", "not_home", in_zones=[], **THERE)
    await zones.set("person.a", "Work", in_zones=["zone.work"], **AWAY)

    assert len(zones.heard) == 1


async def test_an_inaccurate_place_counts_with_its_accuracy(zones: RuleHome) -> None:
    zones.watch("trigger: zone\nentity_id: person.a\nzone: zone.work", TOLD)

    await zones.set("person.a", "not_home", latitude=52.003, longitude=5.0)
    before = len(zones.heard)
    await zones.set("person.a", "not_home", latitude=52.003, longitude=5.0, gps_accuracy=150)

    assert (before, len(zones.heard)) == (0, 1)


async def test_an_entity_without_a_place_comes_to_none(zones: RuleHome) -> None:
    zones.watch("trigger: zone\nentity_id: person.a\nzone: zone.work", TOLD)

    await zones.set("person.a", "unavailable")
    await zones.set("person.a", "Work", **THERE)

    assert zones.heard == []


async def test_a_zone_that_is_not_there_is_told(zones: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    zones.watch("trigger: zone\nentity_id: person.a\nzone: zone.moon", TOLD)

    await zones.set("person.a", "not_home", **THERE)

    assert "there is no zone zone.moon" in caplog.text


async def test_something_of_a_source_comes_near(zones: RuleHome) -> None:
    zones.watch("trigger: geo_location\nsource: quakes\nzone: zone.work", "{who: '{{ trigger.entity_id }}'}")

    await zones.set("geo_location.other", "1", source="storms", **THERE)
    await zones.set("geo_location.quake", "3", source="quakes", **THERE)

    assert zones.heard == [{"who": "geo_location.quake"}]


async def test_something_of_a_source_that_vanishes_leaves(zones: RuleHome) -> None:
    await zones.set("geo_location.quake", "3", source="quakes", **THERE)
    zones.watch("trigger: geo_location\nsource: quakes\nzone: zone.work\nevent: leave")

    zones.home.states.remove("geo_location.quake")
    await zones.settle()

    assert len(zones.heard) == 1
