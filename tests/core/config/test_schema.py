"""A tree that does not fit its schema is told about completely, each fault with its place."""

from typing import Any

import pytest
import voluptuous as vol

from inglenook.config.schema import path_text, validate
from inglenook.config.values import ensure_list, entity_id, one_of, positive_duration
from inglenook.config.yaml import loads
from inglenook.errors import ConfigErrors, Position

TRIGGER = vol.Schema(
    {
        vol.Required("trigger"): str,
        vol.Required("entity_id"): entity_id,
        vol.Optional("to"): str,
        vol.Optional("for"): positive_duration,
    }
)
RULE = vol.Schema(
    {
        vol.Optional("alias"): str,
        vol.Optional("mode", default="single"): one_of("single", "restart", "queued", "parallel"),
        vol.Optional("max"): vol.All(int, vol.Range(min=2)),
        vol.Optional("level"): vol.In(["low", "high"]),
        vol.Required("triggers"): vol.All(ensure_list, [TRIGGER]),
        vol.Optional("variables"): {str: object},
    }
)


def faults(text: str, schema: Any = RULE) -> list[str]:
    with pytest.raises(ConfigErrors) as error:
        validate(schema, loads(text, "hall.yaml"))
    return [str(each) for each in error.value.errors]


def test_a_tree_that_fits_comes_out_in_its_final_form() -> None:
    rule = validate(RULE, loads("triggers:\n  trigger: state\n  entity_id: Light.Hall\n  for: '00:01'\n"))

    assert rule == {
        "mode": "single",
        "triggers": [{"trigger": "state", "entity_id": "light.hall", "for": 60.0}],
    }


def test_a_key_that_is_missing_because_it_is_misspelt_is_told_once() -> None:
    assert faults("triggers:\n  - triger: state\n") == [
        "hall.yaml:2:5: triggers[0].triger: unknown key; did you mean 'trigger'?",
        "hall.yaml:2:5: triggers[0].entity_id: this key is required",
    ]


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = "alias: 5\nmode: queue\ntriggers:\n  - trigger: state\n    entity_id: hall\n    to: on\n    for: abc\n"

    assert faults(text) == [
        "hall.yaml:1:8: alias: expected text, got 5",
        "hall.yaml:2:7: mode: expected single, restart, queued or parallel; got 'queue'; did you mean 'queued'?",
        "hall.yaml:5:16: triggers[0].entity_id: expected an entity id like light.hall, got 'hall'",
        'hall.yaml:6:9: triggers[0].to: expected text, got true; quote it: "on"',
        'hall.yaml:7:10: triggers[0].for: expected a number of seconds, "HH:MM", "HH:MM:SS", or a mapping of days, '
        "hours, minutes, seconds, milliseconds; got 'abc'",
    ]


def test_an_unknown_key_is_told_where_it_stands_with_the_nearest_known_one() -> None:
    text = "triggers:\n  - trigger: state\n    entity_id: light.a\n    form: x\nalais: A\n"

    assert faults(text) == [
        "hall.yaml:4:5: triggers[0].form: unknown key; did you mean 'for'?",
        "hall.yaml:5:1: alais: unknown key; did you mean 'alias'?",
    ]


def test_an_unknown_key_like_no_other_is_told_with_what_is_known() -> None:
    assert faults("triggers: []\nzzz: 1") == [
        "hall.yaml:2:1: zzz: unknown key; expected alias, level, max, mode, triggers, variables"
    ]


def test_a_missing_key_is_told_at_the_mapping_that_lacks_it() -> None:
    assert faults("triggers:\n  - entity_id: light.a\n") == ["hall.yaml:2:5: triggers[0].trigger: this key is required"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("triggers: []\nmax: 1", "hall.yaml:2:6: max: expected 2 or more, got 1"),
        ("triggers: []\nmax: x", "hall.yaml:2:6: max: expected a whole number, got 'x'"),
        ("triggers: []\nlevel: mid", "hall.yaml:2:8: level: expected one of ['high', 'low'], got 'mid'"),
        ("triggers: []\nvariables: [1]", "hall.yaml:2:12: variables: expected a mapping, got a list"),
        ("triggers: [5]", "hall.yaml:1:12: triggers[0]: expected a mapping, got 5"),
        ("- 1", "hall.yaml:1:1: expected a mapping, got a list"),
    ],
)
def test_the_sentences_of_voluptuous_say_what_came(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_a_validator_that_says_it_all_is_left_alone() -> None:
    def refuse(value: Any) -> Any:
        raise vol.Invalid("above and below exclude each other")

    assert faults("a: 1", vol.Schema({"a": refuse})) == ["hall.yaml:1:4: a: above and below exclude each other"]


def test_a_fault_in_what_has_no_place_is_told_at_the_place_given() -> None:
    with pytest.raises(ConfigErrors, match=r"hall\.yaml:7: triggers: this key is required"):
        validate(RULE, {}, position=Position("hall.yaml", 7))


def test_a_path_is_written_as_people_write_it() -> None:
    assert path_text(["triggers", 0, "to"]) == "triggers[0].to"
    assert path_text([2, "x"]) == "[2].x"
    assert path_text([]) == ""


def test_a_path_goes_on_from_where_the_tree_stands() -> None:
    with pytest.raises(ConfigErrors, match=r"x\.yaml:1:7: plugins\.hue\.port: expected a whole number, got 'a'"):
        validate({"port": int}, loads("port: a", "x.yaml"), where="plugins.hue")
