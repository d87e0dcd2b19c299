"""What is legal in a rule and never does what it says."""

import pytest
from tests.core.rules.house import RuleHome

from inglenook.rules import Names

LIMIT = "{trigger: temperature.crossed_threshold, target: {area_id: a}, options: {threshold: {type: "


def told(house: RuleHome, text: str) -> list[str]:
    """Return the warnings of a rule, each without the file's name."""
    missing = [f"  {key}: []\n" for key in ("triggers", "actions") if f"{key}:" not in text]
    house.load(f"- alias: Rule\n  {text}\n{''.join(missing)}")
    names = Names(house.home, domains=frozenset(), units={"input_number.bare": "", "input_number.warm": "°C"})
    return [str(one).partition(":")[2] for one in house.engine.lint(names)]


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (
            "{trigger: light.turned_on, target: {entity_id: [light.a, switch.x]}}",
            "2:61: triggers[0].target.entity_id: light.turned_on looks at light alone, never at switch.x",
        ),
        (
            f"{LIMIT}between, value_min: {{number: 30}}, value_max: {{number: 20}}}}}}}}",
            "2:125: triggers[0].options.threshold.value_min: 30 is above value_max, 20: nothing is between",
        ),
        (
            f"{LIMIT}above, value: {{entity: input_number.bare}}}}}}}}",
            "2:128: triggers[0].options.threshold.value.entity: input_number.bare has no unit_of_measurement; "
            "expected °C, °F or K, so nothing is ever compared with it",
        ),
        (
            "{trigger: template, value_template: is_state('light.a')}",
            "2:50: triggers[0].value_template: this is a text, not a template: "
            '"is_state(\'light.a\')" stays as it is; write "{{ … }}"',
        ),
    ],
)
def test_a_trigger_that_can_never_fire_is_told(house: RuleHome, trigger: str, expected: str) -> None:
    assert told(house, f"triggers: [{trigger}]") == [expected]


@pytest.mark.parametrize(
    "trigger",
    [
        "{trigger: light.turned_on, target: {entity_id: light.a}}",
        f"{LIMIT}above, value: {{entity: input_number.warm}}}}}}}}",
        f"{LIMIT}above, value: {{entity: sensor.nobody_knows}}}}}}}}",
        f"{LIMIT}between, value_min: {{number: 30}}, value_max: {{number: 40}}}}}}}}",
        f"{LIMIT}between, value_min: {{number: 30}}, value_max: {{number: 100, unit_of_measurement: °F}}}}}}}}",
        "{trigger: template, value_template: \"{{ is_state('light.a', 'on') }}\"}",
        "{trigger: numeric_state, entity_id: light.a, above: 3, value_template: '{{ 5 }}'}",
    ],
)
def test_one_that_can_is_not(house: RuleHome, trigger: str) -> None:
    assert told(house, f"triggers: [{trigger}]") == []


def test_conditions_and_waits_are_looked_at_too(house: RuleHome) -> None:
    found = told(
        house,
        "conditions:\n"
        "    - {condition: light.is_on, target: {entity_id: switch.x}}\n"
        "    - {condition: template, value_template: 'true'}\n"
        "    - {condition: template, value_template: trigger.id == 5}\n"
        "  actions:\n"
        "    - wait_template: is_state('light.a')\n"
        "    - {variables: {value_template: it is text}}",
    )

    assert [one.partition(": ")[0] for one in found] == ["3:52", "5:45", "7:22"]


@pytest.mark.parametrize("key", ["behavior: first", "for: 5"])
def test_a_key_that_belongs_under_options_is_told_so(house: RuleHome, key: str) -> None:
    text = f"triggers: {{trigger: light.turned_on, target: {{entity_id: light.a}}, {key}}}"

    (error,) = house.errors(f"{{alias: Rule, {text}, actions: []}}")

    assert error.endswith("unknown key; it belongs under options")
