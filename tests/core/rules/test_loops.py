"""Loops of rules are cut, and named."""

from datetime import timedelta
from typing import Any

import pytest
from tests.core.rules.house import RuleHome

from inglenook.model import Context
from inglenook.rules.loops import MAX_CHAIN, PAUSE_S, RUNS_A_SECOND, RunContext, run_context


async def test_two_rules_that_set_each_other_off_are_cut_and_named_once(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.load(
        """
        - {alias: Ping, triggers: {trigger: event, event_type: ping}, actions: [{event: pong}]}
        - {alias: Pong, triggers: {trigger: event, event_type: pong}, actions: [{event: ping}]}
        - {alias: Rule, triggers: {trigger: event, event_type: go}, actions: [{event: hit}]}
        """
    )

    for _ in range(3):
        house.home.bus.fire("ping")
    await house.go()

    assert caplog.text.count("is part of a loop") == 1
    assert "rule Pong is paused for 60 s" in caplog.text
    assert "this time it was event 'pong'" in caplog.text
    assert house.engine.statistics()["cut_loops"] == 1
    assert house.heard == [{}]


async def test_who_was_part_of_a_loop_rests_for_a_while_and_shows_it(house: RuleHome) -> None:
    house.load(
        """
        - {alias: Loop, triggers: {trigger: event, event_type: ping}, actions: [{event: ping}, {event: hit}]}
        - {alias: Rule, triggers: {trigger: event, event_type: go}, actions: [{event: hit}]}
        """
    )

    def shown() -> tuple[str, Any]:
        state = house.home.states.get("automation.loop")
        assert state is not None
        return state.state, state.attributes.get("paused_until")

    start = house.home.clock.utc()
    house.home.bus.fire("ping")
    passes = len(house.heard)
    meanwhile = shown()
    house.home.bus.fire("ping")
    await house.go()
    others = len(house.heard) - passes
    await house.advance(PAUSE_S)
    afterwards = shown()
    house.home.bus.fire("ping")

    assert passes == MAX_CHAIN - 1
    assert meanwhile == ("on", start + timedelta(seconds=PAUSE_S))
    assert others == 1
    assert afterwards == ("on", None)
    assert len(house.heard) == 2 * passes + 1


async def test_an_automation_that_watches_for_nothing_is_not_said_to_be_paused(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    call = "{action: automation.trigger, target: {entity_id: automation.idle}}"
    house.load(
        f"""
        - {{alias: Idle, initial_state: false, triggers: [], actions: [{{event: ping}}]}}
        - {{alias: Caller, triggers: {{trigger: event, event_type: ping}}, actions: [{call}]}}
        """
    )

    house.home.bus.fire("ping")

    assert "rule Idle is not started: it is part of a loop" in caplog.text
    assert "paused_until" not in house.home.states.get("automation.idle").attributes  # type: ignore[union-attr]


async def test_turning_it_on_ends_the_rest(house: RuleHome) -> None:
    house.load("- {alias: Loop, triggers: {trigger: event, event_type: ping}, actions: [{event: ping}, {event: hit}]}")
    house.home.bus.fire("ping")

    house.home.services.start("automation", "turn_on", {"entity_id": "automation.loop"})
    house.home.bus.fire("ping")

    assert len(house.heard) == 2 * (MAX_CHAIN - 1)


async def test_a_rule_that_starts_itself_again_after_a_while_goes_on_for_ever(house: RuleHome) -> None:
    house.act("- event: hit\n- delay: 1\n- event: go", mode="restart")

    await house.go()
    await house.advance(MAX_CHAIN * 3)

    assert len(house.heard) == MAX_CHAIN * 3 + 1


async def test_a_loop_that_branches_is_cut_before_it_explodes(house: RuleHome) -> None:
    passes: list[object] = []
    house.home.bus.listen("ping", passes.append)
    house.load(
        "- {alias: Ping, mode: parallel, triggers: {trigger: event, event_type: ping},"
        " actions: [{event: ping}, {event: ping}]}\n"
        "- {alias: Rule, triggers: {trigger: event, event_type: go}, actions: [{event: hit}]}"
    )

    house.home.bus.fire("ping")
    for _ in range(10):
        await house.settle()
    await house.go()

    assert len(passes) < 3 * RUNS_A_SECOND
    assert house.home.bus.statistics()["waiting"] == 0
    assert house.heard == [{}]


def test_a_chain_knows_its_length_and_its_parent() -> None:
    first = run_context(1000.0, Context("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    assert isinstance(first, RunContext)
    second = run_context(1000.5, first)

    assert second is not None
    assert (second.parent_id, second.depth, second.chain_since) == (first.id, 2, 1000.0)
