"""Services over HTTP: what each answers, and with which status when something is wrong."""

import asyncio
from typing import Any

import pytest
import voluptuous as vol

from inglenook.auth import Role
from inglenook.errors import DeviceUnavailable, ServiceValidationError, Unauthorized
from inglenook.home import Home
from inglenook.model import ServiceCall

from .rest_client import rest_client


def offer(home: Home) -> None:
    """Services that do what a test wants to see."""

    def change(call: ServiceCall) -> None:
        home.states.set("sensor.a", str(call.data["to"]), context=call.context)
        home.states.set("sensor.b", "of something else")

    async def answer(call: ServiceCall) -> dict[str, Any]:
        return {"heard": dict(call.data)}

    def refuse(call: ServiceCall) -> None:
        raise ServiceValidationError("not like that")

    def keep_out(call: ServiceCall) -> None:
        raise Unauthorized("not for you")

    def fail(call: ServiceCall) -> None:
        raise DeviceUnavailable("the lamp is away")

    register = home.services.register
    register("test", "change", change, vol.Schema({vol.Required("to"): int}), has_target=False)
    register("test", "answer", answer, has_target=False, supports_response="optional")
    register("test", "refuse", refuse, has_target=False)
    register("test", "keep_out", keep_out, has_target=False)
    register("test", "fail", fail, has_target=False)
    register("test", "reload", lambda _: None, has_target=False)


async def test_a_call_answers_with_the_states_that_it_changed() -> None:
    async with rest_client(Role.USER) as (gateway, client):
        offer(gateway.home)

        status, changed = await client.ask("POST", "/api/services/test/change", {"to": 7})

        assert status == 200
        assert [(state["entity_id"], state["state"]) for state in changed] == [("sensor.a", "7")]


async def test_a_response_comes_when_it_is_asked_for() -> None:
    async with rest_client() as (gateway, client):
        offer(gateway.home)

        answer = await client.ask("POST", "/api/services/test/answer?return_response", {"a": 1})

        assert answer == (200, {"changed_states": [], "service_response": {"heard": {"a": 1}}})
        assert await client.ask("POST", "/api/services/test/answer") == (200, [])


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("no/such", {}, 400, "400: Bad Request"),
        ("test/change", {"to": "seven"}, 400, "400: Bad Request"),
        ("test/change", [1], 400, {"message": "Data should be valid JSON."}),
        ("test/refuse", {}, 400, {"message": "not like that"}),
        (
            "test/change?return_response",
            {"to": 1},
            400,
            {"message": "test.change gives no response; do not ask for one"},
        ),
        ("test/keep_out", {}, 401, "401: Unauthorized"),
        ("test/fail", {}, 500, {"message": "the lamp is away"}),
    ],
)
async def test_what_goes_wrong_has_its_status(path: str, body: Any, status: int, said: Any) -> None:
    async with rest_client() as (gateway, client):
        offer(gateway.home)

        assert await client.ask("POST", f"/api/services/{path}", body) == (status, said)


async def test_what_changes_the_home_is_for_admins() -> None:
    async with rest_client(Role.USER) as (gateway, client):
        offer(gateway.home)

        assert (await client.ask("POST", "/api/services/test/reload"))[0] == 401


async def test_services_are_listed_by_domain() -> None:
    async with rest_client() as (gateway, client):
        offer(gateway.home)

        found = {row["domain"]: row["services"] for row in await client.get("/api/services")}

        assert found["test"]["answer"]["response"] == {"optional": True}
        assert "turn_on" in found["light"]


async def test_a_listener_of_a_call_goes_with_it() -> None:
    async with rest_client() as (gateway, client):
        offer(gateway.home)
        before = gateway.home.bus.listeners("state_changed")

        for name in ("change", "fail"):
            await client.ask("POST", f"/api/services/test/{name}", {"to": 1})

        assert gateway.home.bus.listeners("state_changed") == before


async def test_a_call_waits_for_the_device_and_tells_what_became_of_it() -> None:
    async with rest_client(Role.USER) as (gateway, client):
        hall = gateway.device("hall", {"lamp": {"domain": "light"}})
        hall.on_command("lamp")(lambda _service, _data: hall.set(lamp="on"))
        hall.set(lamp="off")
        async with hall:
            await hall.delivered()

            answer = await client.ask("POST", "/api/services/light/turn_on", {"entity_id": "light.hall_lamp"})

    assert [(state["entity_id"], state["state"]) for state in answer[1]] == [("light.hall_lamp", "on")]


async def test_a_device_that_cannot_is_an_error_that_says_so() -> None:
    async with rest_client() as (gateway, client):
        hall = gateway.device("hall", {"lamp": {"domain": "light"}})

        @hall.on_command("lamp")
        def fail(service: str, data: Any) -> None:
            raise ValueError("the bulb is broken")

        hall.set(lamp="off")
        async with hall:
            await hall.delivered()

            status, answer = await client.ask("POST", "/api/services/light/turn_on", {"entity_id": "light.hall_lamp"})

    assert status == 500
    assert "the bulb is broken" in answer["message"]


async def test_calls_that_wait_at_once_are_told_each_of_its_own() -> None:
    async with rest_client() as (gateway, client):
        home = gateway.home
        both = asyncio.Barrier(2)

        async def change(call: ServiceCall) -> None:
            await both.wait()
            home.states.set(f"sensor.{call.data['name']}", "1", context=call.context)
            await both.wait()

        home.services.register("test", "change", change, has_target=False)
        before = home.bus.listeners("state_changed")

        answers = await asyncio.gather(
            *(client.ask("POST", "/api/services/test/change", {"name": name}) for name in ("a", "b"))
        )

        assert [[state["entity_id"] for state in changed] for _, changed in answers] == [["sensor.a"], ["sensor.b"]]
        assert home.bus.listeners("state_changed") == before
