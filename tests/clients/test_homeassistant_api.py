"""HomeAssistant-API, the library, against a running home: over HTTP and over the WebSocket."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from homeassistant_api import Client, State, WebsocketClient
from homeassistant_api.errors import (
    BadTemplateError,
    EndpointNotFoundError,
    RequestError,
    UnauthorizedError,
)

from inglenook.auth import Role
from inglenook.model import ServiceCall
from inglenook.testing.gateway import Gateway, running_gateway

Result = TypeVar("Result")


async def token_of(gateway: Gateway, role: Role = Role.OWNER) -> str:
    user = await gateway.auth.create_user("somebody", role=role)
    return gateway.auth.create_long_lived(user, "HomeAssistant-API")


async def over_http(gateway: Gateway, act: Callable[[Client], Result], role: Role = Role.OWNER) -> Result:
    """Let the library, which waits, act in a thread of its own."""
    token = await token_of(gateway, role)

    def run() -> Result:
        with Client(f"http://127.0.0.1:{gateway.server.port}/api", token) as client:
            return act(client)

    return await asyncio.to_thread(run)


async def over_websocket(gateway: Gateway, act: Callable[[WebsocketClient], Result]) -> Result:
    token = await token_of(gateway)

    def run() -> Result:
        with WebsocketClient(f"ws://127.0.0.1:{gateway.server.port}/api/websocket", token) as client:
            return act(client)

    return await asyncio.to_thread(run)


def offer(gateway: Gateway) -> None:
    home = gateway.home

    def change(call: ServiceCall) -> None:
        home.states.set("sensor.a", str(call.data["to"]), context=call.context)

    home.services.register("test", "change", change, has_target=False)
    home.services.register(
        "test", "answer", lambda call: {"heard": dict(call.data)}, has_target=False, supports_response="optional"
    )
    home.states.set("sensor.hall", "20", {"unit_of_measurement": "°C"})


async def test_it_reads_and_writes_states_over_http() -> None:
    def act(client: Client) -> Any:
        written = client.set_state(State(entity_id="sensor.new", state="5", attributes={"a": 1}))
        entity = client.get_entity(entity_id="sensor.hall")
        assert entity is not None
        return (
            written.state, client.get_state(entity_id="sensor.new").attributes, entity.state.state,
            sorted(state.entity_id for state in client.get_states()), set(client.get_entities()),
        )  # fmt: skip

    async with running_gateway() as gateway:
        offer(gateway)

        state, attributes, hall, ids, groups = await over_http(gateway, act)

    assert (state, attributes["a"], hall) == ("5", 1, "20")
    assert ids == ["sensor.hall", "sensor.new"]
    assert groups == {"sensor"}


async def test_it_calls_services_over_http() -> None:
    def act(client: Client) -> Any:
        changed = client.trigger_service("test", "change", to=7)
        states, response = client.trigger_service_with_response("test", "answer", a=1)
        domains = client.get_domains()
        with pytest.raises(RequestError):
            client.trigger_service("no", "such")
        return [(state.entity_id, state.state) for state in changed], states, response, domains

    async with running_gateway() as gateway:
        offer(gateway)

        changed, states, response, domains = await over_http(gateway, act)

    assert changed == [("sensor.a", "7")]
    assert (states, response) == ((), {"heard": {"a": 1}})
    assert {"test", "light"} <= set(domains)
    assert "turn_on" in domains["light"].services


async def test_it_learns_about_the_home_over_http() -> None:
    def act(client: Client) -> None:
        assert client.check_api_running()
        assert client.check_api_config()
        assert client.get_config()["state"] == "RUNNING"
        assert "automation" in client.get_components()
        assert client.get_rendered_template("{{ states('sensor.hall') }}") == "20"
        assert "to be found in the log" in client.get_error_log()
        with pytest.raises(BadTemplateError):
            client.get_rendered_template("{{ 1 / 0 }}")
        with pytest.raises(EndpointNotFoundError):
            client.get_state(entity_id="sensor.no")

    async with running_gateway() as gateway:
        offer(gateway)
        await gateway.home.services.call("system_log", "write", {"message": "to be found in the log"})

        await over_http(gateway, act)


async def test_it_fires_events_over_http_and_sees_who_listens() -> None:
    def act(client: Client) -> Any:
        event = client.get_event("door_opened")
        assert event is not None
        return client.fire_event("door_opened", by="cat"), event.listener_count

    async with running_gateway() as gateway:
        heard: list[Any] = []
        gateway.home.bus.listen("door_opened", lambda event: heard.append(event.data))

        answer = await over_http(gateway, act)

    assert answer == ("Event door_opened fired.", 1)
    assert heard == [{"by": "cat"}]


async def test_who_may_not_is_told_so_over_http() -> None:
    def act(client: Client) -> None:
        assert client.get_states()
        with pytest.raises(UnauthorizedError):
            client.fire_event("door_opened")
        with pytest.raises(UnauthorizedError):
            client.get_rendered_template("{{ 1 }}")

    async with running_gateway() as gateway:
        offer(gateway)

        await over_http(gateway, act, Role.USER)


async def test_it_does_the_same_over_the_websocket() -> None:
    def act(client: WebsocketClient) -> Any:
        client.trigger_service("test", "change", to=8)
        response = client.trigger_service_with_response("test", "answer", a=1)
        with client.listen_events("door_opened") as events:
            context = client.fire_event("door_opened", by="cat")
            event = next(events)
        assert client.ping_latency() >= 0
        assert client.get_config()["state"] == "RUNNING"
        assert "test" in client.get_domains()
        states = {state.entity_id: state.state for state in client.get_states()}
        return response, states, context.id, event

    async with running_gateway() as gateway:
        offer(gateway)

        response, states, context_id, event = await over_websocket(gateway, act)

    assert response == {"heard": {"a": 1}}
    assert states == {"sensor.hall": "20", "sensor.a": "8"}
    assert event.data == {"by": "cat"}
    assert event.context.id == context_id
