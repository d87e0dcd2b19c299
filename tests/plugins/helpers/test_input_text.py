"""input_text: lengths, and what comes back."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors

TEXT = "input_text.note"


async def test_a_text_of_a_wrong_length_is_left_out_with_a_warning(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.declare("input_text: {note: {min: 2, max: 4, initial: abc}}")

    await house.call("input_text.set_value", TEXT, value="a")
    await house.call("input_text.set_value", TEXT, value="abcde")

    assert house.state(TEXT) == "abc"
    assert "expected 2 to 4 characters, got 5" in caplog.text


async def test_the_pattern_is_shown_and_not_checked(house: House) -> None:
    await house.declare("input_text: {note: {pattern: '[0-9]+'}}")
    first = house.state(TEXT)

    await house.call("input_text.set_value", TEXT, value=5)
    await house.call("input_text.set_value", TEXT, value="five")

    assert (first, house.state(TEXT)) == ("unknown", "five")
    assert house.attribute(TEXT, "pattern") == "[0-9]+"


@pytest.mark.parametrize(("last", "now"), [("abc", "abc"), ("abcdef", "unknown")])
async def test_its_last_state_comes_back_if_it_still_fits(house: House, last: str, now: str) -> None:
    house.remember(TEXT, last)

    await house.declare("input_text: {note: {max: 4}}")

    assert house.state(TEXT) == now


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{min: 5, max: 4}", "expected max to be min or more, got min 5 and max 4"),
        ("{max: 300}", "expected 1 to 255, got 300"),
        ("{max: 2, initial: abc}", "input_text.note.initial: expected 0 to 2 characters, got 3"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(house: House, settings: str, message: str) -> None:
    with pytest.raises(ConfigErrors) as raised:
        await house.declare(f"input_text:\n  note: {settings}\n")

    assert message in str(raised.value)
