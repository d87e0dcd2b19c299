"""Run modes: which new run may start, and what happens to those that are there."""

import logging

import pytest
from tests.core.rules.house import RuleHome

RUN = """
- {event: hit, event_data: {start: "{{ trigger.event.data.n }}"}}
- delay: 5
- {event: hit, event_data: {end: "{{ trigger.event.data.n }}"}}
"""


@pytest.mark.parametrize(
    ("mode", "limit", "expected"),
    [
        ("single", 10, [{"start": 1}, {"end": 1}]),
        ("single", 5, [{"start": 1}, {"end": 1}]),
        ("restart", 10, [{"start": 1}, {"start": 2}, {"start": 3}, {"end": 3}]),
        ("queued", 10, [{"start": 1}, {"end": 1}, {"start": 2}, {"end": 2}, {"start": 3}, {"end": 3}]),
        ("queued", 2, [{"start": 1}, {"end": 1}, {"start": 2}, {"end": 2}]),
        ("parallel", 10, [{"start": 1}, {"start": 2}, {"start": 3}, {"end": 1}, {"end": 2}, {"end": 3}]),
        ("parallel", 2, [{"start": 1}, {"start": 2}, {"end": 1}, {"end": 2}]),
    ],
)
async def test_three_events_in_the_time_of_one_run(
    house: RuleHome, mode: str, limit: int, expected: list[dict[str, int]]
) -> None:
    house.act(RUN, mode=mode, max=str(limit))

    for number in (1, 2, 3):
        await house.go(n=number)
        await house.advance(1)
    await house.advance(20)

    assert house.heard == expected
    assert house.attributes()["current"] == 0


async def test_restart_ends_a_run_even_in_the_turn_in_which_it_began(house: RuleHome) -> None:
    house.act(RUN, mode="restart")

    for number in (1, 2, 3):
        house.home.bus.fire("go", {"n": number})
    await house.advance(5)

    assert house.heard == [{"start": 1}, {"start": 2}, {"start": 3}, {"end": 3}]
    assert house.engine.statistics()["waiting"] == 0


async def test_a_rule_may_trigger_itself_again_in_restart_mode(house: RuleHome) -> None:
    house.act(
        """
        - {event: hit, event_data: {n: "{{ trigger.event.data.n }}"}}
        - {event: go, event_data: {n: "{{ trigger.event.data.n + 1 }}"}}
        - {event: hit, event_data: {end: "{{ trigger.event.data.n }}"}}
        """,
        mode="restart",
        conditions='"{{ trigger.event.data.n < 3 }}"',
    )

    await house.go(n=1)

    assert house.heard == [{"n": 1}, {"end": 1}, {"n": 2}, {"end": 2}]


async def test_stopping_ends_the_runs_that_wait_for_their_turn_too(house: RuleHome) -> None:
    house.act(RUN, mode="queued")

    await house.go(n=1)
    await house.go(n=2)
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.advance(20)

    assert house.heard == [{"start": 1}]


@pytest.mark.parametrize(
    ("level", "logged"), [("WARNING", logging.WARNING), ("error", logging.ERROR), ("Silent", None)]
)
async def test_a_refused_run_is_logged_as_the_rule_wants(
    house: RuleHome, caplog: pytest.LogCaptureFixture, level: str, logged: int | None
) -> None:
    house.act(RUN, max_exceeded=level)

    await house.go(n=1)
    await house.go(n=2)

    found = [record.levelno for record in caplog.records if "is not started: it is running already" in record.message]
    assert found == ([] if logged is None else [logged])


async def test_a_refused_run_does_not_count_as_triggered(house: RuleHome) -> None:
    house.act(RUN)

    await house.go(n=1)
    before = house.attributes()["last_triggered"]
    await house.advance(1)
    await house.go(n=2)

    assert house.attributes()["last_triggered"] == before
