"""Numbers in purpose-specific kinds: ranges, units, bounds from entities."""

from typing import Any

import pytest
from tests.core.rules.house import RuleHome

from inglenook.rules.purpose.units import NITROGEN_DIOXIDE, POWER, TEMPERATURE, Scale, convert


@pytest.mark.parametrize(
    ("number", "unit", "to_unit", "scale", "expected"),
    [
        (68.0, "°F", "°C", TEMPERATURE, 20.0),
        (20.0, "°C", "°F", TEMPERATURE, 68.0),
        (0.0, "K", "°F", TEMPERATURE, -459.67),
        (1.5, "kW", "W", POWER, 1500.0),
        (100.0, "ppb", "µg/m³", NITROGEN_DIOXIDE, 191.26),
        (5.0, "bar", "bar", POWER, 5.0),
    ],
)
def test_an_amount_in_another_unit(number: float, unit: str, to_unit: str, scale: Scale, expected: float) -> None:
    assert convert(number, unit, to_unit, scale) == pytest.approx(expected, abs=0.01)


def test_what_is_no_unit_of_the_kind_cannot_be_converted() -> None:
    assert convert(1.0, "bar", "W", POWER) is None
    assert convert(1.0, None, "W", POWER) is None


async def _holds(house: RuleHome, kind: str, entity_id: str, threshold: str) -> bool:
    house.ask(f"condition: {kind}\ntarget: {{entity_id: {entity_id}}}\noptions: {{threshold: {threshold}}}")
    return await house.holds()


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        ("{type: above, value: {number: 20}}", False),
        ("{type: above, value: {number: 19.9}}", True),
        ("{type: below, value: {number: 20}}", False),
        ("{type: between, value_min: {number: 20}, value_max: {number: 25}}", True),
        ("{type: outside, value_min: {number: 20}, value_max: {number: 25}}", False),
        ("{type: above, value: {number: 67, unit_of_measurement: °F}}", True),
        ("{type: above, value: {number: 69, unit_of_measurement: °F}}", False),
        ("{type: above, value: {entity: sensor.limit}}", True),
        ("{type: below, value: {entity: sensor.gone}}", False),
        ("{type: above, value: {active_choice: entity, number: 99, entity: sensor.limit}}", True),
    ],
)
async def test_a_temperature_is_compared_in_one_unit(house: RuleHome, threshold: str, expected: bool) -> None:
    await house.set("sensor.x", "20", device_class="temperature", unit_of_measurement="°C")
    await house.set("sensor.limit", "50", unit_of_measurement="°F")

    assert await _holds(house, "temperature.is_value", "sensor.x", threshold) is expected


@pytest.mark.parametrize(
    ("kind", "entity_id", "state", "attributes", "expected"),
    [
        ("temperature.is_value", "climate.x", "heat", {"current_temperature": 21}, True),
        ("temperature.is_value", "weather.x", "sunny", {"temperature": 70, "temperature_unit": "°F"}, True),
        ("temperature.is_value", "sensor.x", "21", {"device_class": "temperature"}, False),
        ("humidity.is_value", "sensor.x", "21", {"device_class": "humidity", "unit_of_measurement": "%"}, True),
        ("humidity.is_value", "sensor.x", "21", {"device_class": "humidity", "unit_of_measurement": "g/m³"}, False),
        ("power.is_value", "sensor.x", "0.1", {"device_class": "power", "unit_of_measurement": "kW"}, True),
        ("light.is_brightness", "light.x", "on", {"brightness": 51}, False),
        ("light.is_brightness", "light.x", "on", {"brightness": 54}, True),
        ("light.is_brightness", "light.x", "off", {}, False),
        ("media_player.is_volume", "media_player.x", "on", {"volume_level": 0.25}, True),
        ("counter.is_value", "counter.x", "25", {}, True),
        ("battery.is_level", "sensor.x", "abc", {"device_class": "battery", "unit_of_measurement": "%"}, False),
    ],
)
async def test_where_the_number_is_read(
    house: RuleHome, kind: str, entity_id: str, state: str, attributes: dict[str, Any], expected: bool
) -> None:
    await house.set(entity_id, state, **attributes)

    assert await _holds(house, kind, entity_id, "{type: above, value: {number: 20}}") is expected


async def test_a_home_in_fahrenheit_takes_plain_numbers_as_such(house: RuleHome) -> None:
    house.home.settings.unit_system = "us_customary"
    await house.set("climate.x", "heat", current_temperature=70)

    assert await _holds(house, "temperature.is_value", "climate.x", "{type: above, value: {number: 60}}")


async def test_a_number_crosses_a_threshold_once(house: RuleHome) -> None:
    options = "{threshold: {type: above, value: {number: 1, unit_of_measurement: kW}}}"
    await house.set("sensor.p", "500", device_class="power", unit_of_measurement="W")
    house.watch(f"trigger: power.crossed_threshold\ntarget: {{entity_id: sensor.p}}\noptions: {options}")

    for watts in ("1000", "1001", "2000", "999", "1500"):
        await house.set("sensor.p", watts, device_class="power", unit_of_measurement="W")

    assert len(house.heard) == 2


async def test_a_number_that_changes_within_the_range(house: RuleHome) -> None:
    options = "{threshold: {type: below, value: {number: 20}}}"
    await house.set("sensor.b", "50", device_class="battery", unit_of_measurement="%")
    house.watch(f"trigger: battery.level_changed\ntarget: {{entity_id: sensor.b}}\noptions: {options}")

    for level in ("21", "19", "18", "18.0"):
        await house.set("sensor.b", level, device_class="battery", unit_of_measurement="%")

    assert len(house.heard) == 2
