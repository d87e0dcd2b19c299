"""Events over HTTP."""

from typing import Any

import pytest

from inglenook.model import Event

from .rest_client import rest_client


async def test_it_tells_how_many_listen_to_what() -> None:
    async with rest_client() as (gateway, client):
        gateway.home.bus.listen("door_opened", print)
        gateway.home.bus.listen("door_opened", repr)
        gateway.home.bus.listen("*", repr)

        found = {row["event"]: row["listener_count"] for row in await client.get("/api/events")}

        assert (found["door_opened"], found["*"]) == (2, 1)


async def test_an_event_is_fired_with_its_data_and_who_fired_it() -> None:
    async with rest_client() as (gateway, client):
        heard: list[Event] = []
        gateway.home.bus.listen("door_opened", heard.append)

        answers = [await client.ask("POST", "/api/events/door_opened", body) for body in ({"by": "cat"}, None)]

        assert answers == [(200, {"message": "Event door_opened fired."})] * 2
        assert [event.data for event in heard] == [{"by": "cat"}, {}]
        assert heard[0].origin == "REMOTE"
        assert heard[0].context.user_id is not None


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("x", b"[1]", "Event data should be a JSON object."),
        ("x", b"{", "Event data should be valid JSON."),
        ("x" * 65, b"{}", "at most 64"),
        ("state_changed", b"{}", "write that"),
    ],
)
async def test_what_is_no_event_is_refused(path: str, body: Any, said: str) -> None:
    async with rest_client() as (gateway, client):
        heard: list[Event] = []
        gateway.home.bus.listen(path, heard.append)

        answer = await client.answer("POST", f"/api/events/{path}", data=body)

        assert answer.status == 400
        assert said in (await answer.json())["message"]
        assert not heard
