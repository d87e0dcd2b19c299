"""The steps that choose."""

import pytest
from tests.core.rules.house import RuleHome

BRANCHES = """
- choose:
    - conditions: "{{ trigger.event.data.n == 1 }}"
      sequence: {event: hit, event_data: {w: one}}
    - conditions: ["{{ trigger.event.data.n < 3 }}"]
      sequence:
        - condition: "{{ false }}"
        - event: hit
    - alias: broken
      conditions: {condition: state, entity_id: light.none, state: 'on'}
      sequence: []
    - conditions: []
      sequence: [{event: hit, event_data: {w: any}}]
  default: [{event: hit, event_data: {w: default}}]
- {event: hit, event_data: {w: after}}
"""


@pytest.mark.parametrize(("n", "expected"), [(1, ["one", "after"]), (2, ["after"]), (3, ["any", "after"])])
async def test_the_first_choice_that_holds_is_taken(house: RuleHome, n: int, expected: list[str]) -> None:
    house.act(BRANCHES)

    await house.go(n=n)

    assert [hit["w"] for hit in house.heard] == expected


async def test_without_a_match_the_default_is_taken(house: RuleHome) -> None:
    house.act("- choose: [{conditions: '{{ false }}', sequence: []}]\n  default: {event: hit}")

    await house.go()

    assert house.heard == [{}]


@pytest.mark.parametrize(("light", "expected"), [("on", ["then", "after"]), ("off", ["else", "after"])])
async def test_if_then_else(house: RuleHome, light: str, expected: list[str]) -> None:
    await house.set("light.hall", light)
    house.act(
        """
        - if: {condition: state, entity_id: light.hall, state: 'on'}
          then: {event: hit, event_data: {w: then}}
          else: [{delay: 1}, {event: hit, event_data: {w: else}}]
        - {event: hit, event_data: {w: after}}
        """
    )

    await house.go()
    await house.advance(1)

    assert [hit["w"] for hit in house.heard] == expected


async def test_an_if_without_an_answer_is_logged_and_taken_as_no(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- if: {condition: state, entity_id: light.none, state: 'on'}\n  then: []\n  else: {event: hit}")

    await house.go()

    assert house.heard == [{}]
    assert "rule Rule, action/0/if (rules.yaml:4:11): state: there is no entity light.none" in caplog.text


@pytest.mark.parametrize(
    "action",
    [
        "choose: [{conditions: [], sequence: [], enabled: false}]",
        "choose: [{conditions: hello, sequence: []}]",
        "choose: [{sequence: []}]",
        "if: '{{ x }}', else: []",
        "then: []",
    ],
)
def test_what_is_incomplete_is_refused(house: RuleHome, action: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [{{{action}}}]}}")
