"""Template entities made of blueprints."""

from pathlib import Path

import pytest

from inglenook.config.blueprints import Blueprints
from inglenook.config.yaml import loads
from inglenook.home import Home
from inglenook.rules import BUNDLED, RuleEngine
from inglenook.template_entities import TemplateEntities
from inglenook.templates import Templates

HEAD = "blueprint: {name: X, domain: template, input: {source: {}, word: {default: warm}}}\n"
STATE_BASED = f"""{HEAD}
variables: {{source: !input source}}
binary_sensor:
  state: "{{{{ states(source) | float > 20 }}}}"
  attributes: {{word: !input word}}
"""
USE = "[{name: Kitchen, unique_id: k, use_blueprint: {path: me/x.yaml, input: {source: sensor.kitchen}}}]"


class BlueprintHome:
    """A home with template entities made of one blueprint."""

    def __init__(self, home: Home, folder: Path, blueprint: str) -> None:
        self.home = home
        path = folder / "blueprints" / "template" / "me" / "x.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(blueprint)
        engine = RuleEngine(home, Templates(home), BUNDLED, Blueprints(folder).expand)
        self.entities = TemplateEntities(engine.workshop)

    def load(self, text: str) -> list[str]:
        problems = self.entities.swap([(raw, None) for raw in loads(text, "template.yaml")])
        self.entities.start()
        return [str(problem) for problem in problems]


async def test_name_id_and_variables_go_to_the_entity(home: Home, tmp_path: Path) -> None:
    home.states.set("sensor.kitchen", "21")
    house = BlueprintHome(home, tmp_path, STATE_BASED)

    problems = house.load(USE)

    state = home.states.get("binary_sensor.kitchen")
    assert problems == []
    assert state is not None
    assert (state.state, state.attributes["word"], state.name) == ("on", "warm", "Kitchen")
    assert home.registry.entity_of("binary_sensor", "template", "k") is not None


async def test_a_triggered_one_keeps_its_variables_for_each_trigger(home: Home, tmp_path: Path) -> None:
    blueprint = f"""{HEAD}
triggers: [{{trigger: event, event_type: go}}]
variables: {{n: "{{{{ trigger.event.data.n }}}}"}}
sensor: {{state: "{{{{ n }}}}"}}
"""
    house = BlueprintHome(home, tmp_path, blueprint)

    problems = house.load(USE)
    home.bus.fire("go", {"n": 7})

    state = home.states.get("sensor.kitchen")
    assert problems == []
    assert state is not None
    assert state.state == "7"


@pytest.mark.parametrize(
    ("blueprint", "error"),
    [
        (STATE_BASED.replace("{source: {}", "{sauce: {}"), "there is no input source; did you mean 'sauce'?"),
        (f"{HEAD}sensor: {{state: '1'}}\nswitch: {{}}\n", "makes entities of one platform, this one of sensor, switch"),
        (f"{HEAD}sensor: {{stat: '1'}}\n", "blueprints/template/me/x.yaml:2:10: sensor.stat: unknown key"),
    ],
)
async def test_what_is_wrong_is_told(home: Home, tmp_path: Path, blueprint: str, error: str) -> None:
    house = BlueprintHome(home, tmp_path, blueprint)

    problems = house.load(USE)

    assert any(error in problem for problem in problems), problems
