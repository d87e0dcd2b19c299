"""Template climate entities."""

from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block, record

MODES = "hvac_modes: \"{{ ['off', 'heat', 'cool'] }}\""
SET = f"set_hvac_mode: {record(mode='{{ hvac_mode }}')}, set_temperature: {record(to='{{ temperature }}')}"


async def test_a_thermostat_shows_its_templates(house: TemplateHome) -> None:
    await house.set("sensor.room", "20.5")
    keys = "hvac_mode: heat, hvac_action: heating, current_temperature: \"{{ states('sensor.room') }}\""
    house.load(
        block("climate", f"{MODES}, {keys}, target_temperature: 21, current_humidity: 44.4, max_temp: 28, {SET}")
    )

    attributes = house.attributes("climate.x")
    await house.set("sensor.room", "21")

    assert house.state("climate.x") == "heat"
    assert (attributes["current_temperature"], attributes["temperature"], attributes["current_humidity"]) == (
        20.5, 21, 44,
    )  # fmt: skip
    assert (attributes["hvac_modes"], attributes["hvac_action"]) == (["off", "heat", "cool"], "heating")
    assert (attributes["min_temp"], attributes["max_temp"]) == (7.0, 28.0)
    assert house.attributes("climate.x")["current_temperature"] == 21


async def test_a_thermostat_without_templates_is_what_it_was_told(house: TemplateHome) -> None:
    house.load(block("climate", f"{MODES}, {SET}"))

    await house.call("climate.set_hvac_mode", "climate.x", hvac_mode="cool")
    await house.call("climate.set_temperature", "climate.x", temperature=19.5)
    await house.call("climate.turn_off", "climate.x")
    off = house.state("climate.x")
    await house.call("climate.turn_on", "climate.x")

    assert (off, house.state("climate.x")) == ("off", "cool")
    assert house.attributes("climate.x")["temperature"] == 19.5
    assert house.calls == [{"mode": "cool"}, {"to": 19.5}, {"mode": "off"}, {"mode": "cool"}]


async def test_a_thermostat_keeps_a_range(house: TemplateHome) -> None:
    actions = record(low="{{ target_temp_low }}", high="{{ target_temp_high }}")
    house.load(block("climate", f"{MODES}, set_temperature: {actions}"))

    await house.call("climate.set_temperature", "climate.x", target_temp_low=18, target_temp_high=24)

    assert house.calls == [{"low": 18, "high": 24}]
    assert house.attributes("climate.x")["target_temp_low"] == 18


async def test_modes_of_each_kind_run_their_actions(house: TemplateHome) -> None:
    kinds = ("fan_mode", "preset_mode", "swing_mode", "swing_horizontal_mode")
    keys = ", ".join(
        f"{kind}s: \"{{{{ ['eco', 'boost'] }}}}\", set_{kind}: {record(**{kind: '{{ ' + kind + ' }}'})}"
        for kind in kinds
    )
    house.load(block("climate", f"{MODES}, {keys}, set_humidity: {record(humidity='{{ humidity }}')}"))

    for kind in kinds:
        await house.call(f"climate.set_{kind}", "climate.x", **{kind: "eco"})
    await house.call("climate.set_humidity", "climate.x", humidity=50)

    assert house.calls == [*({kind: "eco"} for kind in kinds), {"humidity": 50}]
    assert [house.attributes("climate.x")[name] for name in (*kinds, "humidity")] == ["eco"] * 4 + [50]


async def test_temperatures_in_another_unit_are_shown_in_that_of_the_home(house: TemplateHome) -> None:
    keys = f"temperature_unit: °F, current_temperature: 68, target_temperature: 70, max_temp: 86, {SET}"
    house.load(block("climate", f"{MODES}, {keys}"))

    await house.call("climate.set_temperature", "climate.x", temperature=25)

    attributes = house.attributes("climate.x")
    assert (attributes["current_temperature"], attributes["temperature"]) == (20, 21.1)
    assert (attributes["min_temp"], attributes["max_temp"]) == (7, 30)
    assert house.calls == [{"to": 77}]


async def test_a_thermostat_needs_modes(house: TemplateHome) -> None:
    assert house.load("[{climate: {name: X}}]") == ["template.yaml:1:12: climate.hvac_modes: this key is required"]
