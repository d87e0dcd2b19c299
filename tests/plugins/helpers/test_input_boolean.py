"""input_boolean: on, off, and what comes back."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors, InvalidServiceData

ONE = """
input_boolean:
  guests:
    name: Guests
"""


async def test_it_begins_off_and_does_as_it_is_told(house: House) -> None:
    await house.declare(ONE)
    states = [house.state("input_boolean.guests")]

    for service in ("turn_on", "toggle", "toggle", "turn_off"):
        await house.call(f"input_boolean.{service}", "input_boolean.guests")
        states.append(house.state("input_boolean.guests"))

    assert states == ["off", "on", "off", "on", "off"]


async def test_its_last_state_comes_back_unless_the_settings_say_how_it_begins(house: House) -> None:
    house.remember("input_boolean.a", "on")
    house.remember("input_boolean.b", "on")

    await house.declare("input_boolean: {a: , b: {initial: false}}")

    assert (house.state("input_boolean.a"), house.state("input_boolean.b")) == ("on", "off")


async def test_it_can_be_reached_by_its_area(house: House) -> None:
    await house.declare(ONE)
    area = house.home.registry.ensure_area("Hall")
    house.home.registry.entities.update("input_boolean.guests", area_id=area.id)

    await house.call("input_boolean.turn_on", area_id="hall")

    assert house.state("input_boolean.guests") == "on"


async def test_a_call_without_a_target_is_refused(house: House) -> None:
    await house.declare(ONE)

    with pytest.raises(InvalidServiceData, match="needs a target"):
        await house.call("input_boolean.turn_on")


async def test_what_is_wrong_is_told_with_its_place(house: House) -> None:
    with pytest.raises(ConfigErrors) as raised:
        await house.declare("input_boolean:\n  guests:\n    inital: true\n")

    assert str(raised.value) == (
        "configuration.yaml:3:5: input_boolean.guests.inital: unknown key; did you mean 'initial'?"
    )


async def test_one_that_a_person_disabled_stays_away_over_a_reload(house: House) -> None:
    await house.declare(ONE)
    house.home.entities.remove("input_boolean.guests")
    house.home.registry.entities.update("input_boolean.guests", disabled_by="user")

    await house.declare(ONE)
    await house.reload("input_boolean", ONE.replace("name: Guests", "name: Visitors"))

    assert house.state("input_boolean.guests") is None
