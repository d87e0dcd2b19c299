"""Native results and truth."""

import pytest

from inglenook.templates.native import native, parse, truthy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("+5", 5),
        ("-0", 0),
        ("5.", 5.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("0.50", 0.5),
        ("True", True),
        ("None", None),
        ("...", ...),
        ("[1, 'a']", [1, "a"]),
        ("1,2", (1, 2)),
        ("{1, 2}", {1, 2}),
        ("set()", set()),
        ("{'a': [1]}", {"a": [1]}),
        ("b'x'", b"x"),
        ("True, None", (True, None)),
    ],
)
def test_a_text_becomes_what_it_stands_for(text: str, value: object) -> None:
    result = parse(text)

    assert result == value
    assert isinstance(result, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "+", "05", "007", "-01", "1e5", "1_000", "0x10", "1-2", "5 6", "true", "none", "on", '"a"', "'a'",
        "(1)", "1+2j", "Hello, world", "12:30", "2026-03-10", "a,b", "[1, x]", "{", "[" * 5_000, "-" * 90_000 + "1",
        "9" * 5_000, "\u0661\u0662", "(1)(2),", "'\\d',x",
    ],
)  # fmt: skip
def test_any_other_text_stays_a_text(text: str) -> None:
    assert parse(text) == text


def test_a_container_prints_as_the_text_it_was_read_from() -> None:
    for text in ('{"a":1}', "[ 1,2 ]", "1,2", "{ 1 }"):
        assert str(parse(text)) == text


@pytest.mark.parametrize(
    "value", [5.0, 0.0, -0.0, 1e-7, 1e17, 0.1, float("inf"), True, None, 12, "5", " 5 ", [1], (1,)]
)
def test_a_value_gives_what_its_text_would(value: object) -> None:
    assert repr(native(value)) == repr(parse(str(value).strip()))


@pytest.mark.parametrize("result", [True, 1, -0.5, "on", " YES ", "true", "1", "enable"])
def test_the_wide_rule_takes_words_and_numbers_for_true(result: object) -> None:
    assert truthy(result)


@pytest.mark.parametrize("result", [False, 0, 0.0, None, "", "off", "2", "maybe", [1], {"a": 1}, (1,)])
def test_the_wide_rule_takes_all_else_for_false(result: object) -> None:
    assert not truthy(result)
