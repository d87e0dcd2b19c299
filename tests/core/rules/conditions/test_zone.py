"""The condition on where people and things are."""

import pytest
from tests.core.rules.house import RuleHome

HOME = {"latitude": 52.37, "longitude": 4.89, "radius": 100}
THERE = {"latitude": 52.37, "longitude": 4.89}


async def test_each_entity_has_to_be_in_one_of_the_zones(house: RuleHome) -> None:
    await house.set("zone.home", "0", **HOME)
    await house.set("zone.work", "0", latitude=52.0, longitude=5.0, radius=200)
    await house.set("person.a", "home", **THERE)
    await house.set("person.b", "Work", latitude=52.0, longitude=5.0)
    house.ask("condition: zone\nentity_id: [person.a, person.b]\nzone: [zone.home, zone.work]")
    both = await house.holds()

    await house.set("person.b", "not_home", latitude=53.0, longitude=5.0)

    assert (both, await house.holds()) == (True, False)


@pytest.mark.parametrize(
    ("state", "problem"),
    [("home", "person.a has no latitude and longitude"), (None, "there is no entity person.a")],
)
async def test_a_place_that_is_not_known_is_an_error(
    house: RuleHome, state: str | None, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    await house.set("zone.home", "0", **HOME)
    if state:
        await house.set("person.a", state)
    house.ask("condition: not\nconditions: {condition: zone, entity_id: person.a, zone: zone.home}")

    assert not await house.holds()
    assert problem in caplog.text


async def test_who_is_away_from_the_network_is_nowhere(house: RuleHome) -> None:
    await house.set("zone.home", "0", **HOME)
    await house.set("person.a", "unavailable", **THERE)
    house.ask("condition: zone\nentity_id: person.a\nzone: zone.home")

    assert not await house.holds()
