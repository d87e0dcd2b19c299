"""States over HTTP: read, written and taken away, as clients of Home Assistant expect."""

from typing import Any

import pytest

from inglenook.model import Event

from .rest_client import rest_client


async def test_states_are_read_one_by_one_and_all_at_once() -> None:
    async with rest_client() as (gateway, client):
        gateway.home.states.set("sensor.hall", "20", {"unit_of_measurement": "°C"})

        assert [state["entity_id"] for state in await client.get("/api/states")] == ["sensor.hall"]
        one = await client.get("/api/states/sensor.Hall")
        assert (one["state"], one["attributes"]) == ("20", {"unit_of_measurement": "°C"})
        assert await client.ask("GET", "/api/states/sensor.no") == (404, {"message": "Entity not found."})


async def test_a_new_state_is_made_and_then_replaced_as_a_whole() -> None:
    async with rest_client() as (gateway, client):
        made = await client.answer("POST", "/api/states/sensor.new", json={"state": 5, "attributes": {"a": 1}})
        again = await client.ask("POST", "/api/states/SENSOR.new", {"state": "6"})

        assert (made.status, made.headers["Location"]) == (201, "/api/states/sensor.new")
        assert again[0] == 200
        assert (again[1]["state"], again[1]["attributes"]) == ("6", {})
        state = gateway.home.states.get("sensor.new")
        assert state is not None
        assert state.context.user_id == again[1]["context"]["user_id"] is not None


async def test_a_state_that_is_the_same_is_told_again_only_by_force() -> None:
    async with rest_client() as (gateway, client):
        heard: list[Event] = []
        gateway.home.bus.listen("state_changed", heard.append)
        for body in ({"state": "a"}, {"state": "a"}, {"state": "a", "force_update": True}):
            await client.ask("POST", "/api/states/sensor.new", body)

        assert len(heard) == 2


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("sensor.a", {"attributes": {}}, "No state specified."),
        ("sensor.a", {"state": None}, "No state specified."),
        ("sensor.a", None, "No state specified."),
        ("sensor.a", [], "Invalid JSON specified."),
        ("sensor.a", {"state": "x" * 256}, "Invalid state specified"),
        ("sensor.a", {"state": {"a": 1}}, "Invalid state specified"),
        ("sensor.a", {"state": "a", "attributes": [1]}, "Invalid attributes specified"),
        ("nothing", {"state": "a"}, "Invalid entity ID specified."),
        ("sensor.a__b", {"state": "a"}, "Invalid entity ID specified."),
        ("sensor.%C3%A4", {"state": "a"}, "Invalid entity ID specified."),
    ],
)
async def test_what_is_no_state_is_refused(path: str, body: Any, said: str) -> None:
    async with rest_client() as (gateway, client):
        status, answer = await client.ask("POST", f"/api/states/{path}", body)

        assert status == 400
        assert said in answer["message"]
        assert len(gateway.home.states) == 0


async def test_a_state_is_taken_away_once() -> None:
    async with rest_client() as (gateway, client):
        gateway.home.states.set("sensor.hall", "20")

        assert await client.ask("DELETE", "/api/states/sensor.hall") == (200, {"message": "Entity removed."})
        assert await client.ask("DELETE", "/api/states/sensor.hall") == (404, {"message": "Entity not found."})
