"""Devices over a real socket, on sockets taken over from aiohttp and through aiohttp's public interface."""

import asyncio
import contextlib
import json
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from inglenook.devices import DeviceLimits
from inglenook.testing import Gateway, running_gateway
from inglenook.web.framing import HAS_TAP

pytestmark = pytest.mark.parametrize("use_tap", [True, False], ids=["tap", "public"])
Socket = aiohttp.ClientWebSocketResponse[bool]


@asynccontextmanager
async def socket_to(gateway: Gateway, **options: Any) -> AsyncIterator[Socket]:
    async with aiohttp.ClientSession() as session, session.ws_connect(gateway.url, **options) as socket:
        yield socket


async def hello(gateway: Gateway, socket: Socket, device: str = "hall", **fields: Any) -> dict[str, Any]:
    token = gateway.home.devices.add(device)
    await socket.send_json({"type": "hello", "version": 1, "device": device, "token": token, **fields})
    welcome: dict[str, Any] = await socket.receive_json()
    return welcome


async def described(gateway: Gateway, socket: Socket) -> None:
    assert (await hello(gateway, socket))["type"] == "welcome"
    await socket.send_json({"type": "describe", "entities": {"lamp": {"domain": "light"}}})


async def closed(socket: Socket) -> int | None:
    while (await socket.receive()).type not in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
        pass
    return socket.close_code


def test_this_aiohttp_can_be_tapped(use_tap: bool) -> None:
    assert HAS_TAP or not use_tap


async def test_a_state_is_reported_and_acknowledged_and_a_command_comes_back(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)
        await socket.send_json({"type": "state", "seq": 1, "states": {"lamp": "on"}})

        assert await socket.receive_json() == {"type": "ack", "seq": 1}
        ticket = gateway.home.devices.send("hall", "lamp", "turn_off")
        command = await socket.receive_json()
        await socket.send_json({"type": "result", "command": command["command"], "ok": True, "states": {"lamp": "off"}})
        await ticket
        state = gateway.home.states.get("light.hall_lamp")
        assert state is not None
        assert state.state == "off"


async def test_the_subprotocol_is_agreed_on(use_tap: bool) -> None:
    offered = ["other", "inglenook.v1"]
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway, protocols=offered) as socket:
        assert socket.protocol == "inglenook.v1"


async def test_what_is_sent_with_the_upgrade_request_is_handled_after_it(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        token = gateway.home.devices.add("hall")
        frame = json.dumps({"type": "hello", "version": 1, "device": "hall", "token": token}).encode()
        writer.write(upgrade_request() + masked(frame)[:50])
        await reader.readuntil(b"\r\n\r\n")
        writer.write(masked(frame)[50:])

        head = await reader.readexactly(4)
        welcome = json.loads(await reader.readexactly(int.from_bytes(head[2:], "big")))

        assert welcome["type"] == "welcome"
        writer.close()


async def test_many_frames_of_one_read_are_handled_in_order(use_tap: bool) -> None:
    limits = DeviceLimits(burst=1000)
    async with running_gateway(use_tap=use_tap, limits=limits) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)
        seen: list[str] = []
        gateway.home.bus.listen("state_changed", lambda event: seen.append(event.data["new_state"].state))

        for number in range(1, 201):
            await socket.send_json({"type": "state", "seq": number, "states": {"lamp": number}})
        while (await socket.receive_json())["seq"] < 200:
            pass

        assert seen[-200:] == [str(number) for number in range(1, 201)]


async def test_a_fragmented_frame_is_put_together(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        writer.write(upgrade_request())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(masked(b'{"type":"st', first=0x01) + masked(b'ate","seq":1,"states":{}}', first=0x80))

        head = await reader.readexactly(2)

        assert json.loads(await reader.readexactly(head[1]))["code"] == "no_hello"
        writer.close()


async def test_a_frame_of_the_limit_passes_and_a_longer_one_closes_the_socket(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)
        empty = len(json.dumps({"type": "ping", "pad": ""}))

        await socket.send_str(json.dumps({"type": "ping", "pad": "x" * (8192 - empty)}))
        first = await socket.receive_json()
        await socket.send_str(json.dumps({"type": "ping", "pad": "x" * (8193 - empty)}))

        assert first["type"] == "pong"
        assert await closed(socket) == 1009


async def test_a_huge_frame_is_refused_before_it_is_read(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)

        await socket.send_str("x" * 3_000_000)

        assert await closed(socket) == 1009


async def test_a_binary_frame_closes_the_socket(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)

        await socket.send_bytes(b"\x00")

        assert (await socket.receive_json())["code"] == "binary"
        assert await closed(socket) == 4400


@pytest.mark.parametrize(
    "bytes_sent",
    [b"\xc1\x80mask", b"\x83\x80mask", b"\x09\x80mask", b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x80\x80mask"],
    ids=["reserved bits", "unknown opcode", "fragmented control", "length bomb", "continuation of nothing"],
)
async def test_bytes_that_are_no_websocket_close_the_socket(use_tap: bool, bytes_sent: bytes) -> None:
    async with running_gateway(use_tap=use_tap) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        writer.write(upgrade_request())
        await reader.readuntil(b"\r\n\r\n")

        writer.write(bytes_sent)

        head = await reader.readexactly(4)
        assert head[0] == 0x88
        assert int.from_bytes(head[2:], "big") in (1002, 1009)
        writer.close()


async def test_a_websocket_ping_is_answered(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        writer.write(upgrade_request())
        await reader.readuntil(b"\r\n\r\n")

        writer.write(masked(b"hi", first=0x89))

        assert await reader.readexactly(4) == b"\x8a\x02hi"
        writer.close()


async def test_a_devices_goodbye_is_answered(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)

        is_clean = await socket.close(code=1001)

        assert is_clean
        assert gateway.home.devices.statistics()["connected"] == 0


async def test_a_wrong_token_is_told_with_4401(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await socket.send_json({"type": "hello", "version": 1, "device": "hall", "token": "wrong"})

        assert await closed(socket) == 4401


async def test_a_device_that_floods_is_held_back_by_tcp_and_loses_nothing(use_tap: bool) -> None:
    limits = DeviceLimits(rate_per_s=400, burst=50)
    async with running_gateway(use_tap=use_tap, limits=limits) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)
        frames = b"".join(
            masked(json.dumps({"type": "state", "seq": number, "states": {"lamp": number}}).encode())
            for number in range(1, 301)
        )
        assert socket._writer.transport is not None
        socket._writer.transport.write(frames)
        last = 0
        seen: list[int] = []
        while last < 300:
            last = (await socket.receive_json())["seq"]
            seen.append(last)

        assert seen == sorted(seen)
        state = gateway.home.states.get("light.hall_lamp")
        assert state is not None
        assert state.state == "300"
        assert len(seen) > 3


@pytest.mark.parametrize(
    "limits",
    [DeviceLimits(rate_per_s=1e9, burst=10**9), DeviceLimits(1e9, 10**9, unsent_bytes=10**9, blocked_s=0.2)],
    ids=["too much waits", "nothing leaves for too long"],
)
async def test_a_device_that_never_reads_is_closed_and_its_socket_dropped(use_tap: bool, limits: DeviceLimits) -> None:
    async with running_gateway(use_tap=use_tap, limits=limits) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port, limit=1024)
        frame = {"type": "hello", "version": 1, "device": "deaf", "token": gateway.home.devices.add("deaf")}
        writer.write(upgrade_request() + masked(json.dumps(frame).encode()))
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads

        with contextlib.suppress(ConnectionError):
            while True:  # each of these is answered by an error that nobody reads
                writer.write(masked(b"{" + b" " * 100) * 1000)
                await writer.drain()

        assert gateway.home.devices.statistics()["connected"] == 0


async def test_a_closing_hub_tells_every_device_at_once(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket:
        await described(gateway, socket)

        code, _ = await asyncio.wait_for(asyncio.gather(closed(socket), gateway.server.close()), 3)

        assert code == 1012


async def test_a_failure_of_the_hubs_own_is_told_and_does_not_spread(
    use_tap: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, socket_to(gateway) as socket, socket_to(gateway) as other:
        await described(gateway, socket)
        await hello(gateway, other, "other")
        monkeypatch.setattr("inglenook.devices.entity.state_text", None)

        await socket.send_json({"type": "state", "seq": 1, "states": {"lamp": True}})

        assert await closed(socket) == 1011
        await other.send_json({"type": "ping"})
        assert (await other.receive_json())["type"] == "pong"
        assert "handling a frame of 127.0.0.1 failed" in caplog.text


async def test_an_ordinary_request_is_told_that_this_is_a_websocket(use_tap: bool) -> None:
    async with running_gateway(use_tap=use_tap) as gateway, aiohttp.ClientSession() as session:
        async with session.get(gateway.url.replace("ws:", "http:")) as response:
            assert response.status == 400
        async with session.get(f"http://127.0.0.1:{gateway.server.port}/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok"})


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -out {certificate} -keyout {key} -days 1"
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_device_comes_over_tls_too(use_tap: bool, tls: ssl.SSLContext) -> None:
    async with running_gateway(use_tap=use_tap, ssl_context=tls) as gateway, socket_to(gateway, ssl=False) as socket:
        await described(gateway, socket)
        await socket.send_json({"type": "state", "seq": 1, "states": {"lamp": "on"}})

        assert await socket.receive_json() == {"type": "ack", "seq": 1}


def upgrade_request() -> bytes:
    return (
        b"GET /api/device HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )


def masked(payload: bytes, *, first: int = 0x81) -> bytes:
    """Return ``payload`` as a client's frame; its mask is zero."""
    size = len(payload)
    header = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return header + bytes(4) + payload


async def test_the_last_word_before_the_end_of_a_socket_counts(use_tap: bool) -> None:
    names = [f"d{number}" for number in range(20)]
    async with running_gateway(use_tap=use_tap) as gateway, contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(socket_to(gateway)) for _ in names]
        for name, socket in zip(names, sockets, strict=True):
            await hello(gateway, socket, name)
            await socket.send_json({"type": "describe", "entities": {"lamp": {"domain": "light"}}})
        report = masked(json.dumps({"type": "state", "seq": 1, "states": {"lamp": "on"}}).encode())
        for socket in sockets:  # all in one turn, each with its end right behind
            transport = socket._writer.transport
            assert isinstance(transport, asyncio.Transport)
            transport.write(report)
            transport.write_eof()
        for socket in sockets:
            await closed(socket)

        assert [session.received for session in gateway.home.devices] == [1] * len(names)
