"""The step that waits for a while."""

import pytest
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("2.5", 2.5), ("'30'", 30), ("'00:01'", 60), ("00:00:08", 8), ("{minutes: 1, milliseconds: 500}", 60.5),
        ("'{{ 3 * 2 }}'", 6), ("{minutes: '{{ 2 }}'}", 120), ("\"{{ '00:00:07' }}\"", 7),
    ],
)  # fmt: skip
async def test_every_spelling_of_a_duration(house: RuleHome, delay: str, seconds: float) -> None:
    house.act(f"- delay: {delay}\n- event: hit")

    await house.go()
    await house.advance(seconds - 0.1)
    before = list(house.heard)
    await house.advance(0.1)

    assert (before, house.heard) == ([], [{}])


async def test_a_delay_of_0_does_not_wait(house: RuleHome) -> None:
    house.act("- delay: 0\n- event: hit")

    house.home.bus.fire("go")

    assert house.heard == [{}]


@pytest.mark.parametrize("delay", ["'{{ none }}'", "\"{{ 'soon' }}\"", "'{{ -5 }}'", "'{{ 1 / 0 }}'"])
async def test_a_template_that_gives_no_duration_ends_the_run_whatever_happens(
    house: RuleHome, caplog: pytest.LogCaptureFixture, delay: str
) -> None:
    house.act(f"- {{delay: {delay}, continue_on_error: true}}\n- event: hit")

    await house.go()
    await house.advance(100)

    assert house.heard == []
    assert "rule Rule ends at action/0 (rules.yaml:4:7): duration" in caplog.text


@pytest.mark.parametrize("delay", ["abc", "", "[5]", "{}", "-5", "{minute: 5}"])
def test_what_is_no_duration_is_refused(house: RuleHome, delay: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [{{delay: {delay}}}]}}")


async def test_a_template_in_a_unit_that_gives_no_number_is_told_in_words(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- delay: {seconds: \"{{ 'x' }}\"}")

    await house.go()

    assert "duration: seconds: expected a number, got 'x', from seconds: {{ 'x' }}" in caplog.text
    assert "@ data" not in caplog.text
