"""Whatever is sent over HTTP: an answer that says so, and a home that goes on."""

import asyncio
import contextlib
import logging
import re
from io import BytesIO

import pytest

from inglenook.testing.gateway import running_gateway
from inglenook.web import door, security
from inglenook.web.rest.bundled import BUNDLED

from .rest_client import rest_client

DEEP = 100_000
BODIES = {
    "nothing": b"",
    "half": b'{"state": ',
    "deep list": b"[" * DEEP,
    "deep object": b'{"a":' * DEEP,
    "deep and whole": b'{"state": ' + b"[" * 900 + b"]" * 900 + b', "template": "{{ a }}", "variables": {"a": 1}}',
    "no utf-8": b'{"state": "\xff\xfe"}',
    "half a character": b'{"state": "\\ud800", "template": "\\ud800"}',
    "no number": b'{"state": NaN}',
    "too large a number": b'{"state": 1e999, "template": 1e999}',
    "long number": b'{"state": ' + b"9" * 6000 + b', "variables": {"a": ' + b"9" * 6000 + b"}}",
    "a number": b"5",
    "null": b"null",
    "list": b"[]",
    "zeros": b"\x00" * 100,
    "other things": b'{"state": {}, "attributes": 5, "template": [], "variables": 5, "entity_id": {"a": 1}}',
}
PATHS = [
    "/api/states/..;/..;/config", "/api/states/%2e%2e/config", "/api//states", "//api/states", "/api/states/a%2Fb",
    "/api/states/%00", "/api/states/%ff", "/api/states/.", "/api/states/" + "x" * 5000, "/api/services/%2e%2e/x",
    "/api/events/%0d%0aX-Evil:%201", "/api/webhook/%0d%0a", "/API/states", "/api/states;x", "/api/states/sensor.a/more",
    "http://x/api/states", "http://127.0.0.1@x/api/states", "*", "x:1", "/api/health/..;/states", "///api/states",
    "/api/states?authSig=x", "/api/../api/states", "/api/%73tates/", "/metrics/..%2f", "/api/error_log%00",
]  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_none_is_refused_by_every_route(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    async with rest_client() as (gateway, client):
        client.headers["Content-Type"] = "application/json"
        gateway.home.services.register("domain", "service", lambda _: None, has_target=True)
        for route in BUNDLED:
            if route.method in ("POST", "PUT"):
                path = re.sub(r"\{(\w+)[^}]*\}", r"\1", route.path.replace("{entity_id}", "sensor.a"))

                answer = await client.answer(route.method, path, data=BytesIO(BODIES[name]))

                assert answer.status in (200, 201, 400, 404), (path, await answer.text())
        assert await client.get("/api/") == {"message": "API running."}
    assert not caplog.text


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH", "TRACE", "BREW"])
async def test_no_path_leads_past_the_guard_or_to_a_failure(method: str) -> None:
    async with running_gateway() as gateway:
        gateway.home.states.set("sensor.a", "secret")

        for path in PATHS:
            request = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            answer = await raw(gateway.server.port, request)

            assert re.match(r"HTTP/1\.[01] (400|401|404|405|200) ", answer), (path, answer)
            assert "secret" not in answer
            assert "X-Evil" not in answer.partition("\r\n\r\n")[0]


@pytest.mark.parametrize(
    "request_text",
    [
        "\x00\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /api/ HTTP/1.1\r\nHost\r\n\r\n",
        f"GET /{'x' * 20_000} HTTP/1.1\r\n\r\n", f"GET /api/ HTTP/1.1\r\nX: {'x' * 20_000}\r\n\r\n",
        "POST /api/states/sensor.a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/template HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/states/sensor.a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)  # fmt: skip
async def test_what_is_no_request_is_answered_with_400(request_text: str) -> None:
    async with running_gateway() as gateway:
        answer = await raw(gateway.server.port, request_text)

        assert re.match(r"HTTP/1\.[01] 40[01] ", answer), answer
        assert (await raw(gateway.server.port, "GET /api/health HTTP/1.0\r\n\r\n")).endswith('{"status":"ok"}')


async def test_bodies_have_a_bound() -> None:
    async with rest_client() as (_, client):
        for path in ("/api/states/sensor.a", "/api/events/x", "/api/services/a/b", "/api/template"):
            assert (await client.answer("POST", path, data=BytesIO(b" " * 1_048_577))).status == 413


async def test_other_methods_are_told_which_are_right() -> None:
    async with rest_client() as (_, client):
        answer = await client.answer("PATCH", "/api/states/sensor.a")

        assert answer.status == 405
        assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD", "POST", "DELETE"}


@pytest.mark.parametrize("drip", [b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-", b"GET ", b""])
async def test_who_never_ends_the_head_of_a_request_is_dropped(drip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HEAD_S", 0.2)
    async with running_gateway() as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        writer.write(drip)

        end = asyncio.create_task(reader.read())
        async with asyncio.timeout(5):
            while not end.done():
                writer.write(b"a" if drip else b"")  # a byte now and then does not prolong it
                await asyncio.wait([end], timeout=0.05)
        writer.close()


async def test_the_time_for_the_head_begins_anew_with_each_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HEAD_S", 0.2)
    async with running_gateway() as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        writer.write(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\nGET /api/health HT")

        async with asyncio.timeout(5):
            assert (await reader.read()).count(b"200 OK") == 1
        writer.close()


@pytest.mark.parametrize("head", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/auth/token", "/api/webhook/door"])
async def test_who_never_ends_a_body_is_dropped(
    path: str, head: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(security, "BODY_S", 0.2)
    async with running_gateway() as gateway:
        gateway.home.bus.listen("webhook_received", repr)
        kind = "application/json" if "webhook" in path else "application/x-www-form-urlencoded"
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{head}\r\n\r\n".encode())

        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionError):
                assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def raw(port: int, text: str) -> str:
    """Send bytes as they are; return all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.encode("latin-1"))
    try:
        async with asyncio.timeout(5):
            return (await reader.read()).decode("utf-8", "replace")
    finally:
        writer.close()
