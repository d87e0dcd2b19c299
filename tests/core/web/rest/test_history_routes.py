"""Routes of the past: history and logbook."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from inglenook.auth import Role

from .rest_client import rest_client


async def test_past_states_are_lists_of_states_by_entity() -> None:
    async with rest_client(Role.READ_ONLY) as (gateway, client):
        states = gateway.home.states
        for brightness, text in ((1, "on"), (2, "on"), (3, "off")):
            states.set("light.hall", text, {"brightness": brightness})
        where = "/api/history/period?filter_entity_id=Light.Hall,light.no"

        (plain,) = await client.get(where)
        (every,) = await client.get(where + "&significant_changes_only=0")
        (short,) = await client.get(where + "&minimal_response&no_attributes")

        assert [one["state"] for one in plain] == ["on", "off"]
        assert plain[0].keys() >= {"entity_id", "attributes", "last_changed", "last_updated", "context"}
        assert [one["attributes"]["brightness"] for one in every] == [1, 2, 3]
        assert short[0]["attributes"] == {}
        assert short[1].keys() == {"state", "last_changed"}


@pytest.mark.parametrize("plus", ["+", "%2B"])
async def test_a_moment_may_have_its_plus_escaped_or_not(plus: str) -> None:
    async with rest_client() as (gateway, client):
        gateway.home.states.set("light.hall", "off")
        gateway.home.states.set("light.hall", "on")
        east = timezone(timedelta(hours=2))
        start = (datetime.now(east) - timedelta(hours=1)).isoformat().replace("+", plus)
        end = (datetime.now(east) + timedelta(hours=1)).isoformat().replace("+", plus)

        (states,) = await client.get(f"/api/history/period/{start}?filter_entity_id=light.hall&end_time={end}")
        entries = await client.get(f"/api/logbook/{start}?entity=light.hall&end_time={end}")

        assert [one["state"] for one in states] == ["off", "on"]
        assert [(one["name"], one["state"]) for one in entries] == [("hall", "on")]
        assert datetime.fromisoformat(entries[0]["when"]).tzinfo is not None


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/api/history/period", "filter_entity_id is missing"),
        ("/api/history/period?filter_entity_id=x", "Invalid filter_entity_id"),
        ("/api/history/period/today?filter_entity_id=light.x", "Invalid datetime"),
        ("/api/history/period?filter_entity_id=light.x&end_time=z", "Invalid end_time"),
        ("/api/logbook/today", "Invalid datetime"),
        ("/api/logbook?end_time=z", "Invalid end_time"),
        ("/api/logbook?period=0", "Invalid period"),
        ("/api/logbook?period=x", "Invalid period"),
        ("/api/logbook/0001-01-01T00:00:00?period=99999", "Invalid period"),
        ("/api/logbook?entity=light.x&context_id=c", "Can't combine entity with context_id"),
        ("/api/logbook?entity=x", "Invalid entity id(s) encountered: x. Format should be <domain>.<object_id>"),
    ],
)
async def test_what_cannot_be_read_is_refused(path: str, message: str) -> None:
    async with rest_client() as (_, client):
        assert await client.ask("GET", path) == (400, {"message": message})


async def test_a_period_may_be_days_and_one_to_come_is_empty() -> None:
    async with rest_client() as (gateway, client):
        gateway.home.states.set("light.hall", "off")
        gateway.home.states.set("light.hall", "on")
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()

        assert await client.get(f"/api/history/period/{tomorrow}?filter_entity_id=light.hall") == []
        assert [one["state"] for one in await client.get("/api/logbook?period=2&entity=light.hall")] == ["on"]


@pytest.mark.parametrize(
    ("start", "end"),
    [("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"), ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")],
)
async def test_a_period_may_begin_and_end_with_all_years_there_are(start: str, end: str) -> None:
    async with rest_client() as (gateway, client):
        gateway.home.states.set("light.hall", "off")
        gateway.home.states.set("light.hall", "on")
        start, end = start.replace("+", "%2B"), end.replace("+", "%2B")

        (states,) = await client.get(f"/api/history/period/{start}?filter_entity_id=light.hall&end_time={end}")
        entries = await client.get(f"/api/logbook/{start}?entity=light.hall&end_time={end}")

    assert [one["state"] for one in states] == ["off", "on"]
    assert [one["state"] for one in entries] == ["on"]
