"""platform: generic_thermostat: when the heater is turned."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors

ROOM = "climate.room"
HEATER = "input_boolean.heater"


async def declare(house: House, more: str = "", mode: str = "heat") -> None:
    await house.declare(f"""
        input_boolean: {{heater: {{}}}}
        climate: [{{platform: generic_thermostat, name: Room, heater: {HEATER}, target_sensor: sensor.t,
          target_temp: 20, initial_hvac_mode: "{mode}"{more}}}]
    """)


async def measure(house: House, number: str) -> str | None:
    """Let the thermometer say a number; return what the heater is then."""
    house.home.states.set("sensor.t", number)
    await house.clock.settle()
    return house.state(HEATER)


async def test_it_heats_between_its_tolerances(house: House) -> None:
    await declare(house, ", cold_tolerance: 0.5, hot_tolerance: 0.5")

    seen = [await measure(house, number) for number in ("19.6", "19.5", "20.4", "unknown", "20.5", "19.6")]

    assert seen == ["off", "on", "on", "on", "off", "off"]
    assert house.attribute(ROOM, "current_temperature") == 19.6


async def test_it_cools_the_other_way_round(house: House) -> None:
    await declare(house, ", ac_mode: true", mode="cool")

    seen = [await measure(house, number) for number in ("20.2", "20.3", "19.8", "19.7")]

    assert seen == ["off", "on", "on", "off"]
    assert house.attribute(ROOM, "hvac_modes") == ["off", "cool"]


async def test_it_says_what_it_does(house: House) -> None:
    await declare(house)
    assert house.attribute(ROOM, "hvac_action") == "idle"

    await measure(house, "15")
    assert house.attribute(ROOM, "hvac_action") == "heating"
    await house.call("climate.turn_off", ROOM)
    await house.clock.settle()

    assert (house.state(ROOM), house.attribute(ROOM, "hvac_action")) == ("off", "off")
    assert house.state(HEATER) == "off"


async def test_while_it_is_off_it_turns_nothing(house: House) -> None:
    await declare(house, mode="off")

    assert await measure(house, "5") == "off"
    await house.call("climate.set_hvac_mode", ROOM, hvac_mode="heat")
    await house.clock.settle()

    assert house.state(HEATER) == "on"


async def test_another_temperature_counts_at_once_also_within_a_cycle(house: House) -> None:
    await declare(house, ", min_cycle_duration: 600")
    await house.clock.advance(600)
    assert await measure(house, "15") == "on"

    assert await measure(house, "25") == "on"  # it was turned just now
    await house.call("climate.set_temperature", ROOM, temperature=18)
    await house.clock.settle()

    assert house.state(HEATER) == "off"
    assert house.attribute(ROOM, "temperature") == 18


async def test_what_a_cycle_held_back_is_done_when_it_is_over(house: House) -> None:
    await declare(house, ", min_cycle_duration: 600")
    await house.clock.advance(600)
    await measure(house, "15")
    await measure(house, "25")

    await house.clock.advance(600)

    assert house.state(HEATER) == "off"


async def test_the_heater_is_reminded(house: House) -> None:
    await declare(house, ', keep_alive: "00:03:00"')
    await measure(house, "20")
    house.hear("call_service")

    await house.clock.advance(360)

    told = [data["service"] for kind, data in house.events if data["domain"] == "homeassistant"]
    assert told == ["turn_off", "turn_off"]


async def test_presets_have_temperatures_and_none_goes_back(house: House) -> None:
    await declare(house, ", away_temp: 15, comfort_temp: 22")

    await house.call("climate.set_preset_mode", ROOM, preset_mode="away")
    await house.call("climate.set_preset_mode", ROOM, preset_mode="comfort")
    assert house.attribute(ROOM, "temperature") == 22
    await house.call("climate.set_preset_mode", ROOM, preset_mode="none")

    assert house.attribute(ROOM, "temperature") == 20
    assert house.attribute(ROOM, "preset_modes") == ["none", "away", "comfort"]


async def test_mode_and_temperature_come_back(house: House) -> None:
    house.remember(ROOM, "heat", temperature=21.5)

    await house.declare(
        f"climate: [{{platform: generic_thermostat, name: Room, heater: {HEATER}, target_sensor: sensor.t}}]"
    )

    assert (house.state(ROOM), house.attribute(ROOM, "temperature")) == ("heat", 21.5)


async def test_bounds_in_the_wrong_order_are_refused(house: House) -> None:
    with pytest.raises(ConfigErrors, match="expected max_temp above min_temp, got 10 and 15"):
        await declare(house, ", min_temp: 15, max_temp: 10")
