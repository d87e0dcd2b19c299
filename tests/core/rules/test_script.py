"""Scripts: sequences that are called by name."""

import asyncio
import logging
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from tests.core.rules.house import RuleHome

from inglenook.config.yaml import loads
from inglenook.errors import (
    ConfigErrors,
    InvalidServiceData,
    ServiceError,
    ServiceNotFound,
    ServiceValidationError,
    TemplateError,
)
from inglenook.model import Context, State
from inglenook.rules import InvalidRule, Outcome, Rule, RunRecord, SwapReport
from inglenook.rules.loops import RunContext, script_context

SLOW = "{sequence: [{event: hit}, {delay: 5}, {event: hit}]}"


def load(house: RuleHome, **scripts: str) -> SwapReport:
    """Take in scripts, each written in YAML; one that is not valid comes in as such."""
    return house.engine.scripts.swap("scripts.yaml", {name: checked(house, text) for name, text in scripts.items()})


def checked(house: RuleHome, text: str) -> Rule | InvalidRule:
    raw = loads(textwrap.dedent(text), "scripts.yaml")
    try:
        return house.engine.check_script(raw)
    except ConfigErrors as errors:
        return InvalidRule(raw, errors.errors)


async def call(house: RuleHome, name: str, *, response: bool = False, **data: Any) -> Any:
    return await house.home.services.call("script", name, data, return_response=response)


# -- calling ----------------------------------------------------------------------------------------------------------


async def test_its_data_are_its_variables_and_win_over_declared_ones(house: RuleHome) -> None:
    load(
        house,
        s="{variables: {a: 1, b: '{{ a + 1 }}'}, sequence: {event: hit, event_data: {a: '{{ a }}', b: '{{ b }}'}}}",
    )

    await call(house, "s", a=5)

    assert house.heard == [{"a": 5, "b": 6}]


async def test_ids_among_its_data_come_in_the_form_they_were_given(house: RuleHome) -> None:
    load(house, s="{sequence: {event: hit, event_data: {id: '{{ entity_id }}'}}}")
    house.act("- action: script.s\n  data: {entity_id: light.a}\n- {action: script.s, target: {entity_id: light.b}}")

    await house.go()

    assert house.heard == [{"id": "light.a"}, {"id": ["light.b"]}]


async def test_its_caller_waits_for_its_end(house: RuleHome) -> None:
    load(house, s=SLOW)
    house.act("- action: script.s\n- {event: hit, event_data: {who: rule}}")

    await house.go()
    before = list(house.heard)
    await house.advance(5)

    assert before == [{}]
    assert house.heard == [{}, {}, {"who": "rule"}]


async def test_who_turns_it_on_does_not_wait(house: RuleHome) -> None:
    load(house, s=SLOW)
    house.act("- {action: script.turn_on, target: {entity_id: script.s}}\n- {event: hit, event_data: {who: rule}}")

    await house.go()

    assert house.heard == [{}, {"who": "rule"}]


async def test_what_it_stops_with_is_its_response(house: RuleHome) -> None:
    load(house, s="{sequence: [{variables: {r: {n: 1}}}, {delay: 1}, {stop: x, response_variable: r}]}")

    assert await call(house, "s", response=True) == {"n": 1}


async def test_without_a_response_it_answers_with_nothing(house: RuleHome) -> None:
    load(house, s="{sequence: []}")

    assert await call(house, "s", response=True) == {}


async def test_a_response_that_is_no_mapping_is_an_error_to_who_asks_for_it(house: RuleHome) -> None:
    load(house, s="{sequence: [{variables: {r: 5}}, {stop: x, response_variable: r}]}")

    await call(house, "s")
    with pytest.raises(ServiceError, match=r"script\.s: the response must be a mapping, got 5"):
        await call(house, "s", response=True)


@pytest.mark.parametrize("wait", ["", "{delay: 1}, "])
async def test_a_step_that_fails_fails_its_caller(house: RuleHome, wait: str) -> None:
    def fail(_: Any) -> None:
        raise ServiceValidationError("no paper")

    house.home.services.register("test", "fail", fail)
    load(house, s=f"{{sequence: [{wait}{{action: test.fail}}, {{event: hit}}]}}")

    with pytest.raises(ServiceValidationError, match="no paper"):
        await call(house, "s")

    assert house.heard == []


async def test_a_stop_with_an_error_does_not_fail_its_caller(house: RuleHome) -> None:
    load(house, s="{sequence: [{stop: Bad, error: true}]}")

    assert await call(house, "s") is None


async def test_what_it_does_bears_its_callers_context(house: RuleHome) -> None:
    contexts: list[Context] = []
    house.home.services.register("test", "look", lambda call: contexts.append(call.context))
    load(house, s="{sequence: {action: test.look}}")

    await house.home.services.call("script", "s", context=Context("abc", None, "ann"))

    assert [(context.id, context.user_id) for context in contexts] == [("abc", "ann")]


async def test_its_caller_takes_it_along_when_it_is_stopped(house: RuleHome) -> None:
    load(house, s=SLOW)
    house.act("- action: script.s")
    await house.go()

    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.advance(5)

    assert (house.heard, house.state("script.s")) == ([{}], "off")


@pytest.mark.parametrize(
    "actions",
    [
        "- {action: script.tell}",
        "- {repeat: {count: 2, sequence: [{if: '{{ true }}', then: [{action: script.outer}]}]}}",
        "- {parallel: [{action: script.tell}, {delay: 9}]}",
        "- {action: automation.trigger, target: {entity_id: automation.teller}}",
    ],
)
async def test_a_caller_that_starts_anew_finds_it_ended(house: RuleHome, actions: str) -> None:
    load(house, tell="sequence: [{event: hit}, {delay: 5}]", outer="sequence: {action: script.tell}")
    teller = "- {alias: teller, triggers: [], actions: [{action: script.tell}]}"
    house.load(
        f"{teller}\n- alias: Rule\n  mode: restart\n  triggers: {{trigger: event, event_type: go}}\n  actions:\n"
        f"  {actions}\n"
    )
    await house.go()
    await house.advance(1)

    states = house.states_of("script.tell")
    await house.go()

    assert house.heard == [{}, {}]
    assert states == ["on", "off", "on"]


async def test_its_caller_goes_on_when_it_is_turned_off(house: RuleHome) -> None:
    load(house, s=SLOW)
    house.act("- action: script.s\n- {event: hit, event_data: {who: rule}}")
    await house.go()

    await call(house, "turn_off", entity_id="script.s")
    await house.settle()

    assert house.heard == [{}, {"who": "rule"}]


async def test_toggle_starts_it_and_ends_it(house: RuleHome) -> None:
    load(house, s=SLOW)

    await call(house, "toggle", entity_id="script.s")
    on = house.state("script.s")
    await call(house, "toggle", entity_id="script.s")
    await house.advance(5)

    assert (on, house.state("script.s"), house.heard) == ("on", "off", [{}])


async def test_its_services_need_a_target_and_take_nothing_but_variables(house: RuleHome) -> None:
    load(house, s=SLOW)

    with pytest.raises(InvalidServiceData, match="needs a target"):
        await call(house, "turn_on")
    with pytest.raises(InvalidServiceData, match="extra keys"):
        await call(house, "turn_on", entity_id="script.s", who="ann")


async def test_turning_on_what_is_no_script_is_told(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    load(house, s=SLOW)

    await call(house, "turn_on", entity_id=["script.nope", "script.s"])

    assert "there is no script script.nope" in caplog.text
    assert house.heard == [{}]


async def test_a_group_stands_for_its_scripts(house: RuleHome) -> None:
    load(house, a=SLOW, b=SLOW)
    house.home.states.set("group.g", "off", {"entity_id": ["script.a", "script.b", "light.x"]})

    await call(house, "turn_on", entity_id="group.g")
    both = [house.state("script.a"), house.state("script.b")]
    await call(house, "turn_off", entity_id="all")

    assert both == ["on", "on"]
    assert [house.state("script.a"), house.state("script.b")] == ["off", "off"]


async def test_variables_that_fail_are_an_error_to_who_waits_and_a_line_in_the_log_else(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    load(house, s="{variables: {x: '{{ 1 / 0 }}'}, sequence: [{event: hit}]}")

    await call(house, "turn_on", entity_id="script.s")
    with pytest.raises(TemplateError):
        await call(house, "s")

    assert house.heard == []
    assert [record.message.partition(":")[0] for record in caplog.records] == ["script s is not started"]


# -- state ------------------------------------------------------------------------------------------------------------


async def test_it_is_on_while_it_runs_and_shows_what_it_waits_for(house: RuleHome) -> None:
    load(house, s="{mode: parallel, max: 3, sequence: [{delay: 90}, {wait_template: '{{ false }}', alias: For ever}]}")

    await call(house, "turn_on", entity_id="script.s")
    first = house.state("script.s"), house.attributes("script.s")
    await house.advance(90)
    second = house.attributes("script.s")
    await call(house, "turn_off", entity_id="script.s")

    assert first[0] == "on"
    assert (first[1]["last_action"], first[1]["current"], first[1]["max"]) == ("delay 0:01:30", 1, 3)
    assert second["last_action"] == "For ever"
    assert "last_action" not in house.attributes("script.s")


async def test_the_step_after_a_start_sees_it_on(house: RuleHome) -> None:
    load(house, s=SLOW)
    house.act(
        "- {action: script.turn_on, target: {entity_id: script.s}}\n"
        "- {condition: state, entity_id: script.s, state: 'on'}\n- {event: hit, event_data: {seen: yes}}"
    )

    await house.go()

    assert house.heard[-1] == {"seen": True}


async def test_when_it_last_ran_outlives_a_restart(house: RuleHome) -> None:
    last = {"last_triggered": "2026-01-02T03:04:05+00:00"}
    house.home.states.restore(State("script.s", "on", last, Context("a"), 0, 0, 0))

    load(house, s=SLOW)

    assert house.state("script.s") == "off"
    assert house.attributes("script.s")["last_triggered"].isoformat() == last["last_triggered"]


async def test_a_run_that_ends_is_told(house: RuleHome) -> None:
    records: list[RunRecord] = []
    house.engine.on_run.append(records.append)
    load(house, s="{alias: Say, sequence: [{event: hit}]}")

    await call(house, "s")

    (record,) = records
    assert (record.rule, record.entity_id, record.outcome) == ("Say", "script.s", Outcome.FINISHED)
    assert (record.trigger, record.last_steps) == (None, ("sequence/0",))


# -- modes ------------------------------------------------------------------------------------------------------------


async def test_a_start_that_its_mode_refuses_is_announced_all_the_same(house: RuleHome) -> None:
    started: list[str] = []
    house.home.bus.listen("script_started", lambda event: started.append(event.data["entity_id"]))
    load(house, s=SLOW)

    await call(house, "turn_on", entity_id="script.s")
    await call(house, "s")

    assert (started, house.heard) == (["script.s"] * 2, [{}])


@pytest.mark.parametrize("mode", ["restart", "queued"])
async def test_it_is_not_started_if_it_would_wait_for_itself(
    house: RuleHome, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    load(
        house,
        a=f"{{mode: {mode}, sequence: [{{event: hit}}, {{action: script.b}}, {{event: hit}}]}}",
        b="{sequence: [{delay: 1}, {action: script.a}]}",
    )

    await call(house, "a")

    assert len(house.heard) == 2
    assert "it would wait for itself (a calls b calls a)" in caplog.text


async def test_it_may_turn_itself_on_again(house: RuleHome) -> None:
    load(
        house,
        s="""
        mode: restart
        sequence:
          - event: hit
          - delay: 1
          - {action: script.turn_on, target: {entity_id: script.s}}
        """,
    )

    await call(house, "turn_on", entity_id="script.s")
    await house.advance(3.5)

    assert len(house.heard) == 4


async def test_scripts_that_start_each_other_without_end_are_cut_off(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    turn_on = "{mode: restart, sequence: [{event: hit}, {action: script.turn_on, target: {entity_id: script.%s}}]}"
    load(house, a=turn_on % "b", b=turn_on % "a")

    await call(house, "turn_on", entity_id="script.a")
    for _ in range(50):
        await asyncio.sleep(0)

    assert 100 < len(house.heard) <= 400
    assert "part of a loop" in caplog.text
    assert "RecursionError" not in caplog.text


def test_a_script_that_is_not_waited_for_waits_for_nobody() -> None:
    cause = RunContext("a", None, None, 3, 10.0, ("x",))

    waited = script_context(11.0, cause, "s", is_awaited=True)
    not_waited = script_context(11.0, cause, "s", is_awaited=False)

    assert waited == RunContext("a", None, None, 3, 10.0, ("x", "s"))
    assert not_waited == RunContext("a", None, None, 4, 10.0, ("s",))


# -- taking in --------------------------------------------------------------------------------------------------------


async def test_one_that_changed_starts_anew_and_one_that_did_not_runs_on(house: RuleHome) -> None:
    load(house, same=SLOW, other=SLOW, gone=SLOW)
    for name in ("same", "other", "gone"):
        await call(house, "turn_on", entity_id=f"script.{name}")
    house.heard.clear()

    report = load(house, same=SLOW, other=SLOW.replace("5", "6"), new=SLOW)
    await house.advance(10)

    assert report == SwapReport(added=("new",), changed=("other",), removed=("gone",), kept=("same",))
    assert house.heard == [{}]
    assert house.state("script.gone") == "unavailable"
    with pytest.raises(ServiceNotFound):
        await call(house, "gone")


async def test_one_that_is_not_in_order_is_unavailable_until_it_is(house: RuleHome) -> None:
    load(house, s="{sequence: [{bla: 1}]}")
    broken = house.state("script.s")
    with pytest.raises(ServiceNotFound):
        await call(house, "s")

    load(house, s=SLOW)
    await call(house, "turn_on", entity_id="script.s")

    assert (broken, house.state("script.s")) == ("unavailable", "on")


async def test_one_without_so_much_as_a_name_is_not_there(house: RuleHome) -> None:
    load(house, s="{alias: null, sequence: []}")

    assert "script.s" not in house.home.states


async def test_its_fields_describe_its_service(house: RuleHome) -> None:
    load(house, s="{fields: {n: {required: true, selector: {number: {min: 1}}}}, sequence: []}")

    assert house.home.services.get("script", "s").fields == {
        "n": {"required": True, "selector": {"number": {"min": 1}}}
    }


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{alias: x}", "scripts.yaml:1:1: sequence: this key is required"),
        ("{sequence: [], fields: 5}", "scripts.yaml:1:24: fields: expected fields by their names, got 5"),
        ("{sequence: [], fields: {a: {foo: 1}}}", "scripts.yaml:1:29: fields.a.foo: unknown key"),
        (
            "{sequence: [], fields: {a: {selector: {nunber: }}}}",
            "scripts.yaml:1:48: fields.a.selector.nunber: there is no selector 'nunber'; did you mean 'number'?",
        ),
        (
            "{sequence: [], fields: {a: {selector: {select: {}}}}}",
            "scripts.yaml:1:48: fields.a.selector.select: this selector needs the key 'options'",
        ),
        ("{sequence: [], triggers: []}", "scripts.yaml:1:16: triggers: unknown key"),
        ("{sequence: [{delay: x}]}", "scripts.yaml:1:21: sequence[0].delay: expected a number of seconds"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(house: RuleHome, text: str, error: str) -> None:
    found = checked(house, text)

    assert isinstance(found, InvalidRule)
    assert str(found.errors[0]).startswith(error)


# -- the guide --------------------------------------------------------------------------------------------------------

GUIDE = (Path(__file__).parents[3] / "docs" / "scripts.md").read_text(encoding="utf-8")
EXAMPLES = [loads(text) for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]


@pytest.mark.parametrize("example", [tree["script"] for tree in EXAMPLES if "script" in tree])
def test_the_scripts_of_the_guide_are_in_order(house: RuleHome, example: Any) -> None:
    assert all(house.engine.check_script(raw) for raw in example.values())


@pytest.mark.parametrize("example", [tree for tree in EXAMPLES if isinstance(tree, list)])
def test_the_rules_of_the_guide_are_in_order(house: RuleHome, example: Any) -> None:
    assert all(house.engine.check(raw) for raw in example)


def test_a_refused_start_is_logged_as_its_mode_says(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    load(house, s="{max_exceeded: error, sequence: [{action: script.s}]}")

    house.home.services.start("script", "s")

    assert [record.levelno for record in caplog.records] == [logging.ERROR]
