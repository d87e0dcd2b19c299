"""The last run of a rule, as a person sees it."""

import io

import pytest
from rich.console import Console
from tests.core.rules.house import RuleHome

from inglenook.cli.trace_tree import trace_tree
from inglenook.errors import ConfigError, Position, UnknownEntry
from inglenook.home import Home
from inglenook.rules import InvalidRule
from inglenook.rules.last_run import find_rule, rule_trace


@pytest.fixture
def house(home: Home) -> RuleHome:
    return RuleHome(home)


def shown(house: RuleHome, name: str = "Rule") -> list[str]:
    """Return the lines of the tree, without what is drawn before each."""
    out = io.StringIO()
    trace = rule_trace(find_rule(house.engine, name))
    Console(file=out, soft_wrap=True, highlight=False).print(trace_tree(trace))
    return out.getvalue().splitlines()


async def test_a_run_shows_what_triggered_it_and_each_step_below_the_one_that_holds_it(house: RuleHome) -> None:
    house.act(
        """
        - action: light.turn_on
          target: {entity_id: light.hall}
        - delay: 2
        - choose:
            - conditions: "{{ false }}"
              sequence: []
            - conditions: "{{ true }}"
              sequence:
                - action: notify.phone
        """
    )

    await house.go()
    await house.advance(2)

    lines = shown(house)
    assert lines[0] == "Rule  automation.rule"
    assert lines[1].startswith("└── ✓ finished, begun ")
    assert lines[2:] == [
        "    ├── because of event 'go'",
        "    ├── action/0  light.turn_on light.hall  +0.0 ms",
        "    ├── action/1  delay 2  +0.0 ms",
        "    └── action/2  choose  +2.0 s  → 1",
        "        └── action/2/choose/1/sequence/0  notify.phone  +2.0 s",
    ]


async def test_a_branch_that_is_one_step_says_what_it_does(house: RuleHome) -> None:
    house.act("- parallel: [{event: hit}, {delay: 2}]")

    await house.go()
    await house.advance(2)

    assert [line.strip(" │├└─").split("  +")[0] for line in shown(house)[3:]] == [
        "action/0  parallel",
        "action/0/parallel/0/sequence/0  event hit",
        "action/0/parallel/1/sequence/0  delay 2",
    ]


async def test_a_rule_that_cannot_run_says_why(house: RuleHome) -> None:
    house.load("- {alias: Rule, triggers: {trigger: event, event_type: go}, actions: []}")
    house.engine.swap(
        "more", [InvalidRule({"alias": "Broken"}, [ConfigError("expected a list", Position("a.yaml", 3, 5))])]
    )
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})

    assert shown(house)[1:] == [
        "├── it does not run: it is turned off",
        "└── it has not run since the home was started",
    ]
    assert shown(house, "Broken")[1] == "├── it does not run: a.yaml:3:5: expected a list"


async def test_a_step_shows_the_variables_that_it_set(house: RuleHome) -> None:
    house.act("- variables: {a: 1, b: '{{ [a, 2] }}'}\n- delay: 2")

    await house.go()
    during = shown(house)
    await house.advance(2)

    assert any(line.endswith("action/0  variables  +0.0 ms  a = 1, b = [1, 2]") for line in during)
    assert ", took" not in during[1]
    assert ", took 2.0 s" in shown(house)[1]


async def test_a_loop_shows_each_of_its_turns(house: RuleHome) -> None:
    house.act("- repeat: {count: 2, sequence: [{action: light.turn_on}]}")

    await house.go()

    assert sum("light.turn_on" in line for line in shown(house)) == 2


async def test_a_step_that_fails_says_why(house: RuleHome) -> None:
    house.act("- action: nobody.knows")

    await house.go()

    lines = shown(house)
    assert "✗ error" in lines[1]
    assert lines[-1].endswith("service nobody.knows not found")


async def test_a_rule_that_did_not_run_says_which_condition_was_not_met(house: RuleHome) -> None:
    house.ask("- condition: state\n  entity_id: light.hall\n  state: 'on'")
    await house.set("light.hall", "off")

    await house.go()

    lines = shown(house)
    assert "it has not run since the home was started" in lines[1]
    assert lines[-1].strip(" └─").startswith("event 'go'")
    assert lines[-1].endswith("condition/0: not met")


@pytest.mark.parametrize("wanted", ["Hall light", "hall LIGHT", "automation.hall_light", "17"])
async def test_a_rule_is_found_by_name_id_or_entity_id(house: RuleHome, wanted: str) -> None:
    house.load("- {alias: Hall light, id: '17', triggers: {trigger: event, event_type: go}, actions: []}")

    assert find_rule(house.engine, wanted).name == "Hall light"
    with pytest.raises(UnknownEntry, match="there is no rule 'Hal light'; did you mean 'Hall light'"):
        find_rule(house.engine, "Hal light")


async def test_the_steps_of_a_queued_run_have_the_times_at_which_they_were_taken(house: RuleHome) -> None:
    house.act("- event: first\n- delay: 1\n- event: second", mode="queued")

    await house.go()
    await house.go()
    in_the_queue = shown(house)
    await house.advance(2)

    assert in_the_queue[1].startswith("└── • waits for its turn, begun ")
    assert shown(house)[-3:] == [
        "    ├── action/0  event first  +1.0 s",
        "    ├── action/1  delay 1  +1.0 s",
        "    └── action/2  event second  +2.0 s",
    ]


async def test_a_rule_that_keeps_no_traces_says_so(house: RuleHome) -> None:
    house.act("- event: hit", trace="{stored_traces: 0}")

    await house.go()

    assert shown(house)[1:] == ["└── it keeps no traces: its stored_traces is 0"]


def test_a_script_is_found_by_its_key(house: RuleHome) -> None:
    script = house.engine.check_script({"alias": "Good night", "sequence": []})
    house.engine.scripts.swap("scripts", {"night": script})

    assert find_rule(house.engine, "night").name == "Good night"


def test_rules_of_one_name_are_told_apart_by_their_entity_ids(house: RuleHome) -> None:
    house.load("- {alias: Dup, triggers: [], actions: []}\n- {alias: Dup, triggers: [], actions: []}")

    with pytest.raises(UnknownEntry, match=r"2 rules are called 'Dup'; .*: automation\.dup, automation\.dup_2"):
        find_rule(house.engine, "Dup")
    assert find_rule(house.engine, "dup_2").entity_id == "automation.dup_2"
    assert find_rule(house.engine, "automation.dup").entity_id == "automation.dup"
