"""The step that calls a service."""

import asyncio
from typing import Any

import pytest
import voluptuous as vol
from tests.core.rules.house import RuleHome

from inglenook.model import ServiceCall


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("action: light.turn_on, target: {entity_id: light.a}, data: {b: 1}", {"b": 1, "entity_id": ["light.a"]}),
        ("service: Light.Turn_On, entity_id: 'light.a, light.b'", {"entity_id": ["light.a", "light.b"]}),
        ("service_template: \"light.turn_{{ 'on' }}\", data_template: {b: '{{ 1 + 1 }}'}", {"b": 2}),
        ("action: light.turn_on, data: {b: 1, c: '5'}, data_template: {b: 2}", {"b": 2, "c": "5"}),
        ("action: light.turn_on, data: {entity_id: light.x}, target: {entity_id: light.a}", {"entity_id": ["light.a"]}),
        ("action: light.turn_on, data: \"{{ {'b': go.n} }}\"", {"b": 4}),
        ("action: light.turn_on, target: \"{{ {'entity_id': 'light.a'} }}\"", {"entity_id": ["light.a"]}),
        ("action: light.turn_on, target: {entity_id: [a.a, \"{{ 'b.b' }}\"]}", {"entity_id": ["a.a", "b.b"]}),
        ("action: light.turn_on, data: {\"{{ 'k' }}\": [1, {x: \"{{ '2' }}\"}]}", {"k": [1, {"x": 2}]}),
        ("action: light.turn_on, target: {entity_id: []}", {}),
        ("action: light.turn_on, metadata: {}", {}),
    ],
)  # fmt: skip
async def test_every_spelling_of_data_and_target(house: RuleHome, call: str, expected: dict[str, Any]) -> None:
    house.act(f"- {{{call}}}", variables="{go: {n: 4}}")

    await house.go()

    assert house.calls == [("light.turn_on", expected)]


async def test_a_constant_call_follows_a_service_that_is_offered_anew(house: RuleHome) -> None:
    heard: list[Any] = []
    house.act("- {action: test.record, data: {n: '5'}}")
    await house.go()

    house.home.services.register(
        "test", "record", lambda call: heard.append(call.data), vol.Schema({"n": vol.Coerce(int)})
    )
    await house.go()

    assert house.calls == [("test.record", {"n": "5"})]
    assert heard == [{"n": 5}]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("action: light.explode", "service light.explode not found"),
        ("action: \"{{ 'nonsense' }}\"", "expected a service like light.turn_on, got 'nonsense'"),
        ("action: test.record, data: \"{{ 'oops' }}\"", "data: expected a mapping, the template gave 'oops'"),
        ("action: test.record, data: {n: '{{ 1 / 0 }}'}", "ZeroDivisionError"),
        ("action: test.record, response_variable: r", "test.record gives no response"),
        ("action: test.strict, data: {n: x}", "test.strict: n: expected int"),
    ],
)
async def test_a_call_that_fails_ends_the_run_and_the_log_says_where(
    house: RuleHome, caplog: pytest.LogCaptureFixture, call: str, message: str
) -> None:
    house.home.services.register("test", "strict", lambda _: None, vol.Schema({"n": int}))
    house.act(f"- event: hit\n- {{{call}}}\n- event: hit")

    await house.go()

    assert house.heard == [{}]
    assert "rule Rule failed at action/1 (rules.yaml:5:7): " in caplog.text
    assert message in caplog.text


async def test_a_run_waits_for_a_service_that_takes_its_time(house: RuleHome) -> None:
    async def slow(call: ServiceCall) -> dict[str, Any]:
        await house.home.clock.sleep(5)
        return {"answer": 42}

    house.home.services.register("test", "slow", slow, supports_response="only")
    house.act("- {action: test.slow, response_variable: r}\n- {event: hit, event_data: {a: '{{ r.answer }}'}}")

    await house.go()
    before = list(house.heard)
    await house.advance(5)

    assert before == []
    assert house.heard == [{"a": 42}]


async def test_a_response_is_required_of_a_service_that_does_nothing_else(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.home.services.register("test", "ask", lambda _: {"a": 1}, supports_response="only")
    house.act("- action: test.ask\n- event: hit")

    await house.go()

    assert house.heard == []
    assert "give it a response_variable" in caplog.text


async def test_calls_carry_the_context_of_the_run_which_knows_its_cause(house: RuleHome) -> None:
    calls: list[ServiceCall] = []
    events: list[str] = []
    house.home.bus.listen("go", lambda event: events.append(event.context.id))
    house.home.services.register("test", "record", calls.append)
    house.act("- action: test.record\n- {action: test.record, data: {n: '{{ 1 }}'}}")

    await house.go()

    first, second = calls
    assert first.context is second.context
    assert first.context.parent_id == events[0]


async def test_stopping_the_rule_cancels_the_service_it_waits_for(house: RuleHome) -> None:
    ended: list[str] = []

    async def slow(call: ServiceCall) -> None:
        try:
            await house.home.clock.sleep(50)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    house.home.services.register("test", "slow", slow)
    house.act("- action: test.slow\n- event: hit")

    await house.go()
    await house.home.services.call("automation", "turn_off", {"entity_id": "automation.rule"})
    await house.advance(100)

    assert (ended, house.heard) == (["cancelled"], [])


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("action: light.turn_on, foo: 1", "foo: unknown key"),
        ("action: light.turn_on, data: null", "data: expected a mapping, got null"),
        ("action: light.turn_on, target: light.k", "target: expected a mapping, got 'light.k'"),
        (
            "action: light.turn_on, entity_id: '{{ x }}'",
            "entity_id: expected entity ids, got '{{ x }}'; write a template under target",
        ),
        ("action: light.turn_on, metadata: x", "metadata: expected a mapping, got 'x'"),
        ("action: light.turn_on, target: {entty_id: x}", "target.entty_id: unknown key; did you mean 'entity_id'?"),
        ("action: a.b, service: c.d", "service: 'action' and 'service' are the same thing; keep 'action'"),
        ("action: turn_on", "action: expected a service like light.turn_on, got 'turn_on'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(house: RuleHome, call: str, error: str) -> None:
    (found,) = house.errors(f"{{triggers: [], actions: [{{{call}}}]}}")

    assert found.endswith(f"actions[0].{error}")
