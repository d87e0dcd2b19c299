"""What a rule names and nothing answers to."""

import pytest
from tests.core.rules.house import RuleHome

from inglenook.config.yaml import loads
from inglenook.registry import DeviceEntry
from inglenook.rules import Names

RULE = """
- alias: Rule
  triggers: [{trigger: state, entity_id: "light.hal, light.hall"}]
  actions:
    - {action: light.turn_onn, target: {entity_id: [all, sensor.a], area_id: kitchn, label_id: "{{ l }}"}}
    - {action: other.thing, target: {device_id: [lamp, lmp]}}
    - {action: "{{ x }}"}
"""


def warnings(house: RuleHome, names: Names) -> list[str]:
    house.load(RULE)
    return [str(warning) for warning in house.engine.lint(names)]


def test_a_home_that_has_run_knows_all_names(house: RuleHome) -> None:
    house.home.states.set("light.hall", "on")
    house.home.registry.ensure_area("Kitchen")
    house.home.registry.devices.add(DeviceEntry("lamp"))

    found = warnings(house, Names(house.home, declared=["sensor.a"]))

    assert found == [
        "rules.yaml:3:42: triggers[0].entity_id: there is no entity light.hal; did you mean 'light.hall'?",
        "rules.yaml:5:16: actions[0].action: there is no service light.turn_onn; did you mean 'light.turn_on'?",
        "rules.yaml:5:78: actions[0].target.area_id: there is no area kitchn; did you mean 'kitchen'?",
        "rules.yaml:6:49: actions[1].target.device_id: there is no device lmp; did you mean 'lamp'?",
    ]


def test_before_it_has_run_only_what_is_declared_is_known(house: RuleHome) -> None:
    found = warnings(house, Names(house.home, declared=["sensor.b"], domains=frozenset({"sensor"})))

    assert found == [
        "rules.yaml:5:16: actions[0].action: there is no service light.turn_onn; did you mean 'light.turn_on'?",
        "rules.yaml:5:52: actions[0].target.entity_id: there is no entity sensor.a; did you mean 'sensor.b'?",
    ]


@pytest.mark.parametrize(("service", "is_told"), [("ligth.turn_on", True), ("plugin.thing", False)])
def test_a_service_of_an_unknown_domain_is_told_only_if_it_looks_misspelled(
    house: RuleHome, service: str, is_told: bool
) -> None:
    house.act(f"- action: {service}")

    assert bool(house.engine.lint(Names(house.home))) is is_told


@pytest.mark.parametrize(
    ("service", "hint"),
    [
        ("input_select.select_option", ""),
        ("zwave_js.set_value", ""),
        ("number.set_valeu", "; did you mean 'number.set_value'?"),
        ("nmber.set_value", "; did you mean 'number.set_value'?"),
    ],
)
def test_a_service_is_advised_in_its_own_domain_or_in_one_of_nearly_its_name(
    house: RuleHome, service: str, hint: str
) -> None:
    for domain, name in (("select", "select_option"), ("date", "set_value"), ("number", "set_value")):
        house.home.services.register(domain, name, lambda _: None)
    house.act(f"- action: {service}")

    told = "".join(str(one) for one in house.engine.lint(Names(house.home)))

    assert told.partition(service)[2] == hint


@pytest.mark.parametrize(
    "text",
    [
        "fields: {action: {example: {action: dim}}}\n  sequence: []",
        "sequence: [{event: clicked, event_data: {action: click}}]",
        "sequence: [{action: light.turn_on, data: {actions: [{action: URI}], service: dim}}]",
        "sequence: [{variables: {action: light.dim}}]",
    ],
)
def test_a_key_action_that_calls_nothing_is_no_service(house: RuleHome, text: str) -> None:
    house.home.services.register("light", "turn_on", lambda _: None)
    script = house.engine.check_script(loads(f"script:\n  {text}")["script"])
    house.engine.scripts.swap("scripts", {"s": script})

    assert house.engine.lint(Names(house.home)) == []


@pytest.mark.parametrize(("scene", "is_told"), [("scene.before", False), ("scene.evning", True)])
def test_a_scene_that_a_rule_may_make_is_told_only_if_it_looks_misspelled(
    house: RuleHome, scene: str, is_told: bool
) -> None:
    house.act(f"- scene: scene.x\n- {{action: scene.turn_on, target: {{entity_id: {scene}}}}}")
    house.home.services.register("scene", "turn_on", lambda _: None)

    assert bool(house.engine.lint(Names(house.home, declared=["scene.evening"]))) is is_told


def test_the_names_in_a_script_count_too(house: RuleHome) -> None:
    script = house.engine.check_script({"sequence": [{"action": "light.turn_on", "entity_id": "light.none"}]})
    house.engine.scripts.swap("scripts", {"s": script})

    (warning,) = house.engine.lint(Names(house.home))

    assert str(warning) == "sequence[0].entity_id: there is no entity light.none"
