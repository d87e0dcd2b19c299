"""What a route of the client API is: its method, its path, its permission and what it does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from inglenook.auth import Permission, User
from inglenook.model import Context, new_context
from inglenook.web.decoding import decode
from inglenook.web.encoding import encode
from inglenook.web.house import House
from inglenook.web.security import open_to_all, require, user_of


class ApiError(Exception):
    """A request that is refused: its HTTP status and a message for people, sent as ``{"message": …}``."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(f"{status}: {message}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a route, from somebody who may make it.

    Attributes:
        request: as aiohttp read it.
        house: what routes act on.
        visitor: who asks; None for who shows no token, which only happens on routes that are open to all.
    """

    request: web.Request
    house: House
    visitor: User | None

    @property
    def user(self) -> User:
        """Who asks.

        Raises:
            HTTPUnauthorized: nobody that is known.
        """
        if self.visitor is None:
            raise web.HTTPUnauthorized
        return self.visitor

    def path(self, name: str) -> str:
        """Return the part of the path that the route calls ``name``."""
        return self.request.match_info[name]

    async def json(self, otherwise: Any = None, *, refusal: str = "Invalid JSON specified.") -> Any:
        """Return the body, which is JSON; ``otherwise`` if there is none.

        Raises:
            ApiError: 400 with ``refusal``; the body is no JSON.
        """
        body = await self.request.read()
        if not body.strip():
            return otherwise
        try:
            return decode(body)
        except ValueError as error:
            raise ApiError(HTTPStatus.BAD_REQUEST, refusal) from error

    async def mapping(self, *, refusal: str = "Invalid JSON specified.") -> dict[str, Any]:
        """Return the body, which is a JSON object; an empty one if there is none.

        Raises:
            ApiError: 400 with ``refusal``; it is something else.
        """
        body = await self.json({}, refusal=refusal)
        if not isinstance(body, dict):
            raise ApiError(HTTPStatus.BAD_REQUEST, refusal)
        return body

    async def wait_until_kept(self) -> None:
        """Wait until what the request changed is in the database, or cannot be written there."""
        done = asyncio.Event()
        self.house.home.store.on_settled(done.set)
        await done.wait()

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
        permission: what its user must be allowed; None: it is open to all, with or without a token.
        answer: returns what becomes JSON, a response of aiohttp's, or an awaitable of either.
    """

    method: str
    path: str
    permission: Permission | None
    answer: Answer


class Routes(list[Route]):
    """The routes of a family."""

    def route(self, method: str, path: str, permission: Permission | None) -> Callable[[Answer], Answer]:
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
        if route.permission is None:
            open_to_all(app, route.path)
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
        permission = self._route.permission
        visitor = user_of(request) if permission is None else require(request, permission)
        call = Call(request, self._house, visitor)
        store, given = self._house.home.store, self._house.home.store.given
        try:
            answer = self._route.answer(call)
            if isinstance(answer, Awaitable):
                answer = await answer
            if store.given != given and self._route.method != "GET":
                await call.wait_until_kept()
        except ApiError as error:
            return message(error.message, error.status)
        return answer if isinstance(answer, web.StreamResponse) else json_response(answer)
