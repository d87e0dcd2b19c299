"""Template weather entities."""

import logging
from typing import Any

import pytest
from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block

NOW = "condition: sunny, temperature: 21.5, humidity: 40"


async def _forecast(house: TemplateHome, kind: str) -> object:
    answer: Any = await house.home.services.call(
        "weather", "get_forecasts", {"entity_id": "weather.x", "type": kind}, return_response=True
    )
    return answer["weather.x"]["forecast"]


async def test_the_weather_is_what_its_templates_say(house: TemplateHome) -> None:
    house.load(block("weather", f"{NOW}, wind_bearing: NW, wind_speed: 12, pressure_unit: kPa, pressure: 101"))

    attributes = house.attributes("weather.x")

    assert house.state("weather.x") == "sunny"
    assert (attributes["temperature"], attributes["humidity"], attributes["wind_bearing"]) == (21.5, 40, "NW")
    assert (attributes["temperature_unit"], attributes["pressure_unit"]) == ("°C", "kPa")


async def test_the_older_spellings_are_taken(house: TemplateHome) -> None:
    keys = "condition_template: rainy, temperature_template: 9, humidity_template: 90"

    assert house.load(block("weather", keys)) == []
    assert house.state("weather.x") == "rainy"


async def test_a_forecast_is_answered_and_follows_its_template(house: TemplateHome) -> None:
    await house.set("sensor.high", "25")
    day = "{'datetime': '2026-07-01T00:00:00+00:00', 'temperature': states('sensor.high') | int}"
    house.load(block("weather", f'{NOW}, forecast_daily: "{{{{ [{day}] }}}}"'))

    await house.set("sensor.high", "27")

    assert await _forecast(house, "daily") == [{"datetime": "2026-07-01T00:00:00+00:00", "temperature": 27}]
    assert house.attributes("weather.x")["supported_features"] == 1


async def test_what_is_no_forecast_is_told(house: TemplateHome, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        house.load(block("weather", f"{NOW}, forecast_twice_daily: \"{{{{ [{{'datetime': '2026-07-01'}}] }}}}\""))

    assert await _forecast(house, "twice_daily") == []
    assert "forecast_twice_daily (template.yaml:1:95): expected is_daytime" in caplog.text
