"""Events as they happen, over HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession
from tests.core.web.clients import token_of

from inglenook.auth import Role
from inglenook.testing.gateway import Gateway, running_gateway

from .rest_client import rest_client


class Reader:
    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer

    async def line(self) -> Any:
        async with asyncio.timeout(5):
            raw = (await self.answer.content.readuntil(b"\n\n")).removeprefix(b"data: ").strip()
        return raw if raw in (b"ping", b"") else msgspec.json.decode(raw)

    async def ended(self) -> bool:
        async with asyncio.timeout(5):
            while not self.answer.content.at_eof():
                await self.answer.content.readany()
        return True


@asynccontextmanager
async def reading(query: str = "") -> AsyncIterator[tuple[Gateway, Reader, str]]:
    async with running_gateway() as gateway, ClientSession() as session:
        token = await token_of(gateway)
        url = f"http://127.0.0.1:{gateway.server.port}/api/stream{query}"
        async with session.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.content_type == "text/event-stream"
            reader = Reader(answer)
            assert await reader.line() == b"ping"
            yield gateway, reader, token


async def test_every_event_comes_after_a_ping() -> None:
    async with reading() as (gateway, reader, _):
        gateway.home.bus.fire("door_opened", {"by": "cat"})

        event = await reader.line()

        assert (event["event_type"], event["data"]) == ("door_opened", {"by": "cat"})


async def test_it_can_be_restricted_to_types() -> None:
    async with reading("?restrict=a,b") as (gateway, reader, _):
        for event_type in ("x", "a", "y", "b"):
            gateway.home.bus.fire(event_type)

        assert [(await reader.line())["event_type"] for _ in range(2)] == ["a", "b"]
        assert gateway.home.bus.listeners("x") == 0


async def test_it_ends_with_the_home_and_leaves_no_listener() -> None:
    async with reading("?restrict=a") as (gateway, reader, _):
        gateway.home.bus.fire("homeassistant_stop")

        assert await reader.ended()
        assert gateway.home.bus.listeners("a") == 0


async def test_it_ends_when_its_token_is_withdrawn() -> None:
    async with reading() as (gateway, reader, _):
        for user in gateway.auth.users():
            for token in gateway.auth.tokens(user):
                gateway.auth.revoke(token.id)

        assert await reader.ended()


async def test_who_reads_too_slowly_is_dropped() -> None:
    from inglenook.web.rest.stream import MAX_WAITING

    async with reading() as (gateway, reader, _):
        for _number in range(MAX_WAITING + 1):
            gateway.home.bus.fire("a")

        with contextlib.suppress(ClientError):
            await reader.ended()
        assert gateway.home.bus.listeners("a") == 0


async def test_it_is_for_admins() -> None:
    async with rest_client(Role.USER) as (_, client):
        assert (await client.ask("GET", "/api/stream"))[0] == 401
    async with rest_client() as (_, client):
        assert (await client.ask("HEAD", "/api/stream"))[0] == 200
