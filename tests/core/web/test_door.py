"""Who keeps the home waiting, and how others get in all the same; every answer has the same headers."""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession

from inglenook.config.settings import Http
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.web import door

HEAD = b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = (
    b"POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\ngrant_type="
)
WHOLE = b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW = pytest.mark.parametrize("sent", [b"", HEAD, BODY, WHOLE + HEAD, WHOLE + BODY])

Socket = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def slow_sockets(
    gateway: Gateway, number: int, sent: bytes, host: str = "127.0.0.1"
) -> AsyncIterator[list[Socket]]:
    """Open sockets from ``host`` that send this and nothing more."""
    sockets = []
    for _ in range(number):
        socket = await asyncio.open_connection("127.0.0.1", gateway.server.port, local_addr=(host, 0))
        socket[1].write(sent)
        sockets.append(socket)
        await asyncio.sleep(0)
    await settled(gateway)
    try:
        yield sockets
    finally:
        for _, writer in sockets:
            writer.close()


async def settled(gateway: Gateway) -> None:
    """Let the home have read what was sent until now."""
    async with ClientSession() as session:
        for _ in range(2):
            async with session.get(f"http://127.0.0.1:{gateway.server.port}/api/health") as answer:
                assert answer.status == 200


async def ends(sockets: list[Socket]) -> list[bytes]:
    """Return what those sockets got that are closed."""
    reads = [asyncio.ensure_future(reader.read()) for reader, _ in sockets]
    done, others = await asyncio.wait(reads, timeout=0.1)
    for read in others:
        read.cancel()
    return [read.result() for read in reads if read in done and read.exception() is None]


@SLOW
async def test_who_is_slow_makes_room_for_who_is_not(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAX_CONNECTIONS", 10)
    async with running_gateway() as gateway, slow_sockets(gateway, 40, sent) as sockets:
        await settled(gateway)  # an honest client gets in

        closed = await ends(sockets)

        assert 30 <= len(closed) <= 32
        if not sent.startswith(WHOLE):
            assert {answer.split(b"\r\n")[0] for answer in closed} == {b"HTTP/1.1 503 Service Unavailable"}


@SLOW
async def test_one_address_keeps_only_so_many_waiting(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAX_WAITING_OF_ONE", 5)
    monkeypatch.setattr(door, "is_this_machine", lambda address: address == "127.0.0.1")
    async with (
        running_gateway() as gateway,
        slow_sockets(gateway, 1, sent, "127.0.0.3") as others,
        slow_sockets(gateway, 9, sent, "127.0.0.2") as sockets,
        slow_sockets(gateway, 9, sent) as own,
    ):
        closed = await ends(sockets)

        assert len(closed) == 4
        if not sent.startswith(WHOLE):
            assert {answer.split(b"\r\n")[0] for answer in closed} == {b"HTTP/1.1 429 Too Many Requests"}
        assert not await ends(others)
        assert not await ends(own)


async def test_a_request_that_is_being_handled_gives_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAX_CONNECTIONS", 10)
    async with running_gateway() as gateway, ClientSession() as session:
        may_end = asyncio.Event()

        async def wait(_: object) -> None:
            await may_end.wait()

        gateway.home.services.register("test", "wait", wait)
        user = await gateway.auth.create_user("Ann")
        headers = {"Authorization": f"Bearer {gateway.auth.create_long_lived(user, 'test')}"}
        url = f"http://127.0.0.1:{gateway.server.port}/api/services/test/wait"
        call = asyncio.create_task(session.post(url, headers=headers, json={}))
        async with slow_sockets(gateway, 40, HEAD):
            may_end.set()

            assert (await call).status == 200


@pytest.mark.parametrize("use_tap", [True, False])
async def test_web_sockets_take_nobodys_place(use_tap: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAX_CONNECTIONS", 5)
    async with running_gateway(use_tap=use_tap) as gateway, ClientSession() as session:
        url = f"http://127.0.0.1:{gateway.server.port}/api/websocket"
        sockets = [await session.ws_connect(url) for _ in range(10)]
        async with slow_sockets(gateway, 10, HEAD):
            await settled(gateway)

        assert [(await socket.receive_json())["type"] for socket in sockets] == ["auth_required"] * 10


@pytest.mark.parametrize(("may_be_open", "most"), [(-1, 2_048), (256, 128), (65_536, 2_048)])
def test_connections_leave_files_to_the_rest_of_the_home(
    may_be_open: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (may_be_open, may_be_open))

    assert door.most_connections() == most


async def test_who_sends_no_request_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HEAD_S", 0.2)
    async with running_gateway() as gateway, slow_sockets(gateway, 1, HEAD) as [(reader, _)]:
        async with asyncio.timeout(5):
            answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert answer.endswith(b"\r\n\r\n408: Request Timeout")


async def test_a_body_that_is_said_to_be_too_long_is_not_waited_for() -> None:
    async with running_gateway() as gateway:
        sent = b"POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"
        async with slow_sockets(gateway, 1, sent) as [(reader, _)], asyncio.timeout(5):
            assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01\r\n\r\n", 400), (b"GET / HTTP/9.9\r\n\r\n", 400), (b"GET /" + b"x" * 9_000, 400),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9_000, 400), (b"GET /nothing/x HTTP/1.0\r\n\r\n", 404),
        (b"OPTIONS * HTTP/1.0\r\n\r\n", 404), (b"PATCH /auth/token HTTP/1.0\r\n\r\n", 405),
        (b"POST /auth/token HTTP/1.0\r\nContent-Length: 2000000\r\n\r\n", 413),
        (b"POST /auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: x\r\n\r\n", 417),
        (b"POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ],
)  # fmt: skip
async def test_every_answer_has_the_headers_and_none_says_what_was_sent(sent: bytes, status: int) -> None:
    async with running_gateway(http=Http()) as gateway, slow_sockets(gateway, 1, sent) as [(reader, _)]:
        async with asyncio.timeout(5):
            head, _, body = (await reader.readuntil(b"\r\n\r\n")).decode().partition("\r\n")
        lines = body.split("\r\n")

    assert head.split()[1] == str(status)
    assert "aiohttp" not in body.lower()
    assert {"Server: ", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer"} <= set(lines)
    assert {"X-Frame-Options: SAMEORIGIN"} <= set(lines)
    assert any(line.startswith("Content-Security-Policy: ") for line in lines)
