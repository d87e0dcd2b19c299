"""The bounds of the clients' socket, and what stays after somebody has gone beyond them."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession, WSCloseCode, WSMsgType

from inglenook.auth import Permission, RefreshToken, Role
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.web import client_connection, client_ws
from inglenook.web.app import CLIENTS
from inglenook.web.client_connection import MAX_RUNNING, MAX_SUBSCRIPTIONS, MAX_TOGETHER, MAX_UNPROVEN_BYTES
from inglenook.web.client_ws import MAX_FRAME
from inglenook.web.commands.command import Commands, Request
from inglenook.web.decoding import MAX_DEPTH

from .clients import Client, client_of_a_home, signed_in, token_of, websocket_url

BOTH = pytest.mark.parametrize("use_tap", [True, False])

UPGRADE = (
    "GET /api/websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def send_raw(client: Client, text: bytes) -> None:
    """Send a text frame whose bytes may be anything."""
    await client.socket.send_frame(text, WSMsgType.TEXT)


@BOTH
async def test_a_frame_has_a_bound(use_tap: bool) -> None:
    async with client_of_a_home(use_tap=use_tap) as (gateway, client):
        await send_raw(client, b" " * (MAX_FRAME - 24) + b'{"id": 1, "type":"ping"}')
        largest = await client.receive()
        await send_raw(client, b" " * (MAX_FRAME + 1))

        assert largest["type"] == "pong"
        assert await client.is_closed()
        assert client.socket.close_code == 1009
        async with signed_in(gateway) as other:
            assert (await other.ask("ping"))["type"] == "pong"


async def test_a_stranger_fills_no_memory_with_a_frame_that_does_not_end() -> None:
    async with running_gateway() as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        size = MAX_FRAME - 100
        writer.write(UPGRADE.encode() + bytes((0x81, 0x80 | 127)) + size.to_bytes(8, "big") + bytes(4))

        writer.write(b" " * (MAX_UNPROVEN_BYTES - 1_000))
        await asyncio.wait_for(reader.readuntil(b"auth_required"), 5)
        writer.write(b" " * 2_000)

        assert (1009).to_bytes(2, "big") + b"too much before a token was shown" in await end_of(reader)
        assert not gateway.app[CLIENTS].connections
        writer.close()


async def test_who_is_known_may_send_more_at_once() -> None:
    async with running_gateway() as gateway, ClientSession() as session:
        token = await token_of(gateway)
        async with session.ws_connect(websocket_url(gateway)) as socket:
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.send_str(" " * (2 * MAX_UNPROVEN_BYTES) + '{"id": 1, "type": "ping"}')

            frames = [(await socket.receive_json(timeout=5))["type"] for _ in range(3)]

    assert frames == ["auth_required", "auth_ok", "pong"]


@BOTH
@pytest.mark.parametrize("text", [b'{"id":1,"type":"\xff"}', b"\xff\xfe", b'{"id":1,"type":"ping","x":"\xed\xa0\x80"}'])
async def test_text_that_is_not_utf_8_closes_the_socket(use_tap: bool, text: bytes) -> None:
    async with client_of_a_home(use_tap=use_tap) as (_, client):
        await send_raw(client, text)

        assert await client.is_closed()
        assert client.socket.close_code == 1007


@BOTH
async def test_binary_frames_close_the_socket(use_tap: bool) -> None:
    async with client_of_a_home(use_tap=use_tap) as (_, client):
        await client.socket.send_bytes(b"\x00\x01")

        assert await client.is_closed()
        assert client.socket.close_code == 1003


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'{"id":1,"type":"ping","a":[[{"b":'])
async def test_deep_nesting_is_refused(opened: bytes) -> None:
    async with client_of_a_home() as (_, client):
        await send_raw(client, opened * 100_000)

        assert (await client.receive())["error"]["code"] == "invalid_format"
        assert (await client.ask("ping"))["type"] == "pong"


async def test_so_deep_may_things_be_in_each_other() -> None:
    async with client_of_a_home() as (gateway, client):
        heard: list[Any] = []
        gateway.home.bus.listen("deep", lambda event: heard.append(event.data))
        command = '{"id": %d, "type": "fire_event", "event_type": "deep", "event_data": {"a": %s}}'
        for ident, depth in ((1, MAX_DEPTH - 2), (2, MAX_DEPTH - 1)):
            await send_raw(client, (command % (ident, "[" * depth + "]" * depth)).encode())

        answers = [await client.receive() for _ in range(2)]

        assert [answer["success"] for answer in answers] == [True, False]
        assert answers[1]["error"]["message"] == f"Message incorrectly formatted: nested deeper than {MAX_DEPTH}"
        assert len(heard) == 1


@pytest.mark.parametrize("depth", [90, 500, 900, 940, 980])
async def test_what_is_deep_and_whole_hurts_nobody(depth: int, caplog: pytest.LogCaptureFixture) -> None:
    deep = "[" * depth + "]" * depth
    commands = [
        '"type": "fire_event", "event_type": "deep", "event_data": {"a": DEEP}',
        '"type": "call_service", "domain": "test", "service": "note", "service_data": {"a": DEEP}',
        '"type": "render_template", "template": "{{ a }}", "variables": {"a": DEEP}',
        '"type": "validate_config", "actions": DEEP',
        '"type": "execute_script", "sequence": DEEP',
        '"type": "config/area_registry/create", "name": DEEP',
    ]
    async with client_of_a_home() as (gateway, client):
        gateway.home.services.register("test", "note", lambda _: None)
        await client.result("subscribe_events")
        for number, command in enumerate(commands, 2):
            await send_raw(client, f'{{"id": {number}, {command.replace("DEEP", deep)}}}'.encode())

        await send_raw(client, b'{"id": 100, "type": "ping"}')
        while (await client.receive())["type"] != "pong":
            pass
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_arrays_hold_commands_and_not_arrays() -> None:
    async with client_of_a_home() as (_, client):
        await client.socket.send_json([[{"id": 1, "type": "ping"}], {"id": 2, "type": "ping"}, [], 5, None])

        answers = [await client.receive() for _ in range(5)]

        assert [one.get("error", {}).get("code", one["type"]) for one in answers] == [
            "invalid_format", "pong", "invalid_format", "invalid_format", "invalid_format",
        ]  # fmt: skip


async def test_so_many_commands_come_in_one_frame() -> None:
    async with client_of_a_home() as (_, client):
        await client.socket.send_json([0] * (MAX_TOGETHER + 1))
        await client.socket.send_json([{"id": number, "type": "ping"} for number in range(1, MAX_TOGETHER + 1)])

        answers = [await client.receive() for _ in range(MAX_TOGETHER + 1)]

        assert f"at most {MAX_TOGETHER} commands" in answers[0]["error"]["message"]
        assert {one["type"] for one in answers[1:]} == {"pong"}


async def test_strangers_make_room_for_who_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_ws, "MAX_UNKNOWN", 3)
    async with running_gateway() as gateway, ClientSession() as session:
        token, url = await token_of(gateway), websocket_url(gateway)
        known = await session.ws_connect(url)
        await known.receive_json(timeout=5)
        await known.send_json({"type": "auth", "access_token": token})
        await known.receive_json(timeout=5)
        strangers = [await session.ws_connect(url) for _ in range(4)]

        for stranger in strangers:
            assert (await stranger.receive_json(timeout=5))["type"] == "auth_required"
        gone = await strangers[0].receive(timeout=5)

        assert (gone.type, gone.data) == (WSMsgType.CLOSE, WSCloseCode.TRY_AGAIN_LATER)
        await known.send_json({"id": 1, "type": "ping"})
        assert (await known.receive_json(timeout=5))["type"] == "pong"
        for socket in (known, *strangers):
            await socket.close()


async def test_one_address_does_not_keep_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_ws, "MAX_UNKNOWN_OF_ONE", 2)
    addresses = iter(["192.0.2.1", "2001:db8::1", "2001:db8::2", "2001:db8::3", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
    monkeypatch.setattr(client_ws, "address_of", lambda _: next(addresses))
    async with running_gateway() as gateway, ClientSession() as session:
        url = websocket_url(gateway)
        sockets = [await session.ws_connect(url) for _ in range(7)]

        waiting = [
            connection.address for connection in gateway.app[CLIENTS].connections if connection.is_waiting_for_auth
        ]
        for socket in sockets:
            await socket.receive_json(timeout=5)
            await socket.close()

    assert waiting == ["192.0.2.1", "2001:db8::2", "2001:db8::3", "127.0.0.1", "127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize("together", [True, False])
@BOTH
async def test_many_commands_that_take_long_let_others_have_their_turn(
    use_tap: bool, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_connection, "WORK_S", 0.0)  # each takes long
    done: list[int] = []
    turns: list[int] = []
    brought = Commands()

    @brought.command("work", Permission.READ)
    def work(request: Request) -> None:
        loop = asyncio.get_running_loop()
        done.append(request.id)
        loop.call_soon(lambda: turns.append(len(done)))

    async with client_of_a_home(use_tap=use_tap, commands=brought) as (_, client):
        messages = [{"id": ident, "type": "work"} for ident in range(1, 6)]
        if together:
            await client.socket.send_json(messages)
        else:
            for message in messages:
                await client.socket.send_json(message)
        answers = [await client.receive() for _ in messages]

    assert [answer["id"] for answer in answers] == done == [1, 2, 3, 4, 5]
    assert turns == [1, 2, 3, 4, 5]


async def test_a_client_holds_so_many_subscriptions() -> None:
    async with client_of_a_home() as (gateway, client):
        before = gateway.home.bus.statistics()["listeners"]
        for first in range(1, MAX_SUBSCRIPTIONS, MAX_TOGETHER):
            ids = range(first, first + MAX_TOGETHER)
            await client.socket.send_json(
                [{"id": ident, "type": "subscribe_events", "event_type": f"event_{ident}"} for ident in ids]
            )
        answers = [await client.receive() for _ in range(MAX_SUBSCRIPTIONS)]
        client.last_id = MAX_SUBSCRIPTIONS

        assert all(answer["success"] for answer in answers)
        one_more = {"kind": "subscribe_events", "event_type": "more"}
        assert await client.code(**one_more) == "home_assistant_error"
        assert not gateway.home.bus.has_listeners("more")
        assert await client.code("subscribe_entities") == "home_assistant_error"  # and no success before it
        assert (await client.ask("ping"))["type"] == "pong"
        await client.result("unsubscribe_events", subscription=7)
        await client.result(**one_more)
        await client.socket.close()
        async with signed_in(gateway) as other:
            await other.ask("ping")
            assert gateway.home.bus.statistics()["listeners"] == before


async def test_so_many_commands_of_a_client_are_carried_out_at_once() -> None:
    released = asyncio.Event()
    brought = Commands()

    @brought.command("test/wait", Permission.READ)
    async def wait(_: Request) -> None:
        await released.wait()

    async with client_of_a_home(commands=brought) as (_, client):
        await client.socket.send_json([{"id": ident, "type": "test/wait"} for ident in range(1, MAX_RUNNING + 2)])
        refused = await client.receive()
        client.last_id = MAX_RUNNING + 1
        assert (await client.ask("ping"))["type"] == "pong"  # others are answered meanwhile
        released.set()
        answered = [await client.receive() for _ in range(MAX_RUNNING)]

        assert (refused["id"], refused["error"]["code"]) == (MAX_RUNNING + 1, "home_assistant_error")
        assert all(answer["success"] for answer in answered)
        assert (await client.ask("test/wait"))["success"]


async def until(condition: Callable[[], object]) -> None:
    """Wait for what happens in this process by itself."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)


@asynccontextmanager
async def deaf(gateway: Gateway, *commands: dict[str, Any]) -> AsyncIterator[asyncio.StreamReader]:
    """Open a socket, sign in and send commands; who does so answers no ping, and reads only when it is told to."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port, limit=1_024)
    writer.write(UPGRADE.encode())
    for frame in ({"type": "auth", "access_token": await token_of(gateway)}, *commands):
        payload = json.dumps(frame).encode()
        writer.write(bytes((0x81, 0x80 | 126)) + len(payload).to_bytes(2, "big") + bytes(4) + payload)
    try:
        yield reader
    finally:
        writer.transport.abort()


async def end_of(reader: asyncio.StreamReader) -> bytes:
    """Read until the other end closes; return the last that came."""
    last = b""
    async with asyncio.timeout(10):
        try:
            while data := await reader.read(1_000_000):
                last = (last + data)[-1_000:]
        except ConnectionError:
            pass
    return last


@BOTH
async def test_who_answers_no_ping_is_dropped(use_tap: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_ws, "HEARTBEAT_S", 0.05)
    async with running_gateway(use_tap=use_tap) as gateway, deaf(gateway) as reader:
        heard = await end_of(reader)

        assert b"auth_ok" in heard
        assert heard.count(b"\x89\x00") == 1
        await until(lambda: not gateway.app[CLIENTS].connections)


@BOTH
async def test_who_answers_pings_stays(use_tap: bool) -> None:
    async with client_of_a_home(use_tap=use_tap) as (gateway, client):
        endpoint = gateway.app[CLIENTS]
        reading = asyncio.create_task(client.socket.receive())
        for _ in range(3):
            endpoint._beat()
            await until(lambda: next(iter(endpoint.connections)).wire.is_heard)

        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert (await client.ask("ping"))["type"] == "pong"


@BOTH
@pytest.mark.parametrize(("unsent_bytes", "blocked_s"), [(64 * 1024 * 1024, 0.1), (2_000_000, 60.0)])
async def test_who_reads_nothing_is_held_back_and_then_dropped(
    use_tap: bool, unsent_bytes: int, blocked_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_ws, "UNSENT_BYTES", unsent_bytes)
    monkeypatch.setattr(client_ws, "BLOCKED_S", blocked_s)
    states = {"id": 1, "type": "subscribe_entities"}
    large = {"id": 2, "type": "get_states"}
    async with running_gateway(use_tap=use_tap) as gateway:
        for number in range(10):
            gateway.home.states.set(f"sensor.{number}", "0", {"text": "x" * 1_000_000})
        async with deaf(gateway, states, large, large, large):
            await until(lambda: gateway.app[CLIENTS].statistics()["sent"] > 1_000_000)  # it may be gone by then
            async with asyncio.timeout(10):
                while gateway.app[CLIENTS].connections:
                    gateway.home.states.set("sensor.0", str(gateway.home.clock.monotonic()), {"text": "y" * 100_000})
                    await asyncio.sleep(0)

        async with signed_in(gateway) as other:
            assert (await other.ask("ping"))["type"] == "pong"


Forge = Callable[[Gateway, RefreshToken, str], str]


def _changed(text: str, part: int, **more: Any) -> str:
    parts = text.split(".")
    claims = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    parts[part] = base64.urlsafe_b64encode(json.dumps({**claims, **more}).encode()).rstrip(b"=").decode()
    return ".".join(parts)


def _signed(key: str, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode({"iat": 0, "exp": 2**40, **claims}, key, algorithm=algorithm)


def _of_another(gateway: Gateway, token: RefreshToken, text: str) -> str:
    """Return a token that says it is of one user and is signed with the key of another."""
    other = gateway.auth.create_refresh_token(gateway.auth.users()[1], None)[0]
    return _signed(other.key, iss=token.id)


def _removed(gateway: Gateway, token: RefreshToken, text: str) -> str:
    gateway.auth.remove_user(token.user)
    return text


def _kept_out(gateway: Gateway, token: RefreshToken, text: str) -> str:
    gateway.auth.update_user(token.user, is_active=False)
    return text


FORGED: dict[str, Forge] = {
    "expired": lambda _, token, text: jwt.encode({"iss": token.id, "iat": 0, "exp": 1}, token.key, algorithm="HS256"),
    "longer": lambda _, token, text: _changed(text, 1, exp=2**40),
    "none": lambda _, token, text: _changed(text, 0, alg="none"),
    "none, unsigned": lambda _, token, text: _changed(text, 0, alg="none").rpartition(".")[0] + ".",
    "none, by a library": lambda _, token, text: _signed("", "none", iss=token.id),
    "another algorithm": lambda _, token, text: _signed(token.key, "HS512", iss=token.id),
    "without an end": lambda _, token, text: jwt.encode({"iss": token.id, "iat": 0}, token.key, algorithm="HS256"),
    "no key": lambda _, token, text: _signed("\0", iss=token.id),
    "of nobody": lambda _, token, text: _signed(token.key, iss="nobody"),
    "of another": _of_another,
    "cut": lambda _, token, text: text[:-1],
    "the refresh token": lambda gateway, token, text: gateway.auth.create_refresh_token(token.user, None)[1],
    "the id": lambda _, token, text: token.id,
    "of a user who was removed": _removed,
    "of a user who is kept out": _kept_out,
}


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("how", FORGED)
async def test_a_token_that_is_not_ours_opens_nothing(how: str) -> None:
    async with running_gateway() as gateway, ClientSession() as session:
        text = await token_of(gateway, Role.USER)
        await token_of(gateway)
        forged = FORGED[how](gateway, gateway.auth.tokens()[0], text)

        async with session.ws_connect(websocket_url(gateway)) as socket:
            await socket.receive_json(timeout=5)
            await socket.send_json({"type": "auth", "access_token": forged})
            answer = await socket.receive_json(timeout=5)
        url, headers = f"http://127.0.0.1:{gateway.server.port}/api/", {"Authorization": f"Bearer {forged}"}
        async with session.get(url, headers=headers) as over_http:
            await over_http.read()

        assert answer == {"type": "auth_invalid", "message": "Invalid access token or password"}
        assert over_http.status == 401


async def test_script_in_names_and_states_is_data(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    script = "</script><script>alert(1)</script><img src=x \u2028onerror=alert(1)>"
    async with client_of_a_home() as (gateway, client), ClientSession() as session:
        gateway.home.states.set("sensor.a", script[:50], {"friendly_name": script})
        area = await client.result("config/area_registry/create", name=script)
        states = await client.result("get_states")
        areas = await client.result("config/area_registry/list")
        token = await token_of(gateway, Role.ADMIN)
        base, headers = f"http://127.0.0.1:{gateway.server.port}", {"Authorization": f"Bearer {token}"}
        template = {"template": "{{ state_attr('sensor.a', 'friendly_name') }}"}

        async with session.get(f"{base}/api/states/sensor.a", headers=headers) as state:
            assert (await state.json())["attributes"]["friendly_name"] == script
            assert state.content_type == "application/json"
        async with session.post(f"{base}/api/template", json=template, headers=headers) as rendered:
            assert await rendered.text() == script
            assert rendered.content_type == "text/plain"
            assert rendered.headers["X-Content-Type-Options"] == "nosniff"

    assert states[0]["attributes"]["friendly_name"] == script
    assert area["name"] == areas[0]["name"] == script
    assert "<" not in area["area_id"]
