"""Template vacuums."""

import pytest
from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block, record

from inglenook.errors import ServiceValidationError


async def test_a_vacuum_shows_its_templates(house: TemplateHome) -> None:
    keys = "state: Cleaning, fan_speed: high, fan_speeds: [low, high], battery_level: 55, attributes: {dirt: '{{ 3 }}'}"
    house.load(block("vacuum", f"{keys}, start: []"))

    attributes = house.attributes("vacuum.x")

    assert house.state("vacuum.x") == "cleaning"
    assert (attributes["fan_speed"], attributes["fan_speed_list"]) == ("high", ["low", "high"])
    assert (attributes["battery_level"], attributes["dirt"], attributes["supported_features"]) == (55, 3, 8192)


@pytest.mark.parametrize(
    ("service", "state"),
    [
        ("start", "cleaning"), ("pause", "paused"), ("stop", "idle"), ("return_to_base", "returning"),
        ("clean_spot", "cleaning"), ("locate", "unknown"),
    ],
)  # fmt: skip
async def test_a_vacuum_without_a_template_does_what_it_is_told(house: TemplateHome, service: str, state: str) -> None:
    start = "" if service == "start" else "start: [], "
    house.load(block("vacuum", f"{start}{service}: {record(do=service)}"))

    await house.call(f"vacuum.{service}", "vacuum.x")

    assert (house.state("vacuum.x"), house.calls) == (state, [{"do": service}])


async def test_a_vacuum_takes_one_of_its_speeds(house: TemplateHome) -> None:
    house.load(block("vacuum", f"start: [], fan_speed_list: [low], set_fan_speed: {record(to='{{ fan_speed }}')}"))

    await house.call("vacuum.set_fan_speed", "vacuum.x", fan_speed="low")
    with pytest.raises(ServiceValidationError, match="'high' is none of low"):
        await house.call("vacuum.set_fan_speed", "vacuum.x", fan_speed="high")

    assert house.calls == [{"to": "low"}]
    assert house.attributes("vacuum.x")["fan_speed"] == "low"


async def test_a_vacuum_cleans_the_segments_that_bear_the_name_of_an_area(house: TemplateHome) -> None:
    area = house.home.registry.ensure_area("Kitchen")
    segments = "segments: \"{{ [{'id': '7', 'name': 'kitchen'}, {'id': '8', 'name': 'Hall'}] }}\""
    house.load(block("vacuum", f"start: [], {segments}, clean_segments: {record(ids='{{ segment_ids }}')}"))

    await house.call("vacuum.clean_area", "vacuum.x", cleaning_area_id=[area.id, "hall"])
    with pytest.raises(ServiceValidationError, match="no segment called attic; it knows kitchen, Hall"):
        await house.call("vacuum.clean_area", "vacuum.x", cleaning_area_id=["attic"])

    assert house.calls == [{"ids": ["7", "8"]}]


async def test_segments_need_the_actions_that_clean_them(house: TemplateHome) -> None:
    assert house.load("[{vacuum: {name: X, start: [], segments: '[]'}}]") == [
        "template.yaml:1:11: vacuum: segments and clean_segments belong together; give both"
    ]
