"""Template entities in the form they had before ``template:``."""

import textwrap
from pathlib import Path

import pytest
from tests.core.template_entities.conftest import TemplateHome

from inglenook.config.configuration import read_configuration
from inglenook.config.legacy_templates import legacy_blocks

OLD = """
sensor:
  - platform: template
    scan_interval: 5
    sensors:
      power:
        friendly_name: Power of it
        unit_of_measurement: W
        entity_id: sensor.a
        value_template: "{{ 5 }}"
        icon_template: mdi:flash
        attribute_templates: {twice: "{{ 10 }}"}
      plain: {value_template: hi, friendly_name_template: "{{ 'P' }}", friendly_name: Q}
      bare: {value_template: hi}
  - {platform: other}
binary_sensor:
  platform: template
  sensors: {door: {value_template: "on", delay_off: 5, device_class: door}}
switch:
  - platform: template
    switches:
      pump: {value_template: "{{ true }}", turn_on: {service: test.record}, turn_off: []}
light:
  - platform: template
    lights:
      lamp:
        {value_template: "on", level_template: 7, color_template: "{{ (1, 2) }}", turn_on: [], turn_off: []}
cover:
  - platform: template
    covers: {gate: {position_template: 40, open_cover: [], close_cover: []}}
fan:
  - platform: template
    fans: {air: {value_template: "on", percentage_template: 30, speeds: [], turn_on: [], turn_off: []}}
vacuum:
  - platform: template
    vacuums: {robot: {value_template: docked, battery_level_template: 9, start: []}}
alarm_control_panel:
  - platform: template
    panels: {house: {value_template: disarmed, code_arm_required: false}}
lock:
  - {platform: template, name: Front, value_template: "on", lock: [], unlock: []}
weather:
  - {platform: template, name: Out, condition_template: sunny, temperature_template: 5, humidity_template: 6}
"""


def _load(house: TemplateHome, folder: Path, text: str) -> list[str]:
    (folder / "configuration.yaml").write_text(textwrap.dedent(text))
    blocks, problems = legacy_blocks(read_configuration(folder).sections)
    found = [*problems, *house.entities.swap(blocks)]
    house.entities.start()
    return [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes"),
    [
        ("sensor.power", "5", {"friendly_name": "Power of it", "icon": "mdi:flash", "twice": 10}),
        ("sensor.plain", "hi", {"friendly_name": "P"}),
        ("sensor.bare", "hi", {"friendly_name": "bare"}),
        ("binary_sensor.door", "on", {"device_class": "door"}),
        ("switch.pump", "on", {}),
        ("light.lamp", "on", {"brightness": 7, "hs_color": (1, 2)}),
        ("cover.gate", "open", {"current_position": 40}),
        ("fan.air", "on", {"percentage": 30}),
        ("vacuum.robot", "docked", {"battery_level": 9}),
        ("alarm_control_panel.house", "disarmed", {"code_arm_required": False}),
        ("lock.front", "locked", {}),
        ("weather.out", "sunny", {"temperature": 5, "humidity": 6}),
    ],
)
async def test_an_entity_in_the_old_form_works(
    house: TemplateHome, tmp_path: Path, entity_id: str, state: str, attributes: dict[str, object]
) -> None:
    assert _load(house, tmp_path, OLD) == []

    assert house.state(entity_id) == state
    assert {name: house.attributes(entity_id).get(name) for name in attributes} == attributes


async def test_its_actions_run(house: TemplateHome, tmp_path: Path) -> None:
    _load(house, tmp_path, OLD)

    await house.call("switch.turn_on", "switch.pump")

    assert house.calls == [{}]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "sensor:\n  - platform: template\n    sensors:\n      a: {value_template: '{{ 1', x_template: 5}\n",
            "configuration.yaml:4:35: sensor.x: unknown key",
        ),
        ("sensor: [{platform: template, sensors: [5]}]", "configuration.yaml:1:40: sensors: expected a mapping"),
        ("sensor: [{platform: template}]", "configuration.yaml:1:10: sensors: expected a mapping"),
        ("fan: [{platform: template, fans: {a: 5}}]", "configuration.yaml:1:35: fans.a: expected a mapping, got 5"),
        ("lock: [{platform: template, lock: []}]", "configuration.yaml:1:8: lock.unlock: this key is required"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(house: TemplateHome, tmp_path: Path, text: str, error: str) -> None:
    assert any(told.startswith(error) for told in _load(house, tmp_path, text))
