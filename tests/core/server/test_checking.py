"""What a check of a configuration finds, where nothing runs."""

import asyncio
from pathlib import Path

from tests.core.server.homes import running_home

from inglenook.server.checking import CheckResult, check_configuration

EVERYTHING = """
http: {port: 0}
default_config:
allow: {programs: true}
group:
utility_meter: {energy: {source: sensor.power}}
shell_command: {wake: "true"}
rest_command: {lamp: {url: "http://lamp.example"}}
command_line: [{notify: {name: Shout, command: "true"}}]
sensor: [{platform: min_max, entity_ids: [sensor.a, sensor.b]}, {platform: statistics, entity_id: sensor.a}]
binary_sensor: [{platform: trend, sensors: {warmer: {entity_id: sensor.a}}}]
script: {go: {sequence: []}}
template: [{sensor: {name: One, state: "1"}}]
"""


def checked(folder: Path, configuration: str, **files: str) -> CheckResult:
    """Check a folder with this configuration and ``files``, whose names end without ``.yaml``."""
    (folder / "configuration.yaml").write_text(configuration)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return asyncio.run(check_configuration(folder))


async def told_at_start(folder: Path) -> list[str]:
    """Return what a home that is started there has to say of its configuration."""
    async with running_home(folder) as server:
        return [str(problem) for problem in server.problems]


def test_scripts_that_are_made_of_a_blueprint_are_in_order(tmp_path: Path) -> None:
    (tmp_path / "blueprints/script/me").mkdir(parents=True)
    (tmp_path / "blueprints/script/me/say.yaml").write_text(
        "blueprint: {name: Say, domain: script, input: {word: }}\nsequence: {event: said, event_data: {w: !input word}}"
    )

    result = checked(tmp_path, "script: {say: {use_blueprint: {path: me/say.yaml, input: {word: hi, wrd: 1}}}}\n")

    assert not result.errors
    assert [str(one) for one in result.warnings] == [
        "configuration.yaml:1:69: use_blueprint.input.wrd: blueprint me/say.yaml has no input wrd; did you mean 'word'?"
    ]


async def test_a_rule_may_call_whatever_the_running_home_offers(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(EVERYTHING)
    async with running_home(tmp_path) as server:
        offered = [f"{service.domain}.{service.name}" for service in server.home.services.all()]
    calls = "".join(f"    - action: {name}\n" for name in offered)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/calls.yaml").write_text(f"- triggers: []\n  actions:\n{calls}")

    result = await check_configuration(tmp_path)

    assert {"homeassistant.restart", "notify.notify", "notify.shout", "zone.reload", "frontend.set_theme"} < {*offered}
    assert [str(one) for one in result.warnings if "service" in one.message] == []
    assert [one for one in result.waiting if one.position and one.position.path == "rules/calls.yaml"] == []


def test_a_service_that_is_none_is_told_with_one_that_is(tmp_path: Path) -> None:
    result = checked(
        tmp_path,
        "rest_command: {lamp: {url: 'http://lamp.example'}}\n"
        "automation: [{triggers: [], actions: [{action: homeassistant.restrat}, {action: rest_command.lmp}]}]\n",
    )

    assert [one.message for one in result.warnings if "service" in one.message] == [
        "there is no service homeassistant.restrat; did you mean 'homeassistant.restart'?",
        "there is no service rest_command.lmp; did you mean 'rest_command.lamp'?",
    ]


def test_services_in_a_group_of_notify_are_told_by_their_own_names(tmp_path: Path) -> None:
    services = "[{action: persistent_notification}, {action: persistent_notificatoin}]"
    result = checked(
        tmp_path,
        f"persistent_notification:\nnotify: [{{platform: group, name: All, services: {services}}}]\n"
        "automation: [{triggers: [], actions: [{action: notify.all, data: {message: Hello}}]}]\n",
    )

    assert [one.message for one in result.warnings if "service" in one.message] == [
        "there is no service notify.persistent_notificatoin; did you mean 'notify.persistent_notification'?"
    ]


def test_an_attribute_called_action_is_no_service(tmp_path: Path) -> None:
    result = checked(tmp_path, "template: [{sensor: [{name: A, state: '1', attributes: {action: dim}}]}]\n")

    assert result.warnings == []


def test_a_service_of_a_helper_that_is_not_configured_says_so(tmp_path: Path) -> None:
    call = "{action: input_select.select_option, target: {entity_id: light.a}, data: {option: a}}"
    result = checked(tmp_path, f"automation: [{{triggers: [], actions: [{call}]}}]\n")

    assert [one.message for one in result.warnings if "service" in one.message] == [
        "there is no service input_select.select_option: "
        "it comes with the key input_select:, which the configuration does not have"
    ]


def test_a_helper_that_is_wrong_is_left_out_alone(tmp_path: Path) -> None:
    text = "input_boolean: {a: {}, b: {nam: B}, c: }\nzone: [{name: Work}, {name: Pub, latitude: 1, longitude: 2}]\n"
    text += "group: {e: {entities: [light.a]}, f: {nam: F}}\nhttp: {port: 0}\n"

    async def there() -> set[str]:
        async with running_home(tmp_path) as server:
            return {state.entity_id for state in server.home.states}

    result = checked(tmp_path, text)

    assert "configuration.yaml:1:28: input_boolean.b.nam: unknown key; did you mean 'name'?" in map(str, result.errors)
    assert {"input_boolean.a", "input_boolean.c", "zone.pub", "group.e"} <= (found := asyncio.run(there()))
    assert not {"input_boolean.b", "zone.work", "group.f"} & found


def test_a_tariff_that_yaml_took_for_no_is_told(tmp_path: Path) -> None:
    result = checked(tmp_path, "utility_meter: {energy: {source: sensor.a, tariffs: [peak, off]}}\n")

    assert [str(one) for one in result.warnings if "tariff" in str(one)] == [
        "configuration.yaml:1:60: utility_meter.energy.tariffs[1]: the tariff is called False: "
        "YAML reads on, off, yes and no without quotes so; quote them"
    ]


def test_an_item_without_a_platform_is_an_error_here_and_at_the_start(tmp_path: Path) -> None:
    text = "http: {port: 0}\nsensor:\n  - {platform: template, sensors: {}}\n  - plaform: template\n"
    told = "configuration.yaml:4:5: sensor.plaform: unknown key; did you mean 'platform'?"

    result = checked(tmp_path, text)

    assert [str(error) for error in result.errors] == [told]
    assert asyncio.run(told_at_start(tmp_path)) == [told]


WRONG_EVERYWHERE = """
http: {port: 0}
lights_of_mars: {}
logger: {default: shouting}
frontend: {extra_module_url: [/local/none.js], themes: 3}
homeassistant: {customize: {cover.door: {device_class: fridge}}}
counter: {a: {initial: 1}, b: {initial: two}}
sensor: [{plaform: template}]
automation: [{alias: A, triggers: [], actions: [{delay: soon}]}]
script: {go: {sequence: [{delay: soon}]}}
scene: [{name: S, entities: 3}]
template: [{sensor: {name: One}}]
"""


def test_what_a_start_tells_a_check_tells_too(tmp_path: Path) -> None:
    (tmp_path / "custom_templates").mkdir()
    (tmp_path / "custom_templates" / "bad.jinja").write_text("{% macro two( %}2{% endmacro %}")

    result = checked(tmp_path, WRONG_EVERYWHERE)
    told = asyncio.run(told_at_start(tmp_path))

    lines = {text.split(":")[1] for text in told if text.startswith("configuration.yaml")}
    assert lines >= {"3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
    assert {*told} <= {str(one) for one in (*result.errors, *result.warnings)}


NAMES = """
input_boolean: {ab: }
automation:
  - alias: A
    triggers: {trigger: template, value_template: "{{ states('input_boolean.ac') == 'on' and now() }}"}
    conditions: "{{ state('x') or my_own('x') }}"
    actions:
      - variables: {my_own: 1, lamp: "{{ states.input_boolean.ad.state }}"}
      - delay: "{{ is_stat('input_boolean.ab', 'on') | int }}"
  - alias: B
    trigger_variables: {x: "{{ states('input_boolean.ab') }}", y: "{{ 5 | int }}"}
    triggers: []
    actions: []
template:
  - triggers: {trigger: state, entity_id: input_boolean.ae}
    actions: {action: input_boolean.turn_onf, target: {entity_id: input_boolean.ab}}
    sensor: {name: S, state: "{{ 'input_boolean.af' | states }}"}
  - sensor: {name: T, state: "{{ expand('input_boolean.ab', ['input_boolean.ag']) | count }}"}
group:
  all: {entities: [input_boolean.ab, input_boolean.ah]}
  short: input_boolean.ab, input_boolean.ai
scene:
  - {name: Night, entities: {input_boolean.ab: "off", input_boolean.aj: "off"}}
sensor:
  - platform: template
    sensors: {old: {value_template: "{{ 'input_boolean.ak' is is_state('on') }}"}}
  - {platform: none_of_ours, entity_id: input_boolean.al}
"""


def test_names_that_nothing_answers_to_are_found_wherever_they_stand(tmp_path: Path) -> None:
    warnings = checked(tmp_path, NAMES).warnings

    mean = "there is no entity input_boolean.{}; did you mean 'input_boolean.ab'?"
    assert [
        (one.position.line if one.position else 0, one.message) for one in warnings if "none_of" not in one.message
    ] == [
        (5, mean.format("ac")),
        (8, mean.format("ad")),
        (6, "there is no function state; did you mean 'states'?"),
        (9, "there is no function is_stat; did you mean 'is_state'?"),
        (11, "states reads the home; what is rendered here may not"),
        (15, mean.format("ae")),
        (16, "there is no service input_boolean.turn_onf; did you mean 'input_boolean.turn_on'?"),
        (17, mean.format("af")),
        (18, mean.format("ag")),
        (23, mean.format("aj")),
        (20, mean.format("ah")),
        (26, mean.format("ak")),
        (21, mean.format("ai")),
    ]


BROKEN = """
homeassistant:
  name: !secret none
  latitude: north
automation: !include automations.yaml
automation more: !include missing.yaml
script: !include scripts.yaml
input_boolean: !include none.yaml
counter: {a: {initial: !secret x}, b: {initial: two}}
"""


def test_what_cannot_be_read_hides_nothing_else(tmp_path: Path) -> None:
    result = checked(
        tmp_path,
        BROKEN,
        automations="- alias: A\n  triggers: []\n\t- b\n",
        scripts="one: {sequence: [{event: !secret y}]}\ntwo: {sequence: [{delay: soon}]}\nthree: {sequence: []}\n",
    )

    assert sorted(str(error).partition(', "HH')[0] for error in result.errors) == [
        "automations.yaml:3:1: a tab is used for indentation; expected spaces",
        "configuration.yaml:3:9: !secret none: there is no secrets.yaml",
        "configuration.yaml:4:13: homeassistant.latitude: expected a number, got 'north'",
        "configuration.yaml:6:18: !include: there is no file missing.yaml",
        "configuration.yaml:8:16: !include: there is no file none.yaml",
        "configuration.yaml:9:24: !secret x: there is no secrets.yaml",
        "configuration.yaml:9:49: counter.b.initial: expected a whole number, got 'two'",
        "scripts.yaml:1:26: !secret y: there is no secrets.yaml",
        "scripts.yaml:2:26: sequence[0].delay: expected a number of seconds",
    ]


def test_a_file_of_macros_that_is_not_in_order_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "custom_templates").mkdir()
    (tmp_path / "custom_templates" / "good.jinja").write_text("{% macro one() %}1{% endmacro %}")
    (tmp_path / "custom_templates" / "bad.jinja").write_text("{# first #}\n{% macro two( %}2{% endmacro %}")

    errors = [str(error) for error in checked(tmp_path, "").errors]

    assert errors == ["custom_templates/bad.jinja:2:1: expected token 'name', got '%'"]


def test_a_rule_of_a_device_that_is_not_there_is_told_before_the_first_run(tmp_path: Path) -> None:
    rule = """
    - alias: Doorbell
      triggers: {trigger: device, domain: zha, device_id: 82c2f0a3, type: remote_button_short_press}
      actions: []
    """
    result = checked(tmp_path, f"automation:{rule}")

    assert [str(one) for one in result.absent] == [
        "configuration.yaml:3:59: triggers.device_id: there is no device 82c2f0a3"
    ]
    assert result.absent[0] in result.warnings
    assert result.rules_that_fail == {"automation.doorbell"}
