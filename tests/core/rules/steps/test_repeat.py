"""The step that repeats."""

import pytest
from tests.core.rules.house import RuleHome

ROUND = "{event: hit, event_data: {i: '{{ repeat.index }}', f: '{{ repeat.first }}', l: '{{ repeat.last }}'}}"


def indexes(house: RuleHome) -> list[object]:
    return [hit["i"] for hit in house.heard]


@pytest.mark.parametrize(("count", "passes"), [("3", 3), ("0", 0), ("-2", 0), ("'{{ 2.7 }}'", 2)])
async def test_count(house: RuleHome, count: str, passes: int) -> None:
    house.act(f"- repeat: {{count: {count}, sequence: [{ROUND}]}}")

    await house.go()

    assert indexes(house) == list(range(1, passes + 1))
    if passes:
        assert (house.heard[0]["f"], house.heard[-1]["l"]) == (True, True)


async def test_for_each_takes_items_or_a_template(house: RuleHome) -> None:
    house.act(
        """
        - repeat:
            for_each: [{m: 1}, "{{ 1 + 1 }}"]
            sequence: {event: hit, event_data: {i: "{{ repeat.item }}"}}
        - repeat:
            for_each: "{{ ['a', 'b'] }}"
            sequence: {event: hit, event_data: {i: "{{ repeat.item }}"}}
        """
    )

    await house.go()

    assert indexes(house) == [{"m": 1}, 2, "a", "b"]


@pytest.mark.parametrize("form", ["for_each: \"{{ {'a': 1} }}\"", "for_each: \"{{ 'ab' }}\"", "count: \"{{ 'x' }}\""])
async def test_a_template_that_gives_something_else_ends_the_run(house: RuleHome, form: str) -> None:
    house.act(f"- repeat: {{{form}, sequence: [{ROUND}]}}\n- event: hit")

    await house.go()

    assert house.heard == []


async def test_while_asks_before_and_until_after_each_pass(house: RuleHome) -> None:
    house.act(
        f"""
        - repeat: {{while: "{{{{ repeat.index < 3 }}}}", sequence: [{ROUND}]}}
        - repeat: {{until: "{{{{ repeat.index == 2 }}}}", sequence: [{ROUND}]}}
        """
    )

    await house.go()

    assert indexes(house) == [1, 2, 1, 2]
    assert house.heard[0]["l"] == ""


async def test_without_an_answer_while_is_false_and_until_is_over(house: RuleHome) -> None:
    unknown = "{condition: state, entity_id: light.none, state: 'on'}"
    house.act(
        f"""
        - repeat: {{while: {unknown}, sequence: [{ROUND}]}}
        - repeat: {{until: {unknown}, sequence: [{ROUND}]}}
        - event: hit
        """
    )

    await house.go()

    assert len(house.heard) == 2


async def test_a_loop_inside_a_loop_gives_repeat_back(house: RuleHome) -> None:
    house.act(
        """
        - repeat:
            count: 2
            sequence:
              - repeat:
                  count: 2
                  sequence: [{delay: 1}, {variables: {inner: "{{ repeat.index }}"}}]
              - {event: hit, event_data: {i: "{{ repeat.index }}", inner: "{{ inner }}"}}
        - {event: hit, event_data: {i: "{{ repeat is defined }}", inner: "{{ inner }}"}}
        """
    )

    await house.go()
    await house.advance(4)

    assert house.heard == [{"i": 1, "inner": 2}, {"i": 2, "inner": 2}, {"i": False, "inner": 2}]


async def test_a_false_condition_ends_the_pass_and_not_the_loop(house: RuleHome) -> None:
    house.act(f"- repeat: {{count: 3, sequence: [{{condition: '{{{{ repeat.index != 2 }}}}'}}, {ROUND}]}}")

    await house.go()

    assert indexes(house) == [1, 3]


async def test_a_long_loop_lets_the_rest_of_the_home_have_its_turn(house: RuleHome) -> None:
    turns: list[int] = []
    house.act("- repeat: {count: 1000, sequence: [{event: pass}]}\n- event: hit")
    passes: list[object] = []
    house.home.bus.listen("pass", passes.append)

    house.home.bus.fire("go")
    house.home.clock.call_soon(lambda: turns.append(len(passes)))
    for _ in range(30):
        await house.settle()

    assert turns[0] < 1000
    assert (len(passes), house.heard) == (1000, [{}])


async def test_a_loop_that_never_ends_is_ended(house: RuleHome, caplog: pytest.LogCaptureFixture) -> None:
    house.act("- repeat: {while: '{{ true }}', sequence: []}\n- event: hit")

    await house.go()
    for _ in range(100):
        await house.settle()

    assert house.heard == []
    assert "a loop of more than 10000 passes" in caplog.text


@pytest.mark.parametrize(
    "repeat", ["{sequence: []}", "{count: 1, while: [], sequence: []}", "{for_each: abc, sequence: []}", "{count: 1}"]
)
def test_a_loop_needs_exactly_one_form_and_a_sequence(house: RuleHome, repeat: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [{{repeat: {repeat}}}]}}")
