"""The trigger on a change of state or attribute."""

import pytest
from tests.core.rules.house import RuleHome

WHO = (
    "{from: '{{ trigger.from_state.state if trigger.from_state else none }}', "
    "to: '{{ trigger.to_state.state if trigger.to_state else none }}', for: '{{ trigger.for }}'}"
)


def hits(house: RuleHome) -> list[tuple[str | None, str | None]]:
    return [(hit["from"], hit["to"]) for hit in house.heard]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", [("off", "off"), ("off", "on"), ("on", None)]),
        ("to:", [("off", "on"), ("on", None)]),
        ("to: '*'", [("off", "on"), ("on", None)]),
        ("to: 'on'", [("off", "on")]),
        ("from: 'on'", [("on", None)]),
        ("not_to: 'on'", [("on", None)]),
        ("not_from: 'on'", [("off", "on")]),
        ("to: ['on', dim]", [("off", "on")]),
    ],
)
async def test_from_and_to_choose_among_the_changes(
    house: RuleHome, keys: str, expected: list[tuple[str | None, str | None]]
) -> None:
    await house.set("light.hall", "off")
    house.watch(f"- trigger: state\n  entity_id: light.hall\n  {keys}", WHO)

    await house.set("light.hall", "off", brightness=3)
    await house.set("light.hall", "on", brightness=3)
    house.home.states.remove("light.hall")
    await house.settle()

    assert hits(house) == expected


async def test_an_entity_that_appears_changes_from_nothing(house: RuleHome) -> None:
    house.watch("- {trigger: state, entity_id: light.new, to: 'on'}", WHO)

    await house.set("light.new", "on")

    assert hits(house) == [(None, "on")]


async def test_an_attribute_is_compared_by_value_and_only_its_own_changes_count(house: RuleHome) -> None:
    await house.set("light.hall", "on", level=1)
    house.watch("- {trigger: state, entity_id: light.hall, attribute: level, to: 100}", WHO)

    await house.set("light.hall", "on", level=100.0)
    await house.set("light.hall", "off", level=100)
    await house.set("light.hall", "off", level="100")

    assert hits(house) == [("on", "on")]


async def test_for_fires_when_the_state_has_held(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.watch("- {trigger: state, entity_id: light.hall, to: 'on', for: '00:00:05'}", WHO)

    await house.set("light.hall", "on")
    await house.advance(3)
    await house.set("light.hall", "on", brightness=3)
    await house.advance(1)
    before = list(house.heard)
    await house.advance(1)

    assert before == []
    assert house.heard == [{"from": "off", "to": "on", "for": "0:00:05"}]


async def test_for_begins_again_after_a_blip_of_unavailability(house: RuleHome) -> None:
    await house.set("sensor.door", "on")
    house.watch("- {trigger: state, entity_id: sensor.door, to: 'off', for: 10}", WHO)

    await house.set("sensor.door", "off")
    await house.advance(9)
    await house.set("sensor.door", "unavailable")
    await house.set("sensor.door", "off")
    await house.advance(9)
    before = list(house.heard)
    await house.advance(1)

    assert before == []
    assert hits(house) == [("unavailable", "off")]


async def test_for_with_only_from_ends_by_going_back_and_by_nothing_else(house: RuleHome) -> None:
    await house.set("light.hall", "on")
    house.watch("- {trigger: state, entity_id: light.hall, from: 'on', for: 5}", WHO)

    await house.set("light.hall", "off")
    await house.advance(3)
    await house.set("light.hall", "dim")
    await house.advance(2)
    await house.set("light.hall", "on")
    await house.set("light.hall", "off")
    await house.advance(4)
    await house.set("light.hall", "on")
    await house.advance(10)

    assert hits(house) == [("on", "off")]


async def test_for_without_any_filter_counts_each_change_by_itself(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.watch("- {trigger: state, entity_id: light.hall, for: 5}", WHO)

    await house.set("light.hall", "on")
    await house.advance(2)
    await house.set("light.hall", "on", brightness=3)
    await house.advance(10)

    assert hits(house) == [("off", "on"), ("on", "on")]


async def test_a_state_that_holds_at_the_start_starts_no_for(house: RuleHome) -> None:
    await house.set("light.hall", "on")
    house.watch("- {trigger: state, entity_id: light.hall, to: 'on', for: 5}", WHO)

    await house.advance(60)

    assert house.heard == []


async def test_turning_the_rule_off_and_on_forgets_a_running_for(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.watch("- {trigger: state, entity_id: light.hall, to: 'on', for: 5}", WHO)

    await house.set("light.hall", "on")
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.home.services.call("automation", "turn_on", {"entity_id": "automation.rule"})
    await house.advance(60)

    assert house.heard == []


async def test_a_templated_for_sees_the_trigger(house: RuleHome) -> None:
    await house.set("light.hall", "off")
    house.watch("- {trigger: state, entity_id: light.hall, to: 'on', for: '{{ trigger.to_state.attributes.s }}'}", WHO)

    await house.set("light.hall", "on", s=7)
    await house.advance(7)

    assert [hit["for"] for hit in house.heard] == ["0:00:07"]


async def test_a_templated_for_that_gives_no_duration_is_logged_and_nothing_fires(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    await house.set("light.hall", "off")
    house.watch("- {trigger: state, entity_id: light.hall, to: 'on', for: \"{{ 'soon' }}\"}", WHO)

    await house.set("light.hall", "on")
    await house.advance(60)

    assert house.heard == []
    assert "rule Rule, trigger/0 (rules.yaml:3:7): for: expected a number of seconds" in caplog.text


async def test_restored_states_fire_nothing(house: RuleHome) -> None:
    known = house.home.states.set("light.hall", "on")
    house.watch("- {trigger: state, entity_id: light.hall}", WHO)

    house.home.states.restore(known)
    await house.set("light.hall", "on")

    assert house.heard == []


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ("to: on", 'rule.yaml:4:10: triggers[0].to: expected text, got true; quote it: "on" or "off"'),
        ("to: 5", 'rule.yaml:4:10: triggers[0].to: expected text, got 5; quote it: "5"'),
        ("from: a, not_from: b", "rule.yaml:4:25: triggers[0].not_from: from and not_from exclude each other"),
        ("form: a", "rule.yaml:4:6: triggers[0].form: unknown key; did you mean 'for'?"),
        ("for: '-00:01'", "rule.yaml:4:11: triggers[0].for: expected a duration of 0 or more, got '-00:01'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(house: RuleHome, keys: str, error: str) -> None:
    text = f"""\
    alias: A
    triggers:
      - {{trigger: state, entity_id: light.hall,
         {keys}}}
    actions: []
    """

    assert house.errors(text) == [error]
