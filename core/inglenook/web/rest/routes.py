"""What a route of the client API is: its method, its path, its permission and what it does."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from inglenook.auth import Permission, User
from inglenook.model import Context, new_context
from inglenook.web.commands.command import House
from inglenook.web.encoding import encode
from inglenook.web.security import require


class ApiError(Exception):
    """A request that is refused: its HTTP status and a message for people, sent as ``{"message": …}``."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(f"{status}: {message}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a route, from a user who may make it.

    Attributes:
        request: as aiohttp read it.
        house: what routes act on.
        user: who asks.
    """

    request: web.Request
    house: House
    user: User

    async def json(self, otherwise: Any = None) -> Any:
        """Return the body, which is JSON; ``otherwise`` if there is none.

        Raises:
            ApiError: 400; the body is no JSON.
        """
        body = await self.request.read()
        if not body.strip():
            return otherwise
        try:
            return msgspec.json.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ApiError(HTTPStatus.BAD_REQUEST, "Invalid JSON specified.") from error

    def context(self) -> Context:
        """Return a new context of the user."""
        return new_context(self.house.home.clock.now(), user_id=self.user.id)


Answer = Callable[[Call], Awaitable[Any] | Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        method: like ``GET``.
        path: as aiohttp's router takes it.
        permission: what its user must be allowed.
        answer: returns what becomes JSON, a response of aiohttp's, or an awaitable of either.
    """

    method: str
    path: str
    permission: Permission
    answer: Answer


class Routes(list[Route]):
    """The routes of a family."""

    def route(self, method: str, path: str, permission: Permission) -> Callable[[Answer], Answer]:
        """Take the function below in as what answers ``method`` at ``path``."""

        def take(answer: Answer) -> Answer:
            self.append(Route(method, path, permission, answer))
            return answer

        return take


def message(text: str, status: int = HTTPStatus.OK) -> web.Response:
    """Return ``{"message": text}``."""
    return json_response({"message": text}, status)


def json_response(value: Any, status: int = HTTPStatus.OK) -> web.Response:
    """Return ``value`` as JSON, in the forms of the wire."""
    return web.Response(body=encode(value), status=status, content_type="application/json")


def add_routes(app: web.Application, house: House, routes: Iterable[Route]) -> None:
    """Let ``app`` answer ``routes``; GET answers HEAD too."""
    for route in routes:
        handle = _Handler(route, house).handle
        if route.method == "GET":
            app.router.add_get(route.path, handle)
        else:
            app.router.add_route(route.method, route.path, handle)


class _Handler:
    def __init__(self, route: Route, house: House) -> None:
        self._route = route
        self._house = house

    async def handle(self, request: web.Request) -> web.StreamResponse:
        user = require(request, self._route.permission)
        try:
            answer = self._route.answer(Call(request, self._house, user))
            if isinstance(answer, Awaitable):
                answer = await answer
        except ApiError as error:
            return message(error.message, error.status)
        return answer if isinstance(answer, web.StreamResponse) else json_response(answer)
