"""platform: min_max: one number of several."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors


async def declared(house: House, kind: str, *states: str, unit: str | None = "W") -> str | None:
    attributes = {"unit_of_measurement": unit} if unit else {}
    for index, state in enumerate(states):
        house.home.states.set(f"sensor.s{index}", state, attributes)
    ids = ", ".join(f"sensor.s{index}" for index in range(len(states)))
    await house.declare(f"sensor: [{{platform: min_max, name: All, type: {kind}, entity_ids: [{ids}]}}]")
    return house.state("sensor.all")


@pytest.mark.parametrize(
    ("kind", "states", "joint"),
    [
        ("max", ("1.2345", "5", "x"), "5.0"),
        ("min", ("1.2345", "5", "unknown"), "1.2345"),
        ("mean", ("1", "2", "2"), "1.67"),
        ("median", ("1", "2", "9"), "2.0"),
        ("range", ("1", "2.5", "unavailable"), "1.5"),
        ("sum", ("1", "2"), "3.0"),
        ("sum", ("1", "unknown"), "unknown"),
        ("max", ("unknown", "unavailable"), "unknown"),
    ],
)
async def test_the_known_numbers_make_the_state(house: House, kind: str, states: tuple[str, ...], joint: str) -> None:
    assert await declared(house, kind, *states) == joint


async def test_it_says_whose_number_it_is_and_has_the_unit_of_all(house: House) -> None:
    await declared(house, "max", "1", "5")

    house.home.states.set("sensor.s0", "7", {"unit_of_measurement": "W"})

    assert house.state("sensor.all") == "7.0"
    assert house.attribute("sensor.all", "max_entity_id") == "sensor.s0"
    assert house.attribute("sensor.all", "unit_of_measurement") == "W"


async def test_the_last_is_the_one_that_changed_last(house: House) -> None:
    await declared(house, "last", "1", "5")

    house.home.states.set("sensor.s0", "3", {"unit_of_measurement": "W"})
    house.home.states.set("sensor.s1", "unknown", {"unit_of_measurement": "W"})

    assert house.state("sensor.all") == "3.0"
    assert house.attribute("sensor.all", "last_entity_id") == "sensor.s0"


async def test_units_that_differ_make_no_number(house: House) -> None:
    await declared(house, "max", "1", "5")

    house.home.states.set("sensor.s0", "3", {"unit_of_measurement": "kW"})

    assert house.state("sensor.all") == "unknown"
    assert house.attribute("sensor.all", "unit_of_measurement") == "ERR"


async def test_a_wrong_item_is_told_with_its_place(house: House) -> None:
    with pytest.raises(ConfigErrors, match=r"configuration.yaml:1:\d+: sensor.type: expected .*did you mean 'mean'"):
        await house.declare("sensor: [{platform: min_max, type: maen, entity_ids: sensor.a}]")


async def test_a_reload_brings_and_takes_away(house: House) -> None:
    await declared(house, "max", "1", "5")

    await house.reload("min_max", "sensor: [{platform: min_max, type: min, entity_ids: [sensor.s0]}]")

    assert house.state("sensor.all") is None
    assert house.state("sensor.min_sensor") == "1.0"
    house.home.states.set("sensor.s1", "3")  # the one that went follows nothing any more
    assert house.state("sensor.all") is None


async def test_of_two_with_one_unique_id_the_second_is_left_out(house: House, caplog: pytest.LogCaptureFixture) -> None:
    one = "{platform: min_max, name: First, unique_id: same, entity_ids: [sensor.a]}"
    await house.declare(
        f"sensor: [{one}, {one.replace('First', 'Second')}, {{platform: min_max, entity_ids: sensor.a}}]"
    )

    assert [state.entity_id for state in house.home.states.domain("sensor")] == ["sensor.first", "sensor.max_sensor"]
    assert "Second is left out" in caplog.text
