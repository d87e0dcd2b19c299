"""A home that reaches outside, and somebody there."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from tests.plugins.outside.place import Peer, Place


@pytest.fixture
def place(inglenook_loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Place]:
    """A home in real time that may run programs."""

    async def make() -> Place:
        return Place(tmp_path)

    made = inglenook_loop.run_until_complete(make())
    yield made
    inglenook_loop.run_until_complete(made.close())


@pytest.fixture
def peer(inglenook_loop: asyncio.AbstractEventLoop) -> Iterator[Peer]:
    """A server on a free port of this machine."""
    found = Peer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        found.url = f"http://{host}:{port}"

    inglenook_loop.run_until_complete(start())
    yield found
    inglenook_loop.run_until_complete(runner.cleanup())
