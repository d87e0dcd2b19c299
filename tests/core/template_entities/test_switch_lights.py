"""light: platform: switch."""

from pathlib import Path

import pytest
from tests.core.template_entities.conftest import TemplateHome

from inglenook.config.configuration import read_configuration
from inglenook.config.switch_lights import switch_lights


def load(house: TemplateHome, folder: Path, items: str) -> list[str]:
    """Load the lights among ``items`` of ``light:``; return what is wrong with others."""
    (folder / "configuration.yaml").write_text(f"light: [{items}]\n")
    blocks, problems = switch_lights(read_configuration(folder).sections)
    refused = house.entities.swap(blocks)
    house.entities.start()
    return [*map(str, problems), *map(str, refused)]


async def test_a_switch_is_a_light(house: TemplateHome, tmp_path: Path) -> None:
    problems = load(house, tmp_path, "{platform: switch, name: Tree, entity_id: switch.a, unique_id: tree}")
    seen = [house.state("light.tree")]
    for state in ("on", "off", "unavailable"):
        await house.set("switch.a", state)
        seen.append(house.state("light.tree"))

    assert problems == []
    assert seen == ["unavailable", "on", "off", "unavailable"]
    assert house.attributes("light.tree")["supported_color_modes"] == ["onoff"]


async def test_what_the_light_is_told_the_switch_is_told(house: TemplateHome, tmp_path: Path) -> None:
    calls: list[str] = []
    house.home.bus.listen("call_service", lambda event: calls.append(f"{event.data['domain']}.{event.data['service']}"))
    load(house, tmp_path, "{platform: switch, entity_id: switch.a}")
    await house.set("switch.a", "off")

    await house.home.services.call("light", "turn_on", {"entity_id": "light.light_switch"})
    await house.advance(0)

    assert calls == ["light.turn_on", "switch.turn_on"]


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("{platform: switch}", "entity_id"),
        ("{platform: switch, entity_id: light.a}", "expected an entity of switch, got 'light.a'"),
        ("{platform: switch, entity_id: switch.a, nam: x}", "did you mean"),
    ],
)
async def test_what_is_wrong_is_told_and_the_rest_is_there(
    house: TemplateHome, tmp_path: Path, item: str, problem: str
) -> None:
    problems = load(house, tmp_path, f"{item}, {{platform: switch, name: Good, entity_id: switch.b}}")

    assert len(problems) == 1
    assert problem in problems[0]
    assert "configuration.yaml:1:" in problems[0]
    assert house.home.states.get("light.good") is not None
