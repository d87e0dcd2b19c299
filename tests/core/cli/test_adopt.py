"""A Home Assistant folder, looked through before anybody moves in."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inglenook.cli import main

CONFIGURATION = """\
default_config:
automation: !include automations.yaml
input_boolean:
  guests:
script:
  hello:
    sequence: []
hue:
  bridges: []
sensor:
  - platform: dwd
"""
AUTOMATIONS = """\
- alias: Good
  triggers: {trigger: state, entity_id: light.a, to: "on"}
  actions: [{action: light.turn_off, target: {entity_id: light.a}}]
- alias: Waits
  triggers: {trigger: mqtt, topic: a/b}
  actions: [{action: hue.activate_scene}]
- alias: Bad
  triggers: {trigger: statte}
  actions: []
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    (tmp_path / "automations.yaml").write_text(AUTOMATIONS)
    return tmp_path


def keep(folder: Path, file: str, key: str, *items: dict[str, str]) -> None:
    (folder / ".storage").mkdir(exist_ok=True)
    (folder / ".storage" / file).write_text(json.dumps({"data": {key: items}}, indent=2))


def adopt(folder: Path) -> Result:
    return CliRunner().invoke(main, ["adopt", str(folder)])


def test_each_part_is_told_by_file_and_line_under_what_becomes_of_it(folder: Path) -> None:
    result = adopt(folder)

    assert result.stdout.splitlines() == [
        "Runs as it is: 4",
        "  automations.yaml:1:3: automation Good",
        "  configuration.yaml:1:1: default_config: needs no answer here",
        "  configuration.yaml:3:1: input_boolean: 1",
        "  configuration.yaml:5:1: script: 1",
        "Runs with a plugin: 4",
        "  configuration.yaml:8:1: nothing handles the key hue; it has no effect",
        "  configuration.yaml:11:5: nothing handles sensor items of platform dwd; this one has no effect",
        "  automations.yaml:5:23: triggers.trigger: trigger mqtt waits for the mqtt plugin",
        "  automations.yaml:6:22: actions[0].action: hue.activate_scene waits for a plugin that offers services of hue",
        "Does not run: 1",
        "  automations.yaml:8:23: triggers.trigger: there is no trigger 'statte'; did you mean 'state'?",
    ]
    assert result.exit_code == 0


def test_what_the_interface_kept_is_told_too(folder: Path) -> None:
    keep(folder, "core.area_registry", "areas", {"id": "k", "name": "Kitchen"})
    keep(
        folder,
        "core.entity_registry",
        "entities",
        {"entity_id": "light.a", "platform": "zha", "area_id": "k"},
        {"entity_id": "light.b", "platform": "zha"},
        {"entity_id": "input_boolean.guests", "platform": "input_boolean"},
        {"entity_id": "scene.film", "platform": "homeassistant"},
    )
    keep(folder, "timer", "items", {"id": "tea", "name": "Tea"})

    lines = adopt(folder).stdout.splitlines()

    assert (
        "  .storage/core.entity_registry:5: light.a and 1 more in Kitchen: waits for a plugin or device of zha" in lines
    )
    assert not any("of input_boolean" in line for line in lines)
    made = "timer.tea (Tea) was made in the interface of Home Assistant; declare it under timer: in YAML"
    assert f"  .storage/timer:5: {made}" in lines
    assert lines[-1] == "Registered there: areas 1, devices 0, entities 4"


def test_nothing_is_written_there(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*")}

    adopt(folder)

    assert {path: path.read_bytes() for path in folder.rglob("*")} == before


def test_a_configuration_that_cannot_be_read_says_where(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("a: [\n")

    result = adopt(folder)

    assert "Does not run: 1" in result.stdout
    assert "configuration.yaml:1:5" in result.stdout
