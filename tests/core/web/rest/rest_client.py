"""A client of the API over HTTP, for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, ClientSession
from tests.core.web.clients import token_of

from inglenook.auth import Role
from inglenook.testing.gateway import Gateway, running_gateway


class RestClient:
    """Sends requests with a token."""

    def __init__(self, session: ClientSession, gateway: Gateway, token: str) -> None:
        self._session = session
        self._base = f"http://127.0.0.1:{gateway.server.port}"
        self.headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, json: Any = None, **options: Any) -> tuple[int, Any]:
        """Send a request; return the status and the body, read as JSON where it is."""
        answer = await self.answer(method, path, json=json, **options)
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())

    async def answer(self, method: str, path: str, **options: Any) -> ClientResponse:
        """Send a request; return the answer, its body read."""
        async with self._session.request(method, self._base + path, headers=self.headers, **options) as answer:
            await answer.read()
            return answer

    async def get(self, path: str) -> Any:
        """Return what stands at ``path``, which is there."""
        status, body = await self.ask("GET", path)
        assert status == 200, body
        return body


@asynccontextmanager
async def rest_client(role: Role = Role.OWNER, **options: Any) -> AsyncIterator[tuple[Gateway, RestClient]]:
    """Run a home and return a client of it, of a user of that role."""
    async with running_gateway(**options) as gateway, ClientSession() as session:
        yield gateway, RestClient(session, gateway, await token_of(gateway, role))
