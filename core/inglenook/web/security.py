"""Who asks: the guard before every route, which lets nobody in without a token unless the route is open to all."""

from typing import Any, Final

from aiohttp import web

from inglenook.auth import Auth, Permission, RefreshToken, User, may
from inglenook.protocol import PATH

AUTH: Final = web.AppKey("auth", Auth)
_OPEN: Final = web.AppKey("open", set)
_TOKEN: Final = "inglenook.token"  # noqa: S105 - a key of the request

# Routes that ask who comes in by themselves, or tell nothing that is not public, as they were added to the router.
_OPEN_FROM_THE_START: Final = (
    PATH,
    "/api/websocket",
    "/api/webhook/{webhook_id}",
    "/api/health",
    "/api/ready",
    "/healthz",
)

Handler = Any  # aiohttp's own type is of no help to who writes middlewares


def protect(app: web.Application, auth: Auth) -> None:
    """Let nobody reach a route of ``app`` without a token of ``auth``, unless :func:`open_to_all` says so."""
    app[AUTH] = auth
    app[_OPEN] = set(_OPEN_FROM_THE_START)
    app.middlewares.append(_guard)


def open_to_all(app: web.Application, *paths: str) -> None:
    """Let everybody reach the routes of these paths, which are written as they were added to the router."""
    app[_OPEN].update(paths)


def token_of(request: web.Request) -> RefreshToken | None:
    """Return the token that came with ``request``, if it is one that is believed."""
    token: RefreshToken | None = request.get(_TOKEN)
    return token


def user_of(request: web.Request) -> User | None:
    """Return who asks; None on a route that is open to all."""
    token = token_of(request)
    return token.user if token else None


def require(request: web.Request, permission: Permission) -> User:
    """Return who asks.

    Raises:
        HTTPUnauthorized: the user may not do what asks for ``permission``.
    """
    user = user_of(request)
    if user is None or not may(user, permission):
        raise web.HTTPUnauthorized
    return user


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    resource = request.match_info.route.resource
    if resource is not None and resource.canonical not in request.app[_OPEN]:
        token = _believed(request)
        if token is None:
            raise web.HTTPUnauthorized
        request[_TOKEN] = token
        request.app[AUTH].touch(token, request.remote)
    response: web.StreamResponse = await handler(request)
    return response


def _believed(request: web.Request) -> RefreshToken | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return request.app[AUTH].verify(text) if scheme.lower() == "bearer" and text else None
