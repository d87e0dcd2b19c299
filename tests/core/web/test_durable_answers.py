"""What a client was told is so is in the database: a home that is killed right after the answer still knows it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from inglenook.store import FILE_NAME
from inglenook.testing.gateway import Gateway
from inglenook.web.client_request import HELD_ANSWERS

from .clients import client_of_a_home
from .rest.rest_client import rest_client


def stored(folder: Path) -> dict[str, str]:
    """Return the states as another process reads them."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:
        return dict(database.execute("SELECT entity_id, state FROM states"))


def make_busy(gateway: Gateway) -> None:
    """Let the next batch be far away, as after one that took long, and a service write a state."""

    def write(call: Any) -> None:
        gateway.home.states.set("sensor.called", call.data["to"], {}, call.context)

    gateway.home.services.register("test", "write", write)
    gateway.home.store._pause_s = 5.0


def call(number: int) -> dict[str, Any]:
    """Return a command that writes a number."""
    about = {"domain": "test", "service": "write", "service_data": {"to": f"{number}"}}
    return {"id": number, "type": "call_service", **about}


async def test_a_call_over_the_socket_is_kept_before_it_is_answered(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        for number in range(5):
            make_busy(gateway)

            await client.result("call_service", domain="test", service="write", service_data={"to": f"{number}"})

            assert stored(tmp_path)["sensor.called"] == f"{number}"


async def test_calls_that_come_together_are_kept_together(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        make_busy(gateway)
        await gateway.home.store.flush()
        before = gateway.home.store.batches
        calls = [call(number) for number in range(1, HELD_ANSWERS + 1)]
        await client.socket.send_json(calls)

        answers = [await client.receive() for _ in calls]

        assert [answer["id"] for answer in answers] == list(range(1, HELD_ANSWERS + 1))
        assert stored(tmp_path)["sensor.called"] == f"{HELD_ANSWERS}"
        assert gateway.home.store.batches - before == 1


async def test_who_has_many_calls_under_way_waits_for_the_first_alone(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        make_busy(gateway)
        await gateway.home.store.flush()
        calls = [call(number) for number in range(1, 101)]
        await client.socket.send_json(calls)

        answers = [(await client.receive())["id"] for _ in calls]

        assert answers == [*range(HELD_ANSWERS + 1, 101), *range(1, HELD_ANSWERS + 1)]
        assert stored(tmp_path)["sensor.called"] == "100"


async def test_what_is_written_over_http_is_kept_before_it_is_answered(tmp_path: Path) -> None:
    async with rest_client(data=tmp_path) as (gateway, client):
        make_busy(gateway)
        await client.ask("POST", "/api/states/sensor.a", {"state": "1"})
        assert stored(tmp_path)["sensor.a"] == "1"

        make_busy(gateway)
        await client.ask("POST", "/api/services/test/write", {"to": "2"})
        assert stored(tmp_path)["sensor.called"] == "2"

        make_busy(gateway)
        await client.ask("DELETE", "/api/states/sensor.a")
        assert "sensor.a" not in stored(tmp_path)


async def test_a_database_that_cannot_be_written_keeps_no_answer_back(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        make_busy(gateway)
        connection = gateway.home.store._connection
        assert connection is not None
        connection.execute("PRAGMA query_only=1")

        for to in ("1", "2"):
            await client.result("call_service", domain="test", service="write", service_data={"to": to})

        connection.execute("PRAGMA query_only=0")
        assert gateway.home.store.is_failing


async def test_what_an_admin_changes_is_kept_before_it_is_answered(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        make_busy(gateway)
        await client.result("config/area_registry/create", name="Attic")
        await client.result("auth/long_lived_access_token", client_name="Script", lifespan=1)

        tokens = await client.result("auth/refresh_tokens")
        (script,) = [token["id"] for token in tokens if token["client_name"] == "Script"]
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
            areas = [row[0] for row in database.execute("SELECT id FROM areas")]
            before = [row[0] for row in database.execute("SELECT id FROM refresh_tokens")]
            await client.result("auth/delete_refresh_token", refresh_token_id=script)
            after = [row[0] for row in database.execute("SELECT id FROM refresh_tokens")]

        assert areas == ["attic"]
        assert script in before
        assert script not in after
