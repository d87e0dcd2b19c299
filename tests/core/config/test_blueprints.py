"""Blueprints: rules with blanks, filled in by the rules that use them."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from inglenook.config.blueprints import Blueprints
from inglenook.config.trees import position_of, start_of
from inglenook.config.yaml import load, loads
from inglenook.errors import ConfigErrors

MOTION = """
blueprint:
  name: Motion
  domain: automation
  input:
    motion: null
    times:
      name: Times
      input:
        wait: {default: 5, selector: {number: {min: 0}}}
        lights: {default: {entity_id: light.all}}
mode: restart
triggers:
  - {trigger: state, entity_id: !input motion}
actions:
  - {action: light.turn_on, target: !input lights}
  - delay: !input wait
"""


@pytest.fixture
def blueprints(tmp_path: Path) -> Blueprints:
    write(tmp_path, "me/motion.yaml", MOTION)
    return Blueprints(tmp_path)


def write(folder: Path, name: str, text: str, domain: str = "automation") -> Path:
    path = folder / "blueprints" / domain / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def use(text: str) -> Any:
    return loads(textwrap.dedent(text), "rules.yaml")


def errors(blueprints: Blueprints, text: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        blueprints.expand("automation", use(text))
    return [str(error) for error in caught.value.errors]


def faults(folder: Path, blueprint: str) -> list[str]:
    """Return what is wrong with a blueprint that is used."""
    write(folder, "me/x.yaml", textwrap.dedent(blueprint))
    return errors(Blueprints(folder), "use_blueprint: {path: me/x.yaml}")


# -- expanding --------------------------------------------------------------------------------------------------------


def test_inputs_and_defaults_are_filled_in_at_any_depth(blueprints: Blueprints) -> None:
    raw = use("{id: '1', use_blueprint: {path: me/motion.yaml, input: {motion: [binary_sensor.a], wait: 9}}}")

    rule = blueprints.expand("automation", raw)

    assert rule == {
        "id": "1",
        "mode": "restart",
        "triggers": [{"trigger": "state", "entity_id": ["binary_sensor.a"]}],
        "actions": [{"action": "light.turn_on", "target": {"entity_id": "light.all"}}, {"delay": 9}],
    }


def test_what_stands_beside_it_replaces_what_the_blueprint_says(blueprints: Blueprints) -> None:
    raw = use("{use_blueprint: {path: me/motion.yaml, input: {motion: a.b}}, mode: single, actions: []}")

    rule = blueprints.expand("automation", raw)

    assert (rule["mode"], rule["actions"]) == ("single", [])


def test_an_input_of_null_is_null_and_an_unknown_one_has_no_effect(blueprints: Blueprints) -> None:
    raw = use("{use_blueprint: {path: me/motion.yaml, input: {motion: a.b, wait: null, nope: 1}}}")

    assert blueprints.expand("automation", raw)["actions"][1] == {"delay": None}


def test_one_that_uses_none_comes_back_as_it_is(blueprints: Blueprints) -> None:
    raw = use("{triggers: []}")

    assert blueprints.expand("automation", raw) is raw


def test_every_value_keeps_its_place(blueprints: Blueprints) -> None:
    raw = use(
        """
        alias: Hall
        use_blueprint:
          path: me/motion.yaml
          input:
            motion: Nothing
            lights:
              entity_id: Nobody
        """
    )

    rule = blueprints.expand("automation", raw)

    assert str(start_of(rule)) == "rules.yaml:2:1"
    assert str(position_of(rule, ["triggers", 0, "entity_id"])) == "rules.yaml:6:13"
    assert str(position_of(rule, ["actions", 0, "target", "entity_id"])) == "rules.yaml:8:18"
    assert str(position_of(rule, ["actions", 0])) == "blueprints/automation/me/motion.yaml:16:5"
    assert str(position_of(rule, ["actions", 1, "delay"])) == "blueprints/automation/me/motion.yaml:17:12"
    assert str(position_of(rule, ["alias"])) == "rules.yaml:2:8"


def test_a_rule_without_a_place_in_a_file_is_expanded_too(blueprints: Blueprints) -> None:
    rule = blueprints.expand("automation", {"use_blueprint": {"path": "me/motion.yaml", "input": {"motion": "a.b"}}})

    assert rule["triggers"] == [{"trigger": "state", "entity_id": "a.b"}]


def test_a_text_that_looks_like_an_input_is_text(tmp_path: Path) -> None:
    write(tmp_path, "me/x.yaml", "blueprint: {name: X, domain: automation}\nactions: [{event: '!input wait'}]\n")

    rule = Blueprints(tmp_path).expand("automation", use("use_blueprint: {path: me/x.yaml}"))

    assert rule == {"actions": [{"event": "!input wait"}]}


def test_a_changed_file_is_read_again(blueprints: Blueprints, tmp_path: Path) -> None:
    raw = use("{use_blueprint: {path: me/motion.yaml, input: {motion: a.b}}}")
    before = blueprints.expand("automation", raw)["actions"][1]

    write(tmp_path, "me/motion.yaml", MOTION.replace("default: 5", "default: 66"))

    assert (before, blueprints.expand("automation", raw)["actions"][1]) == ({"delay": 5}, {"delay": 66})


def test_its_files_are_those_it_includes_too(tmp_path: Path) -> None:
    path = write(tmp_path, "me/x.yaml", "blueprint: {name: X, domain: automation}\nactions: !include y.inc\n")
    other = write(tmp_path, "me/y.inc", "[{event: y}]")
    blueprints, raw = Blueprints(tmp_path), use("use_blueprint: {path: me/x.yaml}")

    assert blueprints.files("automation", raw) == {path, other}
    assert blueprints.files("automation", use("{triggers: []}")) == frozenset()
    assert blueprints.expand("automation", raw) == {"actions": [{"event": "y"}]}


# -- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("use_blueprint: {path: me/motion.yaml}", "blueprint me/motion.yaml needs a value for motion"),
        (
            "use_blueprint: {path: me/motion.yaml, input: {moton: a.b}}",
            "rules.yaml:1:46: use_blueprint.input: blueprint me/motion.yaml needs a value for motion; "
            "did you mean 'motion'?",
        ),
        (
            "use_blueprint: {path: me/none.yaml}",
            "rules.yaml:1:23: use_blueprint.path: there is no blueprint me/none.yaml in blueprints/automation",
        ),
        ("use_blueprint: {path: ../script/x.yaml}", "expected a file like author/name.yaml in automation"),
        ("use_blueprint: {path: /etc/passwd}", "expected a file like author/name.yaml in automation"),
        ("use_blueprint: {path: me/motion.yml}", "expected a file like author/name.yaml in automation"),
        ("use_blueprint: {input: {}}", "rules.yaml:1:16: use_blueprint.path: this key is required"),
        (
            "use_blueprint: {path: a.yaml, inputs: {}}",
            "rules.yaml:1:31: use_blueprint.inputs: unknown key; did you mean 'input'?",
        ),
        (
            "use_blueprint: {path: me/moton.yaml}",
            "there is no blueprint me/moton.yaml in blueprints/automation; did you mean 'me/motion.yaml'?",
        ),
        (
            "{alias: A, use_bluprint: {path: me/motion.yaml, input: {motion: a.b}}}",
            "rules.yaml:1:12: use_bluprint: unknown key; did you mean 'use_blueprint'?",
        ),
        ("use_blueprint: me/motion.yaml", "rules.yaml:1:16: use_blueprint: expected"),
    ],
)
def test_a_use_that_is_not_in_order_is_told_with_its_place(blueprints: Blueprints, text: str, error: str) -> None:
    (found,) = errors(blueprints, text)

    assert error in found


def test_what_is_wrong_with_a_use_that_is_misspelt_is_told_too(blueprints: Blueprints) -> None:
    assert errors(blueprints, "use_bluprint: {path: me/motion.yaml, inputs: {}}") == [
        "rules.yaml:1:1: use_bluprint: unknown key; did you mean 'use_blueprint'?",
        "rules.yaml:1:38: use_blueprint.inputs: unknown key; did you mean 'input'?",
    ]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(MOTION)
    home = tmp_path / "home"
    write(home, "me/x.yaml", "")
    (home / "blueprints/automation/me/x.yaml").unlink()
    (home / "blueprints/automation/me/x.yaml").symlink_to(outside)

    (found,) = errors(Blueprints(home), "use_blueprint: {path: me/x.yaml}")

    assert "expected a file like author/name.yaml" in found


def test_a_blueprint_of_another_domain_is_refused(blueprints: Blueprints, tmp_path: Path) -> None:
    write(tmp_path, "me/motion.yaml", MOTION, "script")

    with pytest.raises(ConfigErrors, match=r"me/motion\.yaml is one for the domain automation, not script"):
        blueprints.expand("script", use("{use_blueprint: {path: me/motion.yaml, input: {motion: a.b}}}"))


@pytest.mark.parametrize(
    ("blueprint", "error"),
    [
        ("{actions: []}", "blueprints/automation/me/x.yaml:1:1: this is no blueprint: expected a key 'blueprint'"),
        ("blueprint: {domain: automation}", "1:12: blueprint.name: this key is required"),
        ("blueprint: {name: X}", "blueprint.domain: this key is required"),
        ("blueprint: {name: X, domain: automation, color: red}", "1:49: blueprint.color: unknown key"),
        (
            "blueprint: {name: X, domain: automation, homeassistant: {min_version: '2024'}}",
            "blueprint.homeassistant.min_version: expected a version",
        ),
        (
            "blueprint: {name: X, domain: automation, input: {a: {selector: {entitty: }}}}",
            "blueprint.input.a.selector.entitty: there is no selector 'entitty'; did you mean 'entity'?",
        ),
        (
            "blueprint: {name: X, domain: automation, input: {a: {}, s: {input: {a: {}}}}}",
            "there are two inputs a",
        ),
        (
            "blueprint: {name: X, domain: automation, input: {wait: {}}}\nactions: [{delay: !input wiat}]",
            "2:19: actions[0].delay: there is no input wiat; did you mean 'wait'?",
        ),
        ("blueprint: {name: X, domain: automation}\nactions: !include x.yaml", "the file includes itself"),
        ("blueprint: {name: [", "blueprints/automation/me/x.yaml:1:"),
    ],
)
def test_a_blueprint_that_is_not_in_order_is_told_with_its_place(tmp_path: Path, blueprint: str, error: str) -> None:
    assert error in faults(tmp_path, blueprint)[0]


# -- the guide --------------------------------------------------------------------------------------------------------


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "blueprints.md").read_text(encoding="utf-8")
    for text in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL):
        path = tmp_path / text.partition("\n")[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    (raw,) = load(tmp_path / "rules/hall.yaml").tree
    rule = Blueprints(tmp_path).expand("automation", raw)

    assert rule["triggers"] == [{"trigger": "state", "entity_id": "binary_sensor.hall", "to": "on"}]
    assert (rule["variables"], rule["mode"]) == ({"seconds": 60}, "restart")


# -- inputs that are visible at times ---------------------------------------------------------------------------------

TIMES = """
blueprint:
  name: Times
  domain: automation
  input:
    mode: {default: sun}
    at: {visible: {field: mode, value: clock}}
    offset: {default: 5, visible: [{field: mode, operator: in, value: [sun, moon]}]}
    days:
      visible: {condition: not, conditions: [{field: at, operator: not_exists}]}
      input:
        weekday: {default: mon}
triggers: [{trigger: x, at: !input at, offset: !input offset, weekday: !input weekday}]
actions: []
"""


@pytest.mark.parametrize(
    ("given", "trigger"),
    [
        ("{}", {"at": None, "offset": 5, "weekday": "mon"}),
        ("{at: 7, offset: 9, weekday: tue}", {"at": None, "offset": 9, "weekday": "mon"}),
        ("{mode: clock, at: 7, offset: 9, weekday: tue}", {"at": 7, "offset": 5, "weekday": "tue"}),
        ("{mode: moon, offset: 9}", {"at": None, "offset": 9, "weekday": "mon"}),
    ],
)
def test_what_is_given_to_a_hidden_input_has_no_effect(tmp_path: Path, given: str, trigger: dict[str, Any]) -> None:
    write(tmp_path, "me/x.yaml", TIMES)

    rule = Blueprints(tmp_path).expand("automation", use(f"use_blueprint: {{path: me/x.yaml, input: {given}}}"))

    assert rule["triggers"] == [{"trigger": "x", **trigger}]


def test_an_input_that_becomes_visible_is_needed(tmp_path: Path) -> None:
    write(tmp_path, "me/x.yaml", TIMES)

    (error,) = errors(Blueprints(tmp_path), "use_blueprint: {path: me/x.yaml, input: {mode: clock}}")

    assert error.endswith("blueprint me/x.yaml needs a value for at")


@pytest.mark.parametrize(
    ("operator", "value", "is_visible"),
    [
        ("eq", "5", True), ("eq", "true", False), ("not_eq", "5", False), ("not_eq", "6", True), ("in", "[4, 5]", True),
        ("not_in", "[4, 5]", False), ("exists", "1", True), ("not_exists", "1", False),
    ],
)  # fmt: skip
def test_inputs_are_compared(tmp_path: Path, operator: str, value: str, is_visible: bool) -> None:
    condition = f"{{field: a, operator: {operator}, value: {value}}}"
    inputs = f"input: {{a: {{default: 5}}, b: {{default: no, visible: {condition}}}}}"
    write(tmp_path, "me/x.yaml", f"blueprint: {{name: X, domain: automation, {inputs}}}\nb: !input b\n")

    rule = Blueprints(tmp_path).expand("automation", use("use_blueprint: {path: me/x.yaml, input: {b: given}}"))

    assert (rule["b"] == "given") == is_visible


@pytest.mark.parametrize(
    ("visible", "error"),
    [
        ("5", "visible: expected true, false, a mapping with a field, or one with a condition; got 5"),
        ("{feld: a}", "visible: expected true, false, a mapping with a field"),
        ("{field: a, valu: 5}", "visible.valu: unknown key; did you mean 'value'?"),
        ("{field: a, operator: is, value: 5}", "visible.operator: expected one of eq, not_eq"),
        ("{field: a, operator: in, value: 5}", "visible.value: expected a list for in, got 5"),
        ("{field: a}", "visible: eq needs a value"),
        ("{field: [a], value: 5}", "visible.field: expected the name of an input"),
        ("{condition: xor, conditions: []}", "visible.condition: expected one of and, or, not"),
        ("{condition: or}", "visible.conditions: expected a list of conditions"),
        ("[true, {condition: and, conditions: [5]}]", "visible[0]: expected true, false"),
        ("[{condition: and, conditions: [5]}]", "visible[0].conditions[0]: expected true, false"),
        ("{field: b, value: 5}", "visible of a: there is no input b"),
    ],
)
def test_what_visible_cannot_be_is_told(tmp_path: Path, visible: str, error: str) -> None:
    (found,) = faults(tmp_path, f"blueprint: {{name: X, domain: automation, input: {{a: {{visible: {visible}}}}}}}\n")

    assert found.startswith("blueprints/automation/me/x.yaml:1:")
    assert error in found


def test_a_blueprint_may_say_where_it_fits(tmp_path: Path) -> None:
    write(
        tmp_path,
        "me/x.yaml",
        "blueprint: {name: X, domain: automation, discovery: [{entity: {domain: light}}]}\na: 1\n",
    )

    assert Blueprints(tmp_path).expand("automation", use("use_blueprint: {path: me/x.yaml}")) == {"a": 1}
