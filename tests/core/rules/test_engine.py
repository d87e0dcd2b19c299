"""The engine: checking rules, taking them in, swapping them, ending them."""

import subprocess
import sys

import pytest
from tests.core.rules.house import RuleHome

from inglenook.config.yaml import loads
from inglenook.errors import ConfigErrors, Position
from inglenook.home import Home
from inglenook.model import Context, State
from inglenook.rules import BUNDLED, ActionKind, Outcome, Rule, RunRecord, TriggerKind, Vocabulary

SLOW = """
- id: slow
  alias: Slow
  triggers: {trigger: event, event_type: go}
  actions: [{event: hit, event_data: {w: start}}, {delay: 10}, {event: hit, event_data: {w: end}}]
"""


def seen(house: RuleHome) -> list[object]:
    return [hit["w"] for hit in house.heard]


# -- check ------------------------------------------------------------------------------------------------------------


def test_all_errors_come_at_once_each_with_its_place(house: RuleHome) -> None:
    text = """\
alias: A
mode: once
triggers:
  - trigger: state
    entity_id: light.hall
    to: on
  - trigger: time
    at: 12:30
actions:
  - event: x
    event_data: {a: "{{ 1 + }}"}
  - delay: soon
"""

    with pytest.raises(ConfigErrors) as caught:
        house.engine.check(loads(text, "rules/hall.yaml"))

    assert [(error.position, error.where) for error in caught.value.errors] == [
        (Position("rules/hall.yaml", 2, 7), "mode"),
        (Position("rules/hall.yaml", 6, 9), "triggers[0].to"),
        (Position("rules/hall.yaml", 8, 9), "triggers[1].at"),
        (Position("rules/hall.yaml", 11, 21), "actions[0].event_data.a"),
        (Position("rules/hall.yaml", 12, 12), "actions[1].delay"),
    ]


def test_a_misspelt_key_hides_nothing_of_what_it_holds_and_is_not_missing_too(house: RuleHome) -> None:
    text = """\
alias: A
trigers:
  - triger: state
    entity_id: light.hall
    form: x
actions:
  - actoin: light.turn_on
    taget: {entity_id: light.hall}
  - choose:
      - condtions: [{contition: state, entity_id: light.hall}]
        sequence: [{delay: "{{ "}]
"""

    with pytest.raises(ConfigErrors) as caught:
        house.engine.check(loads(text, "a.yaml"))

    assert [str(error) for error in caught.value.errors] == [
        "a.yaml:2:1: trigers: unknown key; did you mean 'triggers'?",
        "a.yaml:3:5: trigers[0].triger: unknown key; did you mean 'trigger'?",
        "a.yaml:5:5: trigers[0].form: unknown key; did you mean 'for'?",
        "a.yaml:7:5: actions[0].actoin: unknown key; did you mean 'action'?",
        "a.yaml:8:5: actions[0].taget: unknown key; did you mean 'target'?",
        "a.yaml:10:9: actions[1].choose[0].condtions: unknown key; did you mean 'conditions'?",
        "a.yaml:10:21: actions[1].choose[0].condtions[0].state: this key is required",
        "a.yaml:10:22: actions[1].choose[0].condtions[0].contition: unknown key; did you mean 'condition'?",
        "a.yaml:11:28: actions[1].choose[0].sequence[0].delay: template '{{': unexpected 'end of template'",
    ]


@pytest.mark.parametrize("action", ["{data_template: {a: 1}}", "{target: {entity_id: light.a}, data: {}}"])
def test_what_looks_like_no_action_is_told_what_makes_one(house: RuleHome, action: str) -> None:
    (found,) = house.errors(f"{{triggers: [], actions: [{action}]}}")

    assert "actions[0]: this is no action: expected one of the keys delay" in found


async def test_what_was_put_off_for_a_rule_known_to_be_good_is_done_when_it_runs(house: RuleHome) -> None:
    raw = loads(
        "{alias: A, trigger: {platform: event, event_type: go}, condition: '{{ 1 == 1 }}', "
        "action: [{delay: '00:00:05'}, {event: hit, event_data: {w: 1}}]}"
    )
    rule = house.engine.check(raw, is_known_good=True)
    house.engine.swap("rules.yaml", [rule])
    house.engine.start()

    house.home.bus.fire("go")
    await house.advance(4)
    early = seen(house)
    await house.advance(2)

    assert rule.config == house.engine.check(raw).config
    assert rule.whole() == house.engine.check(raw).whole() != rule.config
    assert (early, seen(house)) == ([], [1])


def test_the_fingerprint_tells_one_vocabulary_from_another(house: RuleHome, home: Home) -> None:
    more = BUNDLED.with_more(Vocabulary({"moon": BUNDLED.triggers["event"]}, {}, {}))

    assert RuleHome(home).engine.fingerprint == house.engine.fingerprint
    assert RuleHome(home, more).engine.fingerprint != house.engine.fingerprint


def test_a_broken_template_is_found_wherever_it_stands(house: RuleHome) -> None:
    text = "{alias: '{{ no template', triggers: [], actions: [{action: a.b, data: {x: ['{{ 1 + }}']}}]}"

    (found,) = house.errors(text)

    assert found.startswith("rule.yaml:1:76: actions[0].data.x[0]: template '{{ 1 + }}'")


def test_old_spellings_mean_the_same_and_two_at_once_are_refused(house: RuleHome) -> None:
    old = "{trigger: [{platform: event, event_type: e}], condition: [], action: [{service: a.b}]}"
    both = "{trigger: [], triggers: [], action: []}"

    rule = house.checked(loads(old))

    assert isinstance(rule, Rule)
    assert rule.config["triggers"][0]["trigger"] == "event"
    assert house.errors(both)[0].endswith("triggers: 'trigger' and 'triggers' are the same thing; keep 'triggers'")


def test_groups_of_triggers_are_taken_apart(house: RuleHome) -> None:
    rule = house.checked(
        loads(
            "{triggers: [{triggers: [{trigger: event, event_type: a}]}, {trigger: event, event_type: b}], actions: []}"
        )
    )

    assert isinstance(rule, Rule)
    assert [trigger["event_type"] for trigger in rule.config["triggers"]] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{actions: []}", "triggers: this key is required"),
        ("{triggers: []}", "actions: this key is required"),
        ("{triggers: null, actions: null, id: 123}", 'id: expected text, got 123; quote it: "123"'),
        ("{triggers: [], actions: [], mode: queued, max: 1}", "max: expected 2 or more, got 1"),
        ("{triggers: [{trigger: sate}], actions: []}", "there is no trigger 'sate'; did you mean 'state'?"),
        ("{triggers: [{trigger: nonsense}], actions: []}", "there is no trigger 'nonsense'; a plugin may bring it"),
        ("{triggers: [{platform: event, trigger: event}], actions: []}", "the same thing; keep 'trigger'"),
        ("hello", "expected a mapping, got 'hello'"),
    ],
)
def test_what_is_wrong_is_told_in_words(house: RuleHome, text: str, error: str) -> None:
    (found,) = house.errors(text)

    assert found.endswith(error)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "triggers: {entity_id: a.b, to: on}",
            [
                "expected a key 'trigger' that says which kind of trigger this is; it looks like 'trigger: state'",
                'triggers.to: expected text, got true; quote it: "on" or "off"',
            ],
        ),
        (
            "triggers: {trigger: state, entity: a.b, to: on}",
            [
                "triggers.entity: unknown key; did you mean 'entity_id'?",
                'triggers.to: expected text, got true; quote it: "on" or "off"',
            ],
        ),
        (
            "triggers: [], conditions: {entity_id: sensor.a, below: 5, abve: 3}",
            [
                "expected a key 'condition' that says which kind of condition this is; "
                "it looks like 'condition: numeric_state'",
                "conditions.abve: unknown key; did you mean 'above'?",
            ],
        ),
        (
            "triggers: [], conditions: {condition: state, entity_id: a.b, state: on, mach: all}",
            [
                'conditions.state: expected text, got true; quote it: "on" or "off"',
                "conditions.mach: unknown key; did you mean 'match'?",
            ],
        ),
        (
            "triggers: {trigger: state, entity_id: a.b, atribute: x, to: 5}",
            ["triggers.atribute: unknown key; did you mean 'attribute'?"],
        ),
        ("triggers: {id: x}", ["expected a key 'trigger' that says which kind of trigger this is"]),
    ],
)
def test_all_that_is_wrong_with_one_trigger_or_condition_is_told_at_once(
    house: RuleHome, rule: str, told: list[str]
) -> None:
    found = house.errors(f"{{{rule}, actions: []}}")

    assert len(found) == len(told)
    assert all(line.endswith(end) for line, end in zip(found, told, strict=True)), found


# -- swap -------------------------------------------------------------------------------------------------------------


async def test_a_rule_that_says_the_same_keeps_its_runs(house: RuleHome) -> None:
    house.load(SLOW)
    await house.go()

    report = house.load(SLOW + "- {alias: New, triggers: [], actions: []}\n")
    await house.advance(10)

    assert (report.added, report.kept) == (("New",), ("Slow",))
    assert seen(house) == ["start", "end"]


async def test_a_changed_rule_ends_its_runs_and_stays_off_if_it_was(house: RuleHome) -> None:
    house.load(SLOW)
    await house.go()
    last = house.attributes("automation.slow")["last_triggered"]
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.slow", "stop_actions": False})

    report = house.load(SLOW.replace("start", "new"))
    await house.go()
    await house.advance(20)

    assert report.changed == ("Slow",)
    assert seen(house) == ["start"]
    assert house.state("automation.slow") == "off"
    assert house.attributes("automation.slow")["last_triggered"] == last


async def test_a_removed_rule_is_gone_with_its_runs_and_triggers(house: RuleHome) -> None:
    house.load(SLOW)
    await house.go()

    report = house.load("[]")
    await house.go()
    await house.advance(20)

    assert report.removed == ("Slow",)
    assert seen(house) == ["start"]
    assert house.state("automation.slow") == "unavailable"
    assert house.engine.rules == []


async def test_a_rule_that_went_while_the_home_was_down_is_shown_as_one_that_went(house: RuleHome) -> None:
    home, context = house.home, Context("01J0000000000000000000000A")
    home.registry.ensure_entity("automation", "automation", "slow", suggested_object_id="slow")
    for entity_id in ("automation.slow", "automation.unknown", "light.hall"):
        home.states.restore(State(entity_id, "off", {"last_triggered": None}, context, 1.0, 1.0, 1.0))

    house.engine.start()

    assert house.state("automation.slow") == "unavailable"
    assert house.attributes("automation.slow")["restored"] is True
    assert "automation.unknown" not in home.states
    assert house.state("light.hall") == "off"
    house.load(SLOW)
    assert house.state("automation.slow") == "off"


async def test_a_removed_rule_without_an_id_leaves_nothing(house: RuleHome) -> None:
    house.load("- {alias: A, triggers: [], actions: []}")

    house.load("[]")

    assert "automation.a" not in house.home.states


async def test_a_rule_without_an_id_is_known_by_its_name(house: RuleHome) -> None:
    house.load("- {alias: One, triggers: [], actions: []}\n- {alias: Two, triggers: [], actions: []}")

    report = house.load(
        "- {alias: Two, triggers: [], actions: [{event: x}]}\n- {alias: 3rd, triggers: [], actions: []}"
    )

    assert (report.added, report.changed, report.removed) == (("3rd",), ("Two",), ("One",))


async def test_one_that_differs_only_in_the_type_of_a_value_has_changed(house: RuleHome) -> None:
    house.load("- {alias: A, triggers: [], actions: [{action: a.b, data: {x: 1}}]}")

    report = house.load("- {alias: A, triggers: [], actions: [{action: a.b, data: {x: true}}]}")

    assert report.changed == ("A",)


async def test_an_invalid_rule_is_unavailable_and_the_others_load(house: RuleHome) -> None:
    house.load(
        """
        - {alias: Bad, triggers: [{trigger: state}], actions: []}
        - {alias: [worse], triggers: [], actions: []}
        - {triggers: {trigger: event, event_type: go}, actions: {event: hit}}
        """
    )

    await house.go()

    assert house.state("automation.bad") == "unavailable"
    assert house.state("automation.automation_2") == "on"
    assert len(house.home.states.domain("automation")) == 2
    assert house.heard == [{}]


async def test_an_invalid_rule_that_is_mended_works(house: RuleHome) -> None:
    house.load("- {id: a, alias: A, triggers: [{trigger: event}], actions: [{event: hit}]}")

    house.load("- {id: a, alias: A, triggers: [{trigger: event, event_type: go}], actions: [{event: hit}]}")
    await house.go()

    assert house.state("automation.a") == "on"
    assert house.heard == [{}]


async def test_an_id_that_is_taken_leaves_the_second_rule_out(house: RuleHome) -> None:
    house.load("- {id: a, alias: One, triggers: [], actions: []}")
    report = house.load("- {id: a, alias: Two, triggers: [], actions: []}", "other.yaml")

    assert [info.name for info in house.engine.rules] == ["One"]
    assert list(map(str, report.refused)) == [
        "other.yaml:1:8: id: a rule with the id 'a' stands at rules.yaml:1:3 already; this one is left out"
    ]


async def test_a_rule_that_moves_to_another_file_stays_off_and_keeps_its_last_run(house: RuleHome) -> None:
    text = "- {id: a, alias: A, triggers: [{trigger: event, event_type: go}], actions: [{event: hit}]}"
    house.load(text)
    await house.go()
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.a"})
    [before] = house.engine.rules

    house.engine.swap("rules.yaml", [])
    house.load(text, "moved.yaml")

    [after] = house.engine.rules
    assert (after.state, after.source) == ("off", "moved.yaml")
    assert after.last_triggered == before.last_triggered is not None


async def test_a_rule_that_a_person_disabled_is_listed_so(house: RuleHome) -> None:
    house.load("- {id: a, alias: A, triggers: [], actions: []}")

    house.home.registry.entities.update("automation.a", disabled_by="user")

    assert [info.state for info in house.engine.rules] == ["disabled"]


async def test_the_same_name_twice_gets_a_number(house: RuleHome) -> None:
    house.load("- {alias: A, triggers: [], actions: []}\n- {alias: A, triggers: [], actions: []}")

    assert [info.entity_id for info in house.engine.rules] == ["automation.a", "automation.a_2"]


# -- life-cycle -------------------------------------------------------------------------------------------------------


async def test_nothing_runs_before_the_start_and_nothing_after_the_stop(house: RuleHome) -> None:
    house.load(SLOW, start=False)
    await house.go()
    before = seen(house)

    house.engine.start()
    await house.go()
    await house.engine.stop()
    await house.go()
    await house.advance(20)

    assert before == []
    assert seen(house) == ["start"]
    assert house.engine.statistics()["waiting"] == 0


async def test_who_listens_is_told_of_each_run_that_ends(house: RuleHome) -> None:
    records: list[RunRecord] = []
    house.engine.on_run.append(records.append)
    house.load(SLOW)

    await house.go()
    await house.advance(10)

    (record,) = records
    assert (record.rule, record.trigger, record.outcome) == ("Slow", "event 'go'", Outcome.FINISHED)
    assert record.duration_s == pytest.approx(10)
    assert record.last_steps == ("action/0", "action/1", "action/2")


async def test_the_list_of_rules_tells_where_they_stand_and_what_they_did(house: RuleHome) -> None:
    house.load(SLOW, "rules/slow.yaml")
    await house.go()

    (info,) = house.engine.rules

    assert (info.name, info.source, info.state, info.runs, info.mode) == ("Slow", "rules/slow.yaml", "on", 1, "single")
    assert info.position == Position("rules/slow.yaml", 2, 3)
    assert info.last_triggered == house.home.clock.utc()
    assert house.engine.statistics() == {
        "rules": 1, "unavailable": 0, "scripts": 0, "runs": 1, "waiting": 1, "cut_loops": 0,
    }  # fmt: skip


# -- plugins ----------------------------------------------------------------------------------------------------------


async def test_a_plugin_brings_kinds_of_its_own(home: Home) -> None:
    doorbell = TriggerKind(
        lambda _: lambda value: value,
        lambda arming: home.bus.listen("bell", lambda _: arming.fire(lambda: {"who": "postman"})),
    )
    shout = ActionKind(
        lambda _: lambda value: value,
        lambda config, compiler, path: lambda run: home.bus.fire("hit", {"said": run.variables["trigger"]["who"]}),
    )
    vocabulary = BUNDLED.with_more(Vocabulary({"doorbell": doorbell}, {}, {"shout": shout}))
    house = RuleHome(home, vocabulary)
    house.load("- {alias: A, triggers: {trigger: doorbell}, actions: {shout: hello}}")

    home.bus.fire("bell")

    assert house.heard == [{"said": "postman"}]


def test_a_plugin_does_not_replace_a_kind_that_is_there() -> None:
    mine = TriggerKind(lambda _: lambda value: value, lambda _: lambda: None)

    assert BUNDLED.with_more(Vocabulary({"state": mine}, {}, {})).triggers["state"] is BUNDLED.triggers["state"]


def test_kinds_that_few_homes_use_are_loaded_with_the_first_rule_that_names_one() -> None:
    code = (
        "import sys\n"
        "from inglenook.rules import BUNDLED\n"
        "from inglenook.rules.grammar import RuleGrammar\n"
        "RuleGrammar(BUNDLED.with_more(BUNDLED.__class__({}, {}, {})))\n"
        "before = 'inglenook.rules.late' in sys.modules\n"
        "BUNDLED.triggers['light.turned_on']\n"
        "print(before, 'inglenook.rules.late' in sys.modules)\n"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["False", "True"]
