"""Template water heaters."""

from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block, record


async def test_a_boiler_shows_its_templates(house: TemplateHome) -> None:
    keys = "operation_mode: eco, operation_list: \"{{ ['off', 'eco'] }}\", current_temperature: 48, away_mode: 'on'"
    house.load(block("water_heater", f"{keys}, target_temperature: 50, set_temperature: []"))

    attributes = house.attributes("water_heater.x")

    assert house.state("water_heater.x") == "eco"
    assert (attributes["current_temperature"], attributes["temperature"], attributes["away_mode"]) == (48, 50, "on")
    assert (attributes["min_temp"], attributes["max_temp"], attributes["supported_features"]) == (43.3, 60, 1)


async def test_a_boiler_without_templates_is_what_it_was_told(house: TemplateHome) -> None:
    keys = f"set_temperature: {record(to='{{ temperature }}')}, set_away_mode: {record(away='{{ away_mode }}')}"
    more = f"operation_list: \"{{{{ ['eco', 'gas'] }}}}\", set_operation_mode: {record(mode='{{ operation_mode }}')}"
    house.load(block("water_heater", f"{keys}, {more}"))

    await house.call("water_heater.set_temperature", "water_heater.x", temperature=55)
    await house.call("water_heater.set_operation_mode", "water_heater.x", operation_mode="gas")
    await house.call("water_heater.set_away_mode", "water_heater.x", away_mode=True)

    assert house.calls == [{"to": 55}, {"mode": "gas"}, {"away": True}]
    assert house.state("water_heater.x") == "gas"
    attributes = house.attributes("water_heater.x")
    assert (attributes["temperature"], attributes["away_mode"]) == (55, "on")
