"""A client of the WebSocket API, for tests: signs in, sends commands, reads what comes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from inglenook.auth import Role
from inglenook.testing.gateway import Gateway, running_gateway


class Client:
    """One socket, authenticated. Frames of subscriptions are kept until they are asked for."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.last_id = 0
        self.events: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        """Return the next frame."""
        frame: dict[str, Any] = await self.socket.receive_json(timeout=5)
        return frame

    async def ask(self, kind: str, **data: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        self.last_id += 1
        await self.socket.send_json({"id": self.last_id, "type": kind, **data})
        while True:
            frame = await self.receive()
            if frame["type"] == "event":
                self.events.append(frame)
            else:
                assert frame["id"] == self.last_id
                return frame

    async def result(self, kind: str, **data: Any) -> Any:
        """Send a command and return its result, which is there."""
        answer = await self.ask(kind, **data)
        assert answer["success"], answer
        return answer["result"]

    async def code(self, kind: str, **data: Any) -> str:
        """Send a command that fails, and return the code."""
        answer = await self.ask(kind, **data)
        assert not answer["success"], answer
        return str(answer["error"]["code"])

    async def event(self) -> Any:
        """Return the next event."""
        while not self.events:
            frame = await self.receive()
            assert frame["type"] == "event", frame
            self.events.append(frame)
        return self.events.pop(0)["event"]

    async def is_closed(self) -> bool:
        """Wait for the end of the socket."""
        while (await self.socket.receive(timeout=5)).type is WSMsgType.TEXT:
            pass
        return self.socket.closed


def websocket_url(gateway: Gateway) -> str:
    """Return where clients connect."""
    return f"http://127.0.0.1:{gateway.server.port}/api/websocket"


async def token_of(gateway: Gateway, role: Role = Role.OWNER) -> str:
    """Return a long-lived token of a new user."""
    user = await gateway.auth.create_user(f"{role.value} {len(gateway.auth.users())}", role=role)
    return gateway.auth.create_long_lived(user, "test")


@asynccontextmanager
async def signed_in(gateway: Gateway, role: Role = Role.OWNER, token: str = "") -> AsyncIterator[Client]:
    """Open a socket and show a token."""
    async with signed_in_at(gateway.server.port, token or await token_of(gateway, role)) as client:
        yield client


@asynccontextmanager
async def signed_in_at(port: int, token: str) -> AsyncIterator[Client]:
    """Open a socket of the home at ``port`` of this machine and show a token."""
    url = f"http://127.0.0.1:{port}/api/websocket"
    async with ClientSession() as session, session.ws_connect(url, max_msg_size=0) as socket:
        client = Client(socket)
        assert (await client.receive())["type"] == "auth_required"
        await socket.send_json({"type": "auth", "access_token": token})
        assert (await client.receive())["type"] == "auth_ok"
        yield client


@asynccontextmanager
async def client_of_a_home(role: Role = Role.OWNER, **options: Any) -> AsyncIterator[tuple[Gateway, Client]]:
    """Run a home and sign in."""
    async with running_gateway(**options) as gateway, signed_in(gateway, role) as client:
        yield gateway, client
