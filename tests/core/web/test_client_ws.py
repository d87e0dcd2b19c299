"""The clients' socket: who comes in, ids, errors, batching, subscriptions, permissions."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from inglenook.auth import Permission, Role
from inglenook.testing.gateway import running_gateway
from inglenook.web.commands.bundled import BUNDLED
from inglenook.web.commands.command import Command, Commands, Request

from .clients import client_of_a_home, signed_in, token_of, websocket_url

BOTH = pytest.mark.parametrize("use_tap", [True, False])


@BOTH
async def test_a_client_may_send_its_token_and_first_command_before_it_is_asked(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, ClientSession() as session:
        token = await token_of(gateway)
        async with session.ws_connect(websocket_url(gateway)) as socket:
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.send_json({"id": 1, "type": "ping"})

            frames = [await socket.receive_json(timeout=5) for _ in range(3)]

    assert [frame["type"] for frame in frames] == ["auth_required", "auth_ok", "pong"]
    assert frames[0]["ha_version"].count(".") == 2


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ('{"type": "auth", "access_token": "wrong"}', "Invalid access token or password"),
        ('{"type": "auth"}', "Auth message incorrectly formatted: expected an access_token"),
        ('{"id": 1, "type": "ping"}', "Auth message incorrectly formatted: expected type auth"),
        ("[[", "Auth message incorrectly formatted: expected JSON"),
        ("[" * 5_000, "Auth message incorrectly formatted: nested deeper than 100"),
        ('"' + "x" * 10_000 + '"', "Auth message incorrectly formatted: expected at most 8192 bytes, got 10002"),
    ],
)
async def test_who_shows_no_good_token_is_told_and_closed(sent: str, message: str) -> None:
    async with (
        running_gateway() as gateway,
        ClientSession() as session,
        session.ws_connect(websocket_url(gateway)) as socket,
    ):
        await socket.receive_json(timeout=5)
        await socket.send_str(sent)

        answer = await socket.receive_json(timeout=5)
        await socket.receive(timeout=5)

        assert answer == {"type": "auth_invalid", "message": message}
        assert socket.close_code == 1000


async def test_ids_rise_and_what_is_no_command_leaves_the_socket_open() -> None:
    async with client_of_a_home() as (_, client):
        sent: list[Any] = [
            {"id": 7, "type": "ping"},
            {"id": 7, "type": "ping"},
            {"id": 8, "type": "no/such"},
            {"id": 8, "type": "ping"},
            {"id": "9", "type": "ping"},
            {"id": True, "type": "ping"},
            {"type": "ping"},
            {"id": 9},
            17,
            {"id": 10, "type": "ping", "more": 1},
            [{"id": 11, "type": "ping"}, {"id": 12, "type": "ping"}],
        ]
        for one in sent:
            await client.socket.send_json(one)
        await client.socket.send_str("{")

        answers = [await client.receive() for _ in range(13)]

        assert [one.get("error", {}).get("code", one["type"]) for one in answers] == [
            "pong", "id_reuse", "unknown_command", "pong", "invalid_format", "invalid_format", "invalid_format",
            "invalid_format", "invalid_format", "invalid_format", "pong", "pong", "invalid_format",
        ]  # fmt: skip
        assert [one["id"] for one in answers] == [7, 7, 8, 8, None, None, None, 9, None, 10, 11, 12, None]


async def test_only_a_client_that_says_so_gets_several_frames_as_one() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("subscribe_events", event_type="homeassistant_started")
        await client.result("supported_features", features={"coalesce_messages": 1})
        gateway.home.bus.fire("homeassistant_started")
        gateway.home.bus.fire("homeassistant_started")

        frames = await client.socket.receive_json(timeout=5)

        assert [frame["id"] for frame in frames] == [1, 1]


async def test_entities_come_whole_and_then_as_what_changed() -> None:
    async with client_of_a_home() as (gateway, client):
        states = gateway.home.states
        states.set("light.hall", "on", {"brightness": 1, "effect": "x"})
        await client.result("subscribe_entities")
        first = await client.event()
        states.set("light.hall", "on", {"brightness": 2})
        states.set("light.attic", "off")
        states.remove("light.hall")

        changed, added, removed = [await client.event() for _ in range(3)]

        assert first["a"]["light.hall"]["s"] == "on"
        assert first["a"]["light.hall"]["a"] == {"brightness": 1, "effect": "x"}
        difference = changed["c"]["light.hall"]
        assert difference["+"].keys() == {"a", "c", "lu"}
        assert difference["+"]["a"] == {"brightness": 2}
        assert difference["-"] == {"a": ["effect"]}
        assert isinstance(difference["+"]["c"], str)
        assert added["a"]["light.attic"]["s"] == "off"
        assert removed == {"r": ["light.hall"]}


async def test_who_asks_for_some_entities_hears_of_no_others() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("subscribe_entities", entity_ids=["light.hall"])
        assert await client.event() == {"a": {}}
        gateway.home.states.set("light.attic", "on")
        gateway.home.states.set("light.hall", "on")

        assert (await client.event())["a"].keys() == {"light.hall"}


async def test_a_subscription_ends_when_it_is_asked_to() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("subscribe_events", event_type="lovelace_updated")
        assert gateway.home.bus.has_listeners("lovelace_updated")

        await client.result("unsubscribe_events", subscription=1)

        assert not gateway.home.bus.has_listeners("lovelace_updated")
        assert await client.code("unsubscribe_events", subscription=1) == "not_found"


async def test_a_socket_that_ends_leaves_no_listener() -> None:
    async with running_gateway() as gateway:
        before = gateway.home.bus.statistics()["listeners"]
        async with signed_in(gateway) as client:
            await client.result("subscribe_events")
            await client.result("subscribe_entities")
            await client.socket.close()
        async with signed_in(gateway) as client:
            await client.ask("ping")

            assert gateway.home.bus.statistics()["listeners"] == before


async def test_a_token_that_is_withdrawn_closes_its_sockets() -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.auth.revoke(gateway.auth.tokens()[0].id)

        assert await client.is_closed()


async def test_who_withdraws_its_own_token_hears_of_it_first() -> None:
    async with client_of_a_home() as (gateway, client):
        assert await client.result("auth/delete_refresh_token", refresh_token_id=gateway.auth.tokens()[0].id) == {}

        assert await client.is_closed()


async def test_an_admin_looks_after_users() -> None:
    login = "config/auth_provider/homeassistant"
    async with client_of_a_home(Role.ADMIN) as (gateway, client):
        made = (await client.result("config/auth/create", name="Ann", group_ids=["system-users"]))["user"]
        await client.result(f"{login}/create", user_id=made["id"], username="ann", password="secret")
        changed = await client.result("config/auth/update", user_id=made["id"], group_ids=["system-read-only"])
        refused = await client.ask(f"{login}/admin_change_password", user_id=made["id"], password="other")
        local = (await client.result("config/auth/create", name="Bo", local_only=True))["user"]
        await client.result("config/auth/delete", user_id=made["id"])
        gone = await client.ask("config/auth/delete", user_id=made["id"])

    assert changed["user"]["username"] == "ann"
    assert changed["user"]["group_ids"] == ["system-read-only"]
    assert refused["error"]["code"] == "unauthorized"
    assert local["local_only"]
    assert gone["error"]["code"] == "not_found"
    assert gateway.auth.user(made["id"]) is None


@pytest.mark.parametrize("role", [Role.USER, Role.READ_ONLY])
async def test_nobody_gets_past_the_permission_of_a_command(role: Role) -> None:
    allowed = {Role.USER: {Permission.READ, Permission.CONTROL}, Role.READ_ONLY: {Permission.READ}}[role]
    refused = set()
    async with running_gateway() as gateway:
        user = await gateway.auth.create_user("somebody", role=role)
        for kind in BUNDLED:
            async with signed_in(gateway, token=gateway.auth.create_long_lived(user, kind)) as client:
                answer = await client.ask(kind)
            gateway.auth.revoke_all(user)  # a user may have a bounded number of tokens
            if answer.get("error", {}).get("code") == "unauthorized":
                refused.add(kind)

    expected = {kind for kind, command in BUNDLED.items() if command.permission not in allowed}
    assert refused - {"subscribe_events"} == expected


@pytest.mark.parametrize(("event_type", "code"), [("state_changed", None), ("call_service", "unauthorized")])
async def test_events_that_tell_of_the_inside_are_for_admins(event_type: str, code: str | None) -> None:
    async with client_of_a_home(Role.USER) as (_, client):
        answer = await client.ask("subscribe_events", event_type=event_type)

        assert answer.get("error", {}).get("code") == code


async def test_a_service_is_called_in_the_name_of_the_user() -> None:
    async with client_of_a_home() as (gateway, client):
        calls: list[Any] = []
        gateway.home.services.register("test", "note", calls.append, has_target=False)

        answer = await client.result("call_service", domain="test", service="note", service_data={"a": 1})

        assert calls[0].data == {"a": 1}
        assert answer["context"]["user_id"] == calls[0].context.user_id == gateway.auth.users()[0].id


async def test_services_fail_with_the_codes_that_clients_know() -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.home.services.register("test", "mute", lambda _: None)
        gateway.home.services.register("test", "broken", lambda _: 1 / 0)  # type: ignore[arg-type, return-value]

        assert await client.code("call_service", domain="no", service="such") == "not_found"
        wrong = {"domain": "light", "service": "turn_on", "service_data": {"x": 1}}
        assert await client.code("call_service", **wrong) == "invalid_format"
        mute = {"domain": "test", "service": "mute"}
        assert await client.code("call_service", **mute, return_response=True) == "service_validation_error"
        assert await client.code("call_service", domain="test", service="broken") == "unknown_error"
        assert await client.code("call_service", domain=1, service=2) == "invalid_format"


async def test_who_may_not_look_after_the_home_does_not_restart_it() -> None:
    async with client_of_a_home(Role.USER) as (gateway, client):
        calls: list[Any] = []
        gateway.home.services.register("homeassistant", "restart", calls.append)

        assert await client.code("call_service", domain="homeassistant", service="restart") == "unauthorized"
        assert not calls


async def test_a_client_that_is_slow_gets_the_newest_of_each_state() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("subscribe_entities")
        await client.event()
        states = gateway.home.states
        for number in range(1_001):
            states.set("sensor.a", str(number), {"text": f"{number} " + "x" * 100_000})

        seen = [await client.event()]
        while seen[-1].get("c", {}).get("sensor.a", {}).get("+", {}).get("s") != "1000":
            seen.append(await client.event())

        assert len(seen) < 10
        assert seen[-1]["c"]["sensor.a"]["+"]["a"]["text"].startswith("1000 ")
        assert (await client.ask("ping"))["type"] == "pong"


async def test_a_plugin_may_bring_commands_and_does_not_replace_those_of_the_house() -> None:
    brought = Commands()

    @brought.command("hue/lights", Permission.READ)
    async def lights(request: Request) -> list[str]:
        return [request.user.name]

    more: dict[str, Command] = {**brought, "ping": brought["hue/lights"]}
    async with client_of_a_home(commands=more) as (_, client):
        assert await client.result("hue/lights") == ["owner 0"]
        assert (await client.ask("ping"))["type"] == "pong"


async def test_changes_of_states_come_of_states_alone() -> None:
    async with client_of_a_home() as (_, client):
        assert (
            await client.code("fire_event", event_type="state_changed", event_data={"entity_id": "a"})
            == "invalid_format"
        )


async def test_a_moment_in_an_attribute_ends_with_its_offset() -> None:
    async with client_of_a_home() as (gateway, client):
        when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        gateway.home.states.set("sensor.a", "2026-01-02T03:04:05Z", {"at": when, "all": [when]})

        (state,) = await client.result("get_states")

        assert state["state"] == "2026-01-02T03:04:05Z"
        assert state["attributes"] == {"at": "2026-01-02T03:04:05+00:00", "all": ["2026-01-02T03:04:05+00:00"]}
