"""The step that does several things at once."""

import pytest
from tests.core.rules.house import RuleHome


def seen(house: RuleHome) -> list[object]:
    return [hit.get("w") for hit in house.heard]


def hit(word: str) -> str:
    return f"{{event: hit, event_data: {{w: {word}}}}}"


async def test_branches_go_on_at_once_and_all_are_waited_for(house: RuleHome) -> None:
    house.act(
        f"""
        - parallel:
            - sequence: [{{delay: 5}}, {hit("slow")}]
            - [{{delay: 3}}, {hit("fast")}]
            - {hit("now")}
        - {hit("after")}
        """
    )

    await house.go()
    first = seen(house)
    await house.advance(5)

    assert first == ["now"]
    assert seen(house) == ["now", "fast", "slow", "after"]


async def test_branches_that_never_wait_are_done_at_once(house: RuleHome) -> None:
    house.act(f"- parallel: [{hit('a')}, {hit('b')}]\n- {hit('after')}")

    house.home.bus.fire("go")

    assert seen(house) == ["a", "b", "after"]


async def test_an_error_lets_the_other_branches_end_and_then_ends_the_run(house: RuleHome) -> None:
    house.act(f"- parallel: [{{action: no.service}}, {{sequence: [{{delay: 2}}, {hit('b')}]}}]\n- {hit('after')}")

    await house.go()
    await house.advance(2)

    assert seen(house) == ["b"]


async def test_a_stop_lets_the_other_branches_end_and_then_ends_the_run(house: RuleHome) -> None:
    house.act(f"- parallel: [{{stop: enough}}, {{sequence: [{{delay: 2}}, {hit('b')}]}}]\n- {hit('after')}")

    await house.go()
    await house.advance(2)

    assert seen(house) == ["b"]


async def test_variables_are_shared_but_wait_and_repeat_are_a_branch_own(house: RuleHome) -> None:
    house.act(
        """
        - parallel:
            - repeat:
                count: 2
                sequence: [{delay: 2}, {variables: {x: "{{ repeat.index }}"}}]
            - sequence:
                - delay: 3
                - {wait_template: "{{ true }}"}
                - event: hit
                  event_data: {x: "{{ x }}", repeat: "{{ repeat is defined }}", wait: "{{ wait.completed }}"}
        - {event: hit, event_data: {x: "{{ x }}", wait: "{{ wait is defined }}"}}
        """
    )

    await house.go()
    await house.advance(4)

    assert house.heard == [{"x": 1, "repeat": False, "wait": True}, {"x": 2, "wait": False}]


async def test_stopping_the_run_stops_every_branch(house: RuleHome) -> None:
    house.act(f"- parallel: [[{{delay: 2}}, {hit('a')}], [{{delay: 3}}, {hit('b')}]]\n- {hit('after')}")

    await house.go()
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.advance(5)

    assert house.heard == []
    assert house.engine.statistics()["waiting"] == 0


@pytest.mark.parametrize("branches", ["abc", "[{then: []}]"])
def test_a_branch_is_an_action_or_a_list_of_them(house: RuleHome, branches: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [{{parallel: {branches}}}]}}")
