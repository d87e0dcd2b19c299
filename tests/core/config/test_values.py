"""Each value type takes what the dialect takes, and says clearly what it does not."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
import voluptuous as vol

from inglenook.config import values


@pytest.mark.parametrize(
    ("validate", "given", "expected"),
    [
        (values.boolean, " Enable ", True),
        (values.boolean, "0", False),
        (values.boolean, 7, True),
        (values.string, 5, "5"),
        (values.string, True, "True"),
        (values.text, "on", "on"),
        (values.icon, "mdi:lamp", "mdi:lamp"),
        (values.slug, "hall_2", "hall_2"),
        (values.slug, 12, "12"),
        (values.entity_id, "Light.Hall", "light.hall"),
        (values.entity_id_or_hex, "0123456789abcdef0123456789ABCDEF", "0123456789abcdef0123456789abcdef"),
        (values.entity_ids, "light.a, Light.B", ["light.a", "light.b"]),
        (values.entity_ids, ["light.a"], ["light.a"]),
        (values.entity_ids, [], []),
        (values.entity_domain("light", "switch"), "switch.a", "switch.a"),
        (values.service_name, "Light.Turn_On", "light.turn_on"),
        (values.service_name, "light.{{ x }}", "light.{{ x }}"),
        (values.float_, "1.5", 1.5),
        (values.positive_int, "7", 7),
        (values.positive_int, 2.9, 2),
        (values.percentage, "100", 100),
        (values.byte, 255, 255),
        (values.time_of_day, "7:30", time(7, 30)),
        (values.time_of_day, "07:30:15", time(7, 30, 15)),
        (values.duration, 90, 90.0),
        (values.duration, "1.5", 1.5),
        (values.duration, "01:30", 5400.0),
        (values.duration, "-00:00:05", -5.0),
        (values.duration, "+0:01:00.5", 60.5),
        (values.duration, {"minutes": "1", "milliseconds": 250}, 60.25),
        (values.weekdays, "mon", ("mon",)),
        (values.weekdays, ["sat", "sun"], ("sat", "sun")),
        (values.ensure_list, None, []),
        (values.ensure_list, 0, [0]),
        (values.one_of("single", "queued"), "queued", "queued"),
    ],
)
def test_a_value_type_returns_the_final_form(validate: Callable[[Any], Any], given: Any, expected: Any) -> None:
    result = validate(given)

    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("validate", "given", "message"),
    [
        (values.boolean, "maybe", "expected true or false, got 'maybe'"),
        (values.boolean, None, "expected true or false, got null"),
        (values.string, None, "expected text, got null"),
        (values.string, {"a": 1}, "expected text, got a mapping"),
        (values.text, True, 'expected text, got true; quote it: "on" or "off"'),
        (values.text, 5, 'expected text, got 5; quote it: "5"'),
        (values.icon, "lamp", "expected an icon like mdi:lamp, got 'lamp'"),
        (values.slug, "a__b", "expected a name of a-z, 0-9 and single _ inside, got 'a__b'"),
        (values.entity_id, "light._a", "expected an entity id like light.hall, got 'light._a'"),
        (values.entity_id, "light.a\n", "expected an entity id like light.hall, got 'light.a\\n'"),
        (values.entity_ids, "light.a,", "expected an entity id like light.hall, got ''"),
        (values.entity_domain("light"), "switch.a", "expected an entity of light, got 'switch.a'"),
        (values.service_name, "turn_on", "expected a service like light.turn_on, got 'turn_on'"),
        (values.float_, "nan", "expected a number, got 'nan'"),
        (values.positive_int, -1, "expected 0 or more, got -1"),
        (values.positive_int, "1.5", "expected a whole number, got '1.5'"),
        (values.byte, 256, "expected 0 to 255, got 256"),
        (
            values.time_of_day,
            750,
            'expected a time like "07:30" or "07:30:15", got 750 '
            "(YAML reads an unquoted 12:30 as the number 750; quote it)",
        ),
        (values.time_of_day, "24:00", 'expected a time like "07:30" or "07:30:15", got \'24:00\''),
        (values.duration, "1:2:3:4", 'expected "HH:MM" or "HH:MM:SS", got \'1:2:3:4\''),
        (values.positive_duration, -5, "expected a duration of 0 or more, got -5"),
        (values.one_of("single", "queued"), "queue", "expected single or queued; got 'queue'; did you mean 'queued'?"),
        (values.one_of("a", "b"), ["a"], "expected a or b; got a list"),
    ],
)
def test_a_refusal_says_what_came_and_what_was_expected(
    validate: Callable[[Any], Any], given: Any, message: str
) -> None:
    with pytest.raises(vol.Invalid) as refusal:
        validate(given)

    assert values.error_text(refusal.value) == message


@pytest.mark.parametrize("given", [None, True, "abc", [5], {}, "inf", {"minute": 5}, {"minutes": "x"}])
def test_what_is_no_duration_is_refused(given: Any) -> None:
    with pytest.raises(vol.Invalid):
        values.duration(given)


def test_an_error_inside_a_list_or_mapping_says_where() -> None:
    with pytest.raises(vol.MultipleInvalid) as days:
        values.weekdays(["mon", "tues", "noday"])
    with pytest.raises(vol.Invalid) as unit:
        values.duration({"minute": 5})

    assert [error.path for error in days.value.errors] == [[1], [2]]
    assert unit.value.path == ["minute"]
    assert "did you mean 'minutes'?" in str(unit.value)


@pytest.mark.parametrize(("given", "expected"), [("{{ x }}", True), ("{# x #}", True), ("{ x }", False), (5, False)])
def test_only_text_with_a_delimiter_is_a_template(given: Any, expected: bool) -> None:
    assert values.is_template(given) is expected


def test_the_words_of_voluptuous_are_reworded() -> None:
    schema = vol.Schema({vol.Required("a"): int})

    with pytest.raises(vol.Invalid) as extra:
        schema({"a": 1, "b": 2})
    with pytest.raises(vol.Invalid) as missing:
        schema({})

    assert values.error_text(extra.value) == "unknown key"
    assert values.error_text(missing.value) == "this key is required"


def test_long_values_are_cut_in_messages() -> None:
    assert values.shown("x" * 100) == f"'{'x' * 56}…"
