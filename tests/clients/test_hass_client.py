"""hass-client, the library, against a running home."""

import asyncio
from typing import Any

import pytest
from hass_client import HomeAssistantClient
from hass_client.exceptions import AuthenticationFailed, FailedCommand

from inglenook.auth import Role
from inglenook.testing.gateway import Gateway, running_gateway


async def token_of(gateway: Gateway) -> str:
    user = await gateway.auth.create_user("somebody", role=Role.OWNER)
    return gateway.auth.create_long_lived(user, "hass-client")


def url_of(gateway: Gateway) -> str:
    return f"ws://127.0.0.1:{gateway.server.port}/api/websocket"


async def test_it_reads_states_hears_of_changes_and_calls_services() -> None:
    async with running_gateway() as gateway:
        calls: list[Any] = []
        gateway.home.services.register("test", "note", calls.append, has_target=False)
        gateway.home.states.set("sensor.hall", "20", {"unit_of_measurement": "°C"})
        async with HomeAssistantClient(url_of(gateway), await token_of(gateway)) as client:
            heard: asyncio.Queue[Any] = asyncio.Queue()
            await client.subscribe_entities(heard.put_nowait, ["sensor.hall"])
            first = await asyncio.wait_for(heard.get(), 5)
            gateway.home.states.set("sensor.hall", "21", {"unit_of_measurement": "°C"})
            second = await asyncio.wait_for(heard.get(), 5)
            states = await client.get_states()
            await client.call_service("test", "note", {"a": 1})
            with pytest.raises(FailedCommand, match="not found"):
                await client.call_service("no", "such")

    assert first["a"]["sensor.hall"]["s"] == "20"
    assert second["c"]["sensor.hall"]["+"]["s"] == "21"
    assert [state["entity_id"] for state in states] == ["sensor.hall"]
    assert calls[0].data == {"a": 1}


async def test_a_wrong_token_is_told_as_one() -> None:
    async with running_gateway() as gateway:
        client = HomeAssistantClient(url_of(gateway), "wrong")

        with pytest.raises(AuthenticationFailed):
            await client.connect()

        await client.disconnect()
