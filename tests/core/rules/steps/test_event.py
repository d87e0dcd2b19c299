"""The step that fires an event."""

import pytest
from tests.core.rules.house import RuleHome


async def test_data_is_rendered_and_the_old_spelling_wins(house: RuleHome) -> None:
    house.act(
        """
        - event: hit
          event_data: {a: 1, b: "{{ 1 + 2 }}", c: {d: ["{{ 'q' }}", "2"]}}
          event_data_template: {a: "{{ 5 }}"}
        """
    )

    await house.go()

    assert house.heard == [{"a": 5, "b": 3, "c": {"d": ["q", "2"]}}]


async def test_a_template_that_fails_costs_the_data_and_nothing_else(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- {event: hit, event_data: {a: '{{ 1 / 0 }}'}}\n- event: hit")

    await house.go()

    assert house.heard == [{}, {}]
    assert "rule Rule, action/0 (rules.yaml:4:7): event_data" in caplog.text


@pytest.mark.parametrize("event", ["event: null", "event: x, event_data: abc", "event: x, event_data: '{{ y }}'"])
def test_what_is_no_event_is_refused(house: RuleHome, event: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [{{{event}}}]}}")
