"""The steps that end a run, or go on in spite of an error."""

import pytest
import voluptuous as vol
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    "stop", ["stop: null", "stop: 5", "stop: Enough, error: true", "stop: x, continue_on_error: true"]
)
async def test_stop_ends_the_whole_run_from_any_depth(house: RuleHome, stop: str) -> None:
    house.act(
        f"""
        - repeat:
            count: 2
            sequence:
              - event: hit
              - choose: [{{conditions: [], sequence: [{{{stop}}}]}}]
        - event: hit
        """
    )

    await house.go()

    assert house.heard == [{}]


async def test_a_stop_with_an_error_is_told_in_the_log(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    house.act("- {stop: The window is open, error: true}")

    await house.go()

    assert "rule Rule stops at action/0 (rules.yaml:4:7) with an error: The window is open" in caplog.text


def test_a_stop_with_an_error_has_no_response(house: RuleHome) -> None:
    (found,) = house.errors("{triggers: [], actions: [{stop: x, error: true, response_variable: r}]}")

    assert found.endswith("actions[0].response_variable: a stop with an error gives no response")


@pytest.mark.parametrize(
    ("failing", "goes_on"),
    [
        ("action: test.record, data: {x: '{{ 1 / 0 }}'}", True),
        ("action: test.broken", True),
        ("action: '{{ 1 }}'", True),
        ("sequence: [{action: test.broken}]", True),
        ("action: test.record, response_variable: r", False),
        ("action: test.strict, data: {n: x}", False),
        ("sequence: [{action: test.strict, data: {n: x}}]", False),
        ("variables: {x: '{{ 1 / 0 }}'}", False),
        ("wait_template: '{{ 1 / 0 }}'", False),
        ("event: x, enabled: '{{ 1 / 0 }}'", False),
        ("action: no.service", False),
    ],
)
async def test_continue_on_error_forgives_calls_that_fail_but_no_mistakes_in_the_rule(
    house: RuleHome, caplog: pytest.LogCaptureFixture, failing: str, goes_on: bool
) -> None:
    def broken(_: object) -> None:
        raise ValueError("boom")

    house.home.services.register("test", "broken", broken)
    house.home.services.register("test", "strict", lambda _: None, vol.Schema({"n": int}))
    house.act(f"- {{{failing}, continue_on_error: true}}\n- event: hit")

    await house.go()

    assert bool(house.heard) is goes_on
    assert caplog.text.count("rule Rule failed at") == 1


def test_continue_on_error_is_a_plain_yes_or_no_and_not_for_conditions(house: RuleHome) -> None:
    assert house.errors("{triggers: [], actions: [{event: x, continue_on_error: '{{ true }}'}]}")
    assert house.errors("{triggers: [], actions: [{condition: '{{ true }}', continue_on_error: true}]}")
