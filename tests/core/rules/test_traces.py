"""What is kept of the last runs of a rule, as clients look at it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.core.rules.house import RuleHome

from inglenook.clock import VirtualClock
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.traces import MAX_DEPTH, plain, trace, traces


def _rule(house: RuleHome) -> RuleEntity:
    (rule,) = house.engine
    return rule


def _short(house: RuleHome) -> dict[str, Any]:
    """Return the newest trace in short."""
    return traces(_rule(house))[-1]


def _whole(house: RuleHome) -> dict[str, Any]:
    """Return all of the newest trace."""
    found = trace(_rule(house), _short(house)["run_id"])
    assert found is not None
    assert json.loads(json.dumps(found)) == found
    return found


def _part(house: RuleHome, path: str, key: str) -> list[Any]:
    """Return what each element at a path says under ``key``."""
    return [element.get(key) for element in _whole(house)["trace"].get(path, ())]


def _seconds(trace: dict[str, Any]) -> float:
    start, finish = (datetime.fromisoformat(trace["timestamp"][name]) for name in ("start", "finish"))
    return (finish - start).total_seconds()


async def test_a_trace_says_the_same_whenever_it_is_asked_and_whatever_becomes_of_the_clock(house: RuleHome) -> None:
    house.act("- event: hit", id="abc")
    await house.go()
    before = _short(house)

    clock = house.home.clock
    assert isinstance(clock, VirtualClock)
    clock.jump(3600)

    assert _short(house) == before


async def test_a_run_in_short(house: RuleHome) -> None:
    house.act("- delay: 5\n- event: hit", id="abc")

    await house.go()
    during = _short(house)
    await house.advance(5)
    after = _short(house)

    assert (during["state"], during["script_execution"], during["last_step"]) == ("running", None, "action/0")
    assert during["timestamp"]["finish"] is None
    assert (after["state"], after["script_execution"], after["last_step"]) == ("stopped", "finished", "action/1")
    assert (after["domain"], after["item_id"], after["trigger"]) == ("automation", "abc", "event 'go'")
    assert _seconds(after) == 5
    assert after["run_id"] == during["run_id"]
    assert "error" not in after


async def test_a_run_tells_its_trigger_its_conditions_and_its_steps(house: RuleHome) -> None:
    house.act(
        "- action: light.turn_on\n  target: {entity_id: light.a}\n  data: {brightness: 5}\n- event: hit",
        conditions="[\"{{ true }}\", {condition: template, value_template: '{{ 1 == 1 }}'}]",
        variables='{n: "{{ trigger.event.data.n }}"}',
    )

    await house.go(n=7)

    whole = _whole(house)
    assert list(whole["trace"]) == ["trigger/0", "condition/0", "condition/1", "action/0", "action/1"]
    (changed,) = _part(house, "trigger/0", "changed_variables")
    assert (changed["n"], changed["trigger"]["event"]["data"]) == (7, {"n": 7})
    assert _part(house, "condition/1", "result") == [{"result": True}]
    assert _part(house, "action/0", "result") == [
        {
            "params": {
                "domain": "light",
                "service": "turn_on",
                "service_data": {"brightness": 5},
                "target": {"entity_id": "light.a"},
            }
        }
    ]
    assert whole["config"]["variables"] == {"n": "{{ trigger.event.data.n }}"}
    assert whole["blueprint_inputs"] is None
    assert whole["context"]["id"]


async def test_a_step_tells_the_variables_that_it_set(house: RuleHome) -> None:
    house.act(
        """
        - variables: {a: "{{ a + 1 }}", b: "{{ a }}"}
        - variables: {a: 9}
        - event: hit
        """,
        variables="{a: 1}",
    )

    await house.go()

    assert _part(house, "trigger/0", "changed_variables")[0]["a"] == 1
    assert "b" not in _part(house, "trigger/0", "changed_variables")[0]
    assert _part(house, "action/0", "changed_variables") == [{"a": 2, "b": 2}]
    assert _part(house, "action/1", "changed_variables") == [{"a": 9}]
    assert _part(house, "action/2", "changed_variables") == [None]


async def test_choices_tell_what_was_chosen(house: RuleHome) -> None:
    house.act(
        """
        - choose:
            - {conditions: "{{ false }}", sequence: []}
            - {conditions: "{{ true }}", sequence: [{event: hit}]}
        - choose: []
          default: [{event: hit}]
        - if: "{{ true }}"
          then: [{event: hit}]
        - if: "{{ false }}"
          then: []
        - condition: template
          value_template: "{{ false }}"
        - event: hit
        """
    )

    await house.go()

    choices = [_part(house, f"action/{index}", "result")[0]["choice"] for index in range(4)]
    assert choices == [1, "default", "then", "else"]
    assert _part(house, "action/0/choose/0", "result") == [{"result": False}]
    assert _part(house, "action/0/choose/1", "result") == [{"result": True}]
    assert len(_part(house, "action/0/choose/1/sequence/0", "timestamp")) == 1
    assert _part(house, "action/3/if", "result") == [{"result": False}]
    assert _part(house, "action/4", "result") == [{"result": False}]
    assert "action/5" not in _whole(house)["trace"]


async def test_each_pass_of_a_loop_is_an_element(house: RuleHome) -> None:
    house.act("- repeat: {count: 2, sequence: [{event: hit}, {event: hit}]}")

    await house.go()

    numbers = [one["repeat"]["index"] for one in _part(house, "action/0/repeat/sequence/0", "changed_variables")]
    assert numbers == [1, 2]
    assert _part(house, "action/0/repeat/sequence/1", "changed_variables") == [None, None]


async def test_a_wait_tells_how_it_ended_and_when(house: RuleHome) -> None:
    house.act(
        """
        - wait_for_trigger: {trigger: event, event_type: ready}
          timeout: 10
        - wait_template: "{{ false }}"
          timeout: 3
        - event: hit
        """
    )

    await house.go()
    await house.advance(4)
    house.home.bus.fire("ready")
    await house.advance(3)

    (first,) = _part(house, "action/0", "result")
    (second,) = _part(house, "action/1", "result")
    assert (first["wait"]["completed"], first["wait"]["remaining"]) == (True, 6.0)
    assert (second["wait"]["completed"], second["timeout"]) == (False, True)
    start, last = (datetime.fromisoformat(_part(house, path, "timestamp")[0]) for path in ("action/0", "action/2"))
    assert (last - start).total_seconds() == 7


async def test_an_error_stands_at_its_step(house: RuleHome) -> None:
    house.act("- event: hit\n- action: nobody.knows")

    await house.go()

    short = _short(house)
    assert (short["script_execution"], short["last_step"]) == ("error", "action/1")
    assert "nobody.knows" in short["error"]
    assert "nobody.knows" in _part(house, "action/1", "error")[0]


async def test_a_condition_that_was_not_met_leaves_a_trace(house: RuleHome) -> None:
    house.act("- event: hit", conditions='["{{ true }}", "{{ false }}", "{{ true }}"]')

    await house.go()

    assert _short(house)["script_execution"] == "failed_conditions"
    assert list(_whole(house)["trace"]) == ["trigger/0", "condition/0", "condition/1"]
    assert _part(house, "condition/1", "result") == [{"result": False}]


async def test_a_condition_without_an_answer_says_why(house: RuleHome) -> None:
    house.act("- event: hit", conditions="[{condition: state, entity_id: light.gone, state: 'on'}]")

    await house.go()

    assert "light.gone" in _part(house, "condition/0", "error")[0]


@pytest.mark.parametrize(("mode", "outcome"), [("single", "failed_single"), ("queued", "failed_max_runs")])
async def test_a_run_that_the_mode_does_not_let_in_leaves_a_trace(house: RuleHome, mode: str, outcome: str) -> None:
    house.act("- delay: 5", mode=mode, max="2")

    for _ in range(3):
        await house.go()
    found = traces(_rule(house))

    assert found[-1]["script_execution"] == outcome
    assert trace(_rule(house), found[-1]["run_id"]) is not None


async def test_a_run_that_a_loop_kept_from_starting_leaves_a_trace_without_conditions(house: RuleHome) -> None:
    house.act("- event: go", conditions='["{{ true }}"]')

    await house.go()

    assert (_short(house)["script_execution"], _short(house)["error"]) == ("loop", "it is part of a loop")
    assert list(_whole(house)["trace"]) == ["trigger/0"]


async def test_a_run_that_was_asked_for_skips_the_conditions(house: RuleHome) -> None:
    house.act("- event: hit", conditions='["{{ false }}"]')

    await house.home.services.call("automation", "trigger", {"entity_id": "automation.rule"})
    await house.settle()

    assert list(_whole(house)["trace"]) == ["trigger", "action/0"]


async def test_a_trace_keeps_the_rule_as_it_was(house: RuleHome) -> None:
    house.act("- event: hit", id="abc")
    await house.go()

    house.act("- event: other", id="abc")

    assert _whole(house)["config"]["actions"] == [{"event": "hit"}]


async def test_no_trace_has_another_id(house: RuleHome) -> None:
    house.act("- event: hit")
    await house.go()

    assert trace(_rule(house), "01J0000000000000000000000") is None


def test_values_become_what_json_knows() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]

    found = plain(
        {1: (1, 2.5, None), "set": {"a"}, "when": datetime(2026, 1, 1, tzinfo=UTC), "deep": deep, "odd": object}
    )

    assert found["1"] == [1, 2.5, None]
    assert (found["set"], found["when"]) == (["a"], "2026-01-01T00:00:00+00:00")
    assert isinstance(json.dumps(found), str)
