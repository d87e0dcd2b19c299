"""Homes as the command line runs them, for tests: started, signed in to, and stopped in any case."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.core.web.clients import Client, signed_in_at

from inglenook.auth import Role
from inglenook.config.configuration import read_configuration
from inglenook.server.running import HomeServer


@asynccontextmanager
async def running_home(folder: Path) -> AsyncIterator[HomeServer]:
    """Run the home whose configuration is in ``folder``."""
    server = HomeServer(read_configuration(folder))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def client_of(folder: Path, role: Role = Role.OWNER) -> AsyncIterator[tuple[HomeServer, Client]]:
    """Run it, and sign in as a new user."""
    async with running_home(folder) as server:
        user = await server.auth.create_user(f"{role.value} {len(server.auth.users())}", role=role)
        token = server.auth.create_long_lived(user, "test")
        async with signed_in_at(server.gateway.port, token) as client:
            yield server, client


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what files or threads bring about."""
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.to_thread(lambda: None)
