"""Commands that use parts of rules: triggers, conditions, actions, and what a target reaches."""

from typing import Any

import pytest

from inglenook.entity import Entity

from .clients import client_of_a_home

STATE_TRIGGER = {"trigger": "state", "entity_id": "light.a", "to": "on", "id": "x"}


async def test_a_client_hears_of_each_firing_of_its_triggers() -> None:
    async with client_of_a_home() as (gateway, client):
        triggers = [{"platform": "event", "event_type": "other"}, STATE_TRIGGER]
        await client.result("subscribe_trigger", trigger=triggers, variables={"a": 1})
        gateway.home.states.set("light.a", "off")
        gateway.home.states.set("light.a", "on")

        event = await client.event()
        await client.result("unsubscribe_events", subscription=1)
        gateway.home.states.set("light.a", "off")
        gateway.home.states.set("light.a", "on")
        await client.ask("ping")

        trigger = event["variables"]["trigger"]
        state = gateway.home.states.get("light.a")
        assert state is not None
        assert event["variables"]["a"] == 1
        assert {key: trigger[key] for key in ("id", "idx", "platform", "description")} == {
            "id": "x", "idx": "1", "platform": "state", "description": "state of light.a",
        }  # fmt: skip
        keys = {"entity_id", "state", "attributes", "last_changed", "last_reported", "last_updated", "context"}
        assert trigger["to_state"].keys() == keys
        assert (trigger["to_state"]["state"], trigger["to_state"]["last_changed"][-6:]) == ("on", "+00:00")
        assert trigger["to_state"]["context"].keys() == {"id", "parent_id", "user_id"}
        assert len(event["context"]["id"]) == 26
        assert not client.events


async def test_a_client_is_sent_the_event_that_it_waits_for_as_events_are() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("subscribe_trigger", trigger={"trigger": "event", "event_type": "go"})
        gateway.home.bus.fire("go", {"n": 1})

        event = (await client.event())["variables"]["trigger"]["event"]

        assert event.keys() == {"event_type", "data", "origin", "time_fired", "context"}
        assert (event["data"], event["time_fired"][-6:]) == ({"n": 1}, "+00:00")


async def test_a_trigger_that_is_none_is_refused_with_what_is_wrong() -> None:
    async with client_of_a_home() as (_, client):
        answer = await client.ask("subscribe_trigger", trigger={"trigger": "stat", "entity_id": "light.a"})

        assert answer["error"]["code"] == "invalid_format"
        assert "'state'" in answer["error"]["message"]


@pytest.mark.parametrize(
    "condition",
    [
        {"condition": "state", "entity_id": "light.a", "state": "on"},
        {"or": [{"condition": "state", "entity_id": "light.a", "state": "on"}, "{{ false }}"]},
        [{"condition": "template", "value_template": "{{ is_state('light.a', 'on') }}"}],
        {"condition": "light.is_on", "target": {"area_id": "hall"}},
    ],
)
async def test_a_client_hears_when_a_condition_begins_and_ceases_to_hold(condition: Any) -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.home.registry.areas.create("Hall")
        entry = gateway.home.registry.ensure_entity("light", "test", "1", suggested_object_id="a", area_id="hall")
        gateway.home.states.set(entry.entity_id, "off")

        await client.result("subscribe_condition", condition=condition)
        first = await client.event()
        gateway.home.states.set("light.a", "on")
        gateway.home.states.set("light.a", "on", {"brightness": 1})
        gateway.home.states.set("light.a", "off")
        later = [await client.event() for _ in range(2)]
        now = await client.result("test_condition", condition=condition)

        assert [first, *later] == [{"result": False}, {"result": True}, {"result": False}]
        assert now == {"result": False}
        assert not client.events


async def test_a_condition_without_an_answer_is_an_error() -> None:
    async with client_of_a_home() as (_, client):
        condition = {"condition": "state", "entity_id": "light.no", "state": "on"}

        await client.result("subscribe_condition", condition=condition)

        assert "light.no" in (await client.event())["error"]
        assert await client.code("test_condition", condition=condition) == "home_assistant_error"
        assert await client.code("test_condition", condition={"condition": "no"}) == "invalid_format"
        off = {**condition, "enabled": False}
        assert await client.result("test_condition", condition=off) == {"result": None}


async def test_the_parts_of_a_rule_are_checked_as_asked() -> None:
    async with client_of_a_home() as (_, client):
        found = await client.result(
            "validate_config",
            triggers=[STATE_TRIGGER],
            conditions=[{"condition": "state", "entity_id": "light.a"}],
            actions=[{"action": "light.turn_on", "data": {"x": "{{ 1 +"}}],
        )

        assert found["triggers"] == {"valid": True, "error": None}
        assert not found["conditions"]["valid"]
        assert "state" in found["conditions"]["error"]
        assert not found["actions"]["valid"]
        assert await client.result("validate_config", conditions=[]) == {"conditions": {"valid": True, "error": None}}


async def test_actions_are_carried_out_in_the_name_of_the_user() -> None:
    async with client_of_a_home() as (gateway, client):
        contexts: list[Any] = []
        gateway.home.bus.listen("done", lambda event: contexts.append((event.data, event.context)))

        answer = await client.result(
            "execute_script",
            sequence=[
                {"event": "done", "event_data": {"a": "{{ a }}"}},
                {"delay": 0.01},
                {"variables": {"found": {"b": 2}}},
                {"stop": "enough", "response_variable": "found"},
            ],
            variables={"a": 1},
        )

        ((data, context),) = contexts
        assert data == {"a": 1}
        assert answer == {
            "context": {"id": context.id, "parent_id": None, "user_id": gateway.auth.users()[0].id},
            "response": {"b": 2},
        }


@pytest.mark.parametrize(
    ("sequence", "code"),
    [
        ({"action": "no.such"}, "not_found"),
        ({"stop": "wrong", "error": True}, "home_assistant_error"),
        ({"no": 1}, "invalid_format"),
        (None, "invalid_format"),
    ],
)
async def test_actions_that_fail_say_why(sequence: Any, code: str) -> None:
    async with client_of_a_home() as (_, client):
        assert await client.code("execute_script", sequence=sequence) == code


async def test_actions_that_wait_do_not_keep_the_home_from_stopping() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.socket.send_json({"id": 1, "type": "execute_script", "sequence": [{"delay": 3600}]})
        client.last_id = 1
        await client.ask("ping")

        assert gateway.engine.statistics()["waiting"] == 1
        await gateway.engine.stop()

        answer = await client.receive()
        assert answer["error"]["code"] == "home_assistant_error"


class Lamp(Entity):
    """A light in a device."""

    domain = "light"
    state = True
    unique_id = "1"
    name = "A"


async def test_a_target_is_told_with_what_it_reaches_and_what_is_missing() -> None:
    async with client_of_a_home() as (gateway, client):
        registry = gateway.home.registry
        registry.floors.create("Ground")
        registry.areas.create("Hall", floor_id="ground")
        device = registry.ensure_device("test", "d", area_id="hall")
        lamp = Lamp()
        lamp.device_id = device.id
        gateway.home.entities.add(lamp, "test")
        target = {"floor_id": "ground", "entity_id": ["light.b"], "device_id": ["no"], "label_id": "none"}

        found = await client.result("extract_from_target", target=target)

        assert found == {
            "referenced_entities": ["light.a", "light.b"], "referenced_devices": [device.id],
            "referenced_areas": ["hall"], "missing_devices": ["no"], "missing_areas": [], "missing_floors": [],
            "missing_labels": ["none"],
        }  # fmt: skip
        triggers = await client.result("get_triggers_for_target", target=target)
        conditions = await client.result("get_conditions_for_target", target=target)
        services = await client.result("get_services_for_target", target=target)
        assert {"light.turned_on", "light.turned_off"} <= set(triggers)
        assert not {"switch.turned_on", "sun.elevation_changed"} & set(triggers)
        assert "light.is_on" in conditions
        assert all(one.partition(".")[0] in ("light", "homeassistant") for one in services)
        assert await client.result("get_services_for_target", target={}) == []


async def test_editors_are_told_of_the_kinds_that_are_for_some_purpose() -> None:
    async with client_of_a_home() as (_, client):
        await client.result("trigger_platforms/subscribe")
        triggers = await client.event()
        await client.result("condition_platforms/subscribe")
        conditions = await client.event()
        await client.result("unsubscribe_events", subscription=1)

        assert triggers["door.opened"]["target"]["entity"] == [
            {"domain": ["binary_sensor"], "device_class": ["door"]},
            {"domain": ["cover"], "device_class": ["door"]},
        ]
        behavior = triggers["light.turned_on"]["fields"]["behavior"]
        assert behavior["selector"] == {"select": {"options": ["each", "first", "all"]}}
        assert conditions["light.is_on"]["fields"]["for"] == {"required": False, "selector": {"duration": {}}}
