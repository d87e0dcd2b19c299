"""Automations: the entities behind the rules."""

import re

import pytest
from tests.core.rules.house import RuleHome

from inglenook.errors import InvalidServiceData
from inglenook.model import Context, State
from inglenook.rules.automation import AutomationEntity

GO = "triggers: {trigger: event, event_type: go}"


async def call(house: RuleHome, service: str, **data: object) -> None:
    await house.home.services.call("automation", service, {"entity_id": "automation.rule", **data})


def automation(house: RuleHome) -> AutomationEntity:
    found = house.engine.get("automation.rule")
    assert found is not None
    return found


async def test_turned_off_it_does_nothing_until_it_is_turned_on(house: RuleHome) -> None:
    house.act("- event: hit")

    await call(house, "turn_off")
    await house.go()
    off = (house.state(), list(house.heard))
    await call(house, "toggle")
    await house.go()

    assert off == ("off", [])
    assert (house.state(), house.heard) == ("on", [{}])


async def test_disabled_it_is_not_there_and_does_nothing_until_it_is_enabled(house: RuleHome) -> None:
    house.act("- event: hit", id="r1")
    entries = house.home.registry.entities
    entries.update("automation.rule", disabled_by="user")

    await house.go()
    disabled = ("automation.rule" in house.home.states, list(house.heard))
    entries.update("automation.rule", disabled_by=None)
    await house.go()

    assert disabled == (False, [])
    assert (house.state(), house.heard) == ("on", [{}])


async def test_one_that_was_disabled_before_the_start_stays_silent(house: RuleHome) -> None:
    house.home.registry.ensure_entity("automation", "automation", "r1", suggested_object_id="rule", disabled_by="user")
    house.act("- event: hit", id="r1")

    await house.go()

    assert house.heard == []


async def test_all_reaches_every_automation(house: RuleHome) -> None:
    house.act("- event: hit")

    await house.home.services.call("automation", "turn_off", {"entity_id": "all"})

    assert house.state() == "off"


async def test_it_may_turn_itself_off_and_ends_there(house: RuleHome) -> None:
    house.act("- event: hit\n- {action: automation.turn_off, target: {entity_id: automation.rule}}\n- event: hit")

    await house.go()

    assert (house.state(), house.heard) == ("off", [{}])


async def test_its_runs_may_go_on_when_it_is_turned_off(house: RuleHome) -> None:
    house.act("- delay: 5\n- event: hit")

    await house.go()
    await call(house, "turn_off", stop_actions=False)
    await house.advance(5)

    assert house.heard == [{}]


async def test_trigger_runs_it_on_or_off_whatever_its_conditions_say(house: RuleHome) -> None:
    house.load(
        f"""
        - alias: Rule
          initial_state: false
          {GO}
          conditions: "{{{{ false }}}}"
          actions: {{event: hit, event_data: {{t: "{{{{ trigger }}}}", n: "{{{{ n }}}}"}}}}
        """
    )

    await call(house, "trigger", variables={"n": 5})
    await call(house, "trigger", skip_condition=False)

    assert house.heard == [{"t": {"platform": None}, "n": 5}]


async def test_who_triggers_a_rule_waits_for_its_end(house: RuleHome) -> None:
    house.load(
        f"""
        - alias: Rule
          {GO}
          actions: [{{action: automation.trigger, target: {{entity_id: automation.other}}}}, {{event: hit}}]
        - alias: Other
          triggers: []
          actions: [{{delay: 2}}, {{event: hit, event_data: {{w: other}}}}]
        """
    )

    await house.go()
    await house.advance(2)

    assert house.heard == [{"w": "other"}, {}]


async def test_who_is_stopped_stops_the_run_it_waits_for(house: RuleHome) -> None:
    house.load(
        f"""
        - alias: Rule
          {GO}
          actions: [{{action: automation.trigger, target: {{entity_id: automation.other}}}}]
        - alias: Other
          triggers: []
          actions: [{{delay: 2}}, {{event: hit}}]
        """
    )

    await house.go()
    await call(house, "turn_off")
    await house.advance(5)

    assert house.heard == []
    assert house.attributes("automation.other")["current"] == 0


async def test_wrong_data_is_refused(house: RuleHome) -> None:
    house.act("- event: hit")

    with pytest.raises(InvalidServiceData, match=r"automation\.trigger: skip: extra keys not allowed"):
        await call(house, "trigger", skip=True)


async def test_an_automation_that_is_not_there_is_a_warning(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    await call(house, "turn_on")

    assert "automation.turn_on: there is no automation automation.rule" in caplog.text


# -- variables --------------------------------------------------------------------------------------------------------


async def test_who_wins_among_the_variables(house: RuleHome) -> None:
    house.load(
        """
        - alias: Rule
          trigger_variables: {a: limits, b: limits, c: limits}
          variables: {a: rule, b: rule, d: "{{ a }}+{{ c }}"}
          triggers: {trigger: event, event_type: go, variables: {a: "{{ trigger.event.data.x }}"}}
          actions: {event: hit, event_data: {abcd: "{{ a }} {{ b }} {{ c }} {{ d }}"}}
        """
    )

    await house.go(x="trigger")

    assert house.heard == [{"abcd": "trigger rule limits trigger+limits"}]


async def test_a_variable_that_fails_keeps_the_rule_from_running(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- event: hit", variables="{x: '{{ 1 / 0 }}'}")

    await house.go()

    assert house.heard == []
    assert re.search(r"rule Rule: rules\.yaml:\d+:\d+: variables: template", caplog.text)
    assert automation(house).refusals[0].place == "variables"


async def test_trigger_variables_that_read_the_home_leave_the_rule_unarmed_and_say_where(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- event: hit", trigger_variables="{x: \"{{ states('light.a') }}\"}")

    await house.go()

    assert house.heard == []
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert re.match(r"rule Rule: rules\.yaml:\d+:\d+: trigger_variables\.x: template .*; it is not armed$", told)


async def test_this_is_the_rule_as_it_was_before_the_run(house: RuleHome) -> None:
    house.act(
        "- {event: hit, event_data: {id: '{{ this.entity_id }}', last: '{{ this.attributes.last_triggered is none }}'}}"
    )

    await house.go()
    await house.go()

    assert house.heard == [{"id": "automation.rule", "last": True}, {"id": "automation.rule", "last": False}]


async def test_a_rule_that_looks_at_its_last_run_sees_it_even_within_one_turn(house: RuleHome) -> None:
    house.act(
        "- event: hit",
        conditions="\"{{ state_attr('automation.rule', 'last_triggered') is none }}\"",
    )

    house.home.bus.fire("go")
    house.home.bus.fire("go")

    assert len(house.heard) == 1


async def test_the_run_has_a_context_of_its_own_whose_parent_is_the_cause(house: RuleHome) -> None:
    house.act("- {event: hit, event_data: {id: '{{ context.id }}', parent: '{{ context.parent_id }}'}}")
    cause = Context("01ARZ3NDEKTSV4RRFFQ69G5FAV", None, "ann")

    house.home.bus.fire("go", {}, cause)

    assert house.heard[0]["parent"] == cause.id
    assert house.heard[0]["id"] != cause.id


# -- state ------------------------------------------------------------------------------------------------------------


async def test_it_shows_when_it_ran_and_how_many_runs_there_are(house: RuleHome) -> None:
    house.act("- delay: 5", mode="queued", id="'17'")

    await house.go()
    await house.go()
    running = dict(house.attributes())
    await house.advance(10)

    assert running["last_triggered"] is not None
    assert (running["id"], running["mode"], running["current"], running["max"]) == ("17", "queued", 2, 10)
    assert house.attributes()["current"] == 0


async def test_who_watches_it_sees_every_step_of_its_state(house: RuleHome) -> None:
    house.act("- event: hit")
    seen: list[int] = []

    def note(entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        assert new is not None
        seen.append(new.attributes["current"])

    house.home.states.watch("automation.rule", note)

    house.home.bus.fire("go")

    assert seen == [1, 0]


async def test_unwatched_it_is_written_once_a_turn_of_the_loop(house: RuleHome) -> None:
    house.act("- event: hit")
    written: list[str] = []
    house.home.bus.listen("state_changed", lambda event: written.append(event.data["entity_id"]))

    for _ in range(5):
        house.home.bus.fire("go")
    during = len(written)
    await house.settle()

    assert (during, written) == (0, ["automation.rule"])


async def test_it_takes_up_where_the_last_run_of_the_home_left_it(house: RuleHome) -> None:
    context = Context("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    attributes = {"last_triggered": "2026-03-01T10:00:00+00:00"}
    house.home.states.restore(State("automation.rule", "off", attributes, context, 1.0, 1.0, 1.0))

    house.act("- event: hit")
    await house.go()

    assert (house.state(), house.heard) == ("off", [])
    assert house.attributes()["last_triggered"].isoformat() == "2026-03-01T10:00:00+00:00"


async def test_initial_state_says_otherwise(house: RuleHome) -> None:
    context = Context("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    house.home.states.restore(State("automation.rule", "off", {}, context, 1.0, 1.0, 1.0))

    house.act("- event: hit", initial_state="true")

    assert house.state() == "on"


async def test_a_run_is_announced_with_its_reason_before_its_first_step(house: RuleHome) -> None:
    events: list[tuple[str, object]] = []
    house.home.bus.listen("*", lambda event: events.append((event.event_type, event.data.get("source"))))
    house.act("- event: hit")

    await house.go()

    assert ("automation_triggered", "event 'go'") in events
    assert events.index(("automation_triggered", "event 'go'")) < events.index(("hit", None))


async def test_a_condition_that_was_not_met_is_remembered(house: RuleHome) -> None:
    house.load(
        f"""
        - alias: Rule
          {GO}
          conditions: ["{{{{ true }}}}", "{{{{ trigger.event.data.n > 1 }}}}"]
          actions: []
        """
    )

    await house.go(n=1)

    (refusal,) = automation(house).refusals
    assert (refusal.place, refusal.firing.description, refusal.error) == ("condition/1", "event 'go'", "")
    assert house.attributes()["last_triggered"] is None


async def test_the_trace_of_a_run_tells_its_way(house: RuleHome) -> None:
    house.act(
        """
        - choose:
            - conditions: "{{ true }}"
              sequence: [{parallel: [{delay: 1}]}, {repeat: {count: 1, sequence: [{event: x}]}}]
        - if: "{{ false }}"
          then: []
          else: [{action: no.service}]
        """
    )

    await house.go()
    await house.advance(1)

    (run,) = automation(house).traces
    assert [path for path, _, result in run.trace if result is None] == [
        "action/0",
        "action/0/choose/0/sequence/0",
        "action/0/choose/0/sequence/0/parallel/0/sequence/0",
        "action/0/choose/0/sequence/1",
        "action/0/choose/0/sequence/1/repeat/sequence/0",
        "action/1",
        "action/1/else/0",
    ]
    assert run.error == "service no.service not found"
