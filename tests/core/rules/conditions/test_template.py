"""The condition that is a template."""

import pytest
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ true }}", True),
        ("{{ ' TRUE ' }}", True),
        ("{{ 1 }}", False),
        ("{{ 'on' }}", False),
        ("{{ nothing }}", False),
    ],
)
async def test_only_the_word_true_is_true(house: RuleHome, template: str, expected: bool) -> None:
    house.ask(f'- "{template}"')

    assert await house.holds() is expected


async def test_a_template_that_fails_gives_no_answer(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    house.ask('- not: "{{ 1 / 0 }}"')

    assert not await house.holds()
    assert "ZeroDivisionError" in caplog.text


async def test_it_sees_the_trigger_and_variables(house: RuleHome) -> None:
    house.load(
        """
        - alias: Rule
          variables: {limit: "{{ trigger.event.data.n * 2 }}"}
          triggers: {trigger: event, event_type: go}
          conditions: "{{ limit > 5 and trigger.id == '0' }}"
          actions: [{event: hit}]
        """
    )

    await house.go(n=2)
    await house.go(n=3)

    assert len(house.heard) == 1
