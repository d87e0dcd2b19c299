"""zone: the home's own, those of the configuration, and who is in them."""

from tests.plugins.helpers.house import House

TWO = """
zone:
  - name: Work
    latitude: 52.0
    longitude: 5.0
  - name: Work
    latitude: 53.0
    longitude: 5.0
    radius: 20
    passive: true
"""


async def test_the_home_is_a_zone_without_a_word_of_configuration(house: House) -> None:
    await house.declare("")

    settings = house.home.settings
    assert house.state("zone.home") == "0"
    assert house.attribute("zone.home", "friendly_name") == settings.name
    assert house.attribute("zone.home", "latitude") == settings.latitude
    assert house.attribute("zone.home", "radius") == settings.radius


async def test_a_name_that_comes_again_gets_a_number(house: House) -> None:
    await house.declare(TWO)

    assert house.attribute("zone.work", "radius") == 100
    assert house.attribute("zone.work_2", "radius") == 20
    assert house.attribute("zone.work_2", "passive") is True


async def test_one_that_is_called_home_takes_the_place_of_the_homes_own(house: House) -> None:
    await house.declare("zone: {name: Home, latitude: 1, longitude: 2, radius: 30}")

    assert house.attribute("zone.home", "radius") == 30
    assert "zone.home_2" not in house.home.states


async def test_a_zone_counts_the_persons_in_it(house: House) -> None:
    for person in ("ann", "bob", "cem"):
        house.home.states.set(f"person.{person}", "home")
    await house.declare(TWO)
    house.home.states.set("person.bob", "work")
    house.home.states.set("person.cem", "elsewhere", {"in_zones": ["zone.work"]})
    counts = [house.state("zone.home"), house.state("zone.work")]
    persons = house.attribute("zone.work", "persons")

    house.home.states.set("person.ann", "not_home")
    house.home.states.remove("person.bob")

    assert counts == ["1", "2"]
    assert persons == ["person.bob", "person.cem"]
    assert [house.state("zone.home"), house.state("zone.work")] == ["0", "1"]


async def test_zones_that_are_no_list_say_nothing(house: House) -> None:
    house.home.states.set("person.ann", "home", {"in_zones": 5})

    await house.declare(TWO)

    assert house.state("zone.home") == "1"


async def test_the_homes_zone_moves_with_the_home(house: House) -> None:
    await house.declare(TWO)

    house.home.settings.latitude = 10.0
    house.home.bus.fire("core_config_updated", {"latitude": 10.0})

    assert house.attribute("zone.home", "latitude") == 10.0
    assert house.attribute("zone.work", "latitude") == 52.0


async def test_a_reload_brings_and_takes_zones(house: House) -> None:
    await house.declare(TWO)

    await house.reload("zone", "zone: [{name: Gym, latitude: 1, longitude: 2}]")

    assert [state.entity_id for state in house.home.states.domain("zone")] == ["zone.home", "zone.gym"]
