"""A Home Assistant folder, looked through before anybody moves in."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests import storage as made

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


MORE = """\
script:
  good: {sequence: []}
  waits: {sequence: [{action: hue.go}]}
scene:
  - {name: Film, entities: {light.a: "on"}}
  - {name: Bad}
template:
  - sensor: {name: One, state: "1"}
    vacuum: {name: Robot, state: "{{ 1 }}", start: []}
sensor:
  # two of a kind
  - {platform: min_max, name: Warmest, entity_ids: [sensor.a]}
  - {platform: min_max, entity_ids: [5]}

input_number:
  right: {min: 0, max: 5}


# declares nothing
sun:
"""


PROGRAMS = """\
command_line:
  - sensor: {name: Load, command: uptime}
shell_command:
  hello: echo hello
rest_command:
  send: {url: "http://127.0.0.1"}
script:
  all:
    sequence:
      - action: shell_command.hello
      - action: rest_command.send
      - action: persistent_notification.create
template:
  - use_blueprint: {path: mean.yaml}
    name: Mean
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    (tmp_path / "automations.yaml").write_text(AUTOMATIONS)
    return tmp_path


def adopt(folder: Path) -> Result:
    return CliRunner().invoke(main, ["adopt", str(folder)])


def test_each_part_is_told_by_file_and_line_under_what_becomes_of_it(folder: Path) -> None:
    result = adopt(folder)

    assert result.stdout.splitlines() == [
        "Runs as it is: 4 (automation 1, input_boolean 1, script 1)",
        "  automations.yaml:1:3: automation Good",
        "  configuration.yaml:4:3: input_boolean guests",
        "  configuration.yaml:6:3: script hello",
        "  configuration.yaml:1:1: default_config: needs no answer here",
        "Runs with a plugin: 4",
        "  configuration.yaml:8:1: nothing handles the key hue; it has no effect",
        "  configuration.yaml:11:5: nothing handles sensor items of platform dwd; this one has no effect",
        "  automations.yaml:5:23: triggers.trigger: trigger mqtt waits for the mqtt plugin",
        "  automations.yaml:6:22: actions[0].action: hue.activate_scene: it comes with the integration "
        "hue, for which no plugin is installed here",
        "Does not run: 1",
        "  automations.yaml:8:23: triggers.trigger: there is no trigger 'statte'; did you mean 'state'?",
    ]
    assert result.exit_code == 0


def test_each_thing_is_counted_and_one_with_a_fault_does_not_run(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(MORE)

    lines = adopt(folder).stdout.splitlines()

    assert lines == [
        "Runs as it is: 7 (input_number 1, scene 1, script 1, sensor 1, template 2)",
        "  configuration.yaml:2:3: script good",
        "  configuration.yaml:5:5: scene Film",
        "  configuration.yaml:8:13: template sensor One",
        "  configuration.yaml:9:13: template vacuum Robot",
        "  configuration.yaml:12:5: sensor of min_max Warmest",
        "  configuration.yaml:16:3: input_number right",
        "  configuration.yaml:20:1: sun",
        "Runs with a plugin: 1",
        "  configuration.yaml:3:31: sequence[0].action: hue.go: it comes with the integration hue, for which no "
        "plugin is installed here",
        "Does not run: 2",
        "  configuration.yaml:13:38: sensor.entity_ids[0]: expected an entity id like light.hall, got 5",
        "  configuration.yaml:6:5: entities: this key is required",
    ]


def test_what_runs_programs_waits_for_leave_and_rules_may_call_what_a_section_offers(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(PROGRAMS)
    blueprint = folder / "blueprints" / "template" / "mean.yaml"
    blueprint.parent.mkdir(parents=True)
    blueprint.write_text('blueprint: {name: Mean, domain: template}\nsensor: {state: "{{ 1 }}"}\n')

    assert adopt(folder).stdout.splitlines() == [
        "Runs as it is: 3 (rest_command 1, script 1, template 1)",
        "  configuration.yaml:6:3: rest_command send",
        "  configuration.yaml:8:3: script all",
        "  configuration.yaml:14:5: template Mean",
        "Runs with a plugin: 2",
        "  configuration.yaml:2:13: command_line sensor Load: waits until `allow: {programs: true}` is set",
        "  configuration.yaml:4:3: shell_command hello: waits until `allow: {programs: true}` is set",
        "Does not run: 0",
    ]


def test_what_the_interface_kept_is_told_too(folder: Path) -> None:
    made.keep_areas(folder, made.area("k", "Kitchen"))
    made.keep_devices(folder, made.device("d1", "Bulb", area_id="k"))
    made.keep_entries(
        folder,
        made.entry("e1", "zha", "Zigbee"),
        made.entry("e2", "tod", "Night", options={"name": "Night", "after_time": "22:00", "before_time": "6:00"}),
        made.entry("e3", "switch_as_x", "Fan", options={"entity_id": "switch.fan", "target_domain": "siren"}),
        made.entry("e4", "sun", "Sun"),
    )
    made.keep_entities(
        folder,
        made.entity("light.a", "zha", "1", config_entry_id="e1", device_id="d1"),
        made.entity("light.b", "zha", "2", config_entry_id="e1"),
        made.entity("sensor.c", "dwd", "3", area_id="k"),
        made.entity("siren.fan", "switch_as_x", "e3", config_entry_id="e3"),
        made.entity("input_boolean.guests", "input_boolean", "guests"),
        made.entity("scene.film", "homeassistant", "4"),
        made.entity("binary_sensor.night", "tod", "e2", config_entry_id="e2"),
    )
    made.keep_items(folder, "timer", {"id": "tea", "name": "Tea"})
    made.keep_labels(folder).write_text("{")

    lines = adopt(folder).stdout.splitlines()

    assert lines[0] == "Runs as it is: 6 (automation 1, binary_sensor 1, input_boolean 1, script 1, timer 1)"
    assert "  .storage/timer:7:7: timer tea" in lines
    assert "  .storage/core.config_entries:34:20: binary_sensor of tod Night" in lines
    waits = [line for line in lines if "waits for a plugin or device" in line]
    assert waits == [
        "  .storage/core.config_entries:7:7: zha (Zigbee): light.a and 1 more in Kitchen: "
        "waits for a plugin or device of zha",
        "  .storage/core.config_entries:47:7: switch_as_x (Fan): siren.fan: "
        "waits for a plugin or device of switch_as_x",
        "  .storage/core.entity_registry:73:7: sensor.c in Kitchen: waits for a plugin or device of dwd",
    ]
    assert any(line.startswith("  .storage/core.label_registry:1:2: no JSON: ") for line in lines)
    assert lines[-1] == "Registered there: areas 1, devices 1, entities 7"


def test_nothing_is_written_there(folder: Path) -> None:
    made.keep_areas(folder, made.area("k", "Kitchen"))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    adopt(folder)

    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_configuration_that_cannot_be_read_says_where(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("a: [\n")

    result = adopt(folder)

    assert "Does not run: 1" in result.stdout
    assert "configuration.yaml:1:5" in result.stdout


def test_what_hangs_on_no_secret_is_told_apart_from_what_does(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(
        "input_boolean: {guests: }\nrest_command:\n  one: {url: !secret url}\n  two: {url: !secret url}\n"
        "  three: {url: !secret other}\nscript: {open: {sequence: []}}\n"
    )

    told = adopt(tmp_path).stdout

    runs, fails = told.split("Does not run: ")
    assert "input_boolean guests" in runs
    assert "script open" in runs
    assert fails.startswith("2\n")
    assert "!secret url: there is no secrets.yaml (1 more)" in fails


def test_a_rule_of_a_device_that_the_folder_does_not_register_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(
        "automation:\n- alias: Bell\n  actions: []\n"
        "  triggers: {trigger: device, domain: zha, device_id: 82c2f0a3, type: remote_button_short_press}\n"
    )

    told = adopt(tmp_path).stdout

    assert "automation Bell" not in told.split("Does not run: ")[0]
    assert "configuration.yaml:4:55: triggers.device_id: there is no device 82c2f0a3" in told
