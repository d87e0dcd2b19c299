"""Patterns come from devices: a wrong or slow one costs nobody anything."""

import logging

import pytest

from inglenook.entities.pattern import allows


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\d{4}$", "1234", True),
        (r"^\d{4}$", "12345", False),
        (r"[a-z]+@[a-z]+", "ann@home", True),
        (r"[a-z]+@[a-z]+", "ann", False),
        (r"abc", "xabc", False),
    ],
)
def test_a_text_has_to_match_from_its_beginning(pattern: str, text: str, expected: bool) -> None:
    assert allows(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)*$", "a*a*a*a*a*b", "(?:a{1,9}){9}$", "a{1,99}a{1,99}a{1,99}b", "a" * 201]
)
def test_a_pattern_that_could_take_long_is_not_tried(pattern: str) -> None:
    assert allows(pattern, "a" * 255 + "!")


def test_a_pattern_that_is_none_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    assert allows("([a-z", "whatever")
    assert allows("([a-z", "whatever else")

    assert [record.getMessage() for record in caplog.records] == [
        "pattern '([a-z' is no regular expression (unterminated character set at position 1); it is left to the device"
    ]
