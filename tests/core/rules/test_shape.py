"""Shapes: what the keys of a mapping must be."""

import pytest
import voluptuous as vol

from inglenook.config.values import integer, text
from inglenook.rules.shape import Shape, anything, at_least_one, each, lifted, not_both, switch

SHAPE = Shape(
    {vol.Required("name"): text, vol.Optional("size", default=3): integer, "items": each(integer)},
    spelled={"title": "name"},
)


def messages(shape: object, value: object) -> list[str]:
    assert callable(shape)
    with pytest.raises(vol.Invalid) as caught:
        shape(value)
    error = caught.value
    errors = error.errors if isinstance(error, vol.MultipleInvalid) else [error]
    return [".".join(map(str, [*one.path, one.msg])) for one in errors]


def test_values_take_their_final_form_and_defaults_are_put_in() -> None:
    result = SHAPE({"title": "a", "items": "7"})

    assert result == {"name": "a", "size": 3, "items": [7]}
    assert result.raw == {"title": "a", "items": "7"}


def test_every_error_is_found_at_once() -> None:
    assert messages(SHAPE, {"size": "x", "itms": 1, "items": [1, "y", "z"]}) == [
        "size.expected a whole number, got 'x'",
        "itms.unknown key; did you mean 'items'?",
        "items.1.expected a whole number, got 'y'",
        "items.2.expected a whole number, got 'z'",
        "name.this key is required",
    ]


def test_what_an_unknown_key_holds_that_looks_like_a_required_one_is_looked_at() -> None:
    shape = Shape({vol.Required("sequence"): each(integer), "size": integer})

    assert messages(shape, {"sequnce": [1, "x"]}) == [
        "sequnce.unknown key; did you mean 'sequence'?",
        "sequnce.1.expected a whole number, got 'x'",
    ]
    assert messages(shape, {"sequnce": [1], "sequence": [2]}) == ["sequnce.unknown key; did you mean 'sequence'?"]


def test_a_shape_stands_in_a_schema_and_holds_one() -> None:
    outer = vol.Schema({"inner": SHAPE})
    holder = Shape({"value": vol.Schema({"n": int})})

    assert outer({"inner": {"name": "a"}})["inner"]["name"] == "a"
    assert messages(outer, {"inner": {}}) == ["inner.name.this key is required"]
    assert messages(holder, {"value": {"n": "x"}}) == ["value.n.expected int"]


def test_checks_across_keys_come_when_each_key_is_right() -> None:
    shape = Shape({"a": integer, "b": integer, "c": anything}, checks=[at_least_one("a", "b"), not_both("a", "b")])

    assert messages(shape, {"c": 1}) == ["expected at least one of a, b"]
    assert messages(shape, {"a": 1, "b": 2}) == ["b.a and b exclude each other"]
    assert messages(shape, {"a": "x", "b": 2}) == ["a.expected a whole number, got 'x'"]


def test_checks_that_come_always_see_what_is_right() -> None:
    shape = Shape({"a": integer, "b": integer, "c": anything}, always=[not_both("a", "b")], checks=[at_least_one("c")])

    assert messages(shape, {"a": 1, "b": 2, "d": 3}) == ["d.unknown key", "b.a and b exclude each other"]
    assert messages(shape, {"a": 1, "b": 2}) == ["b.a and b exclude each other", "expected at least one of c"]
    assert messages(shape, {"a": "x", "b": 2}) == ["a.expected a whole number, got 'x'"]


def test_options_are_taken_as_if_they_stood_beside() -> None:
    shape = lifted(SHAPE)

    assert shape({"name": "a", "options": {"size": 5}})["size"] == 5
    assert messages(shape, {"name": "a", "options": {"size": "x"}}) == ["options.size.expected a whole number, got 'x'"]


@pytest.mark.parametrize(("value", "expected"), [("off", False), (True, True), (7, True), ("maybe", "maybe")])
def test_a_switch_is_a_word_or_a_template(value: object, expected: object) -> None:
    assert switch(value) == expected


def test_a_key_that_is_no_text_is_unknown() -> None:
    assert messages(SHAPE, {"name": "a", True: 1}) == ["True.unknown key"]
