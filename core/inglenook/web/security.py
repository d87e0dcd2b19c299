"""Who asks: the guard before every route, which lets nobody in without a token unless the route is open to all."""

import logging
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Admission, Auth, Permission, RefreshToken, User, may, may_come_from
from inglenook.auth.signed_paths import PARAMETER, signer_of
from inglenook.config.settings import Http
from inglenook.home import Home
from inglenook.protocol import PATH
from inglenook.web.door import turn_away
from inglenook.web.headers import Headers
from inglenook.web.origins import client_address, is_foreign, is_local

_log = logging.getLogger(__name__)

AUTH: Final = web.AppKey("auth", Auth)
ADMISSION: Final = web.AppKey("admission", Admission)
HEADERS: Final = web.AppKey("headers", Headers)
HTTP: Final = web.AppKey("http", Http)
_OPEN: Final = web.AppKey("open", set[str])
_TOKEN: Final = web.RequestKey("token", RefreshToken)
_ADDRESS: Final = web.RequestKey("address", str)

# Routes that ask who comes in by themselves, or tell nothing that is not public, as they were added to the router.
_OPEN_FROM_THE_START: Final = (
    PATH,
    "/api/websocket",
    "/api/webhook/{webhook_id}",
    "/api/health",
    "/api/ready",
    "/healthz",
)
# Where a page of another origin could act with what only its visitor's browser reaches.
_OWN_PAGES_ONLY: Final = ("/api/websocket", "/auth/login_flow", "/api/onboarding", "/onboarding")

BODY_S: Final = 60.0  # for a body to come to its end
MAX_BODY: Final = 1_048_576  # bytes
_FORWARDED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP")

Handler = Any  # aiohttp's own type is of no use to who writes middlewares


def protect(app: web.Application, home: Home, auth: Auth, http: Http) -> None:
    """Let nobody reach a route of ``app`` without a token of ``auth``, unless :func:`open_to_all` says so."""
    threshold = http.login_attempts_threshold
    is_banning = http.ip_ban_enabled and threshold > 0
    headers = Headers(http)
    app[AUTH] = auth
    app[HTTP] = http
    app[HEADERS] = headers
    app[ADMISSION] = Admission(auth, home.store, home.clock, threshold if is_banning else None)
    app[ADMISSION].attempts.on_failure.append(partial(_tell_of_failure, home))
    auth.on_change.append(lambda change, user: home.bus.fire(f"user_{change}", {"user_id": user.id}))
    app[_OPEN] = set(_OPEN_FROM_THE_START)
    app.middlewares.append(_Guard(home, http, headers, app[ADMISSION]).handle)
    app.on_response_prepare.append(headers.put)


def open_to_all(app: web.Application, *paths: str) -> None:
    """Let everybody reach the routes of these paths, which are written as they were added to the router."""
    app[_OPEN].update(paths)


def is_open_to_all(app: web.Application, path: str) -> bool:
    """True when everybody reaches the route of ``path``, written as it was added to the router."""
    return path in app[_OPEN]


def address_of(request: web.Request) -> str:
    """Return the address of who asks, as far as it is known for sure: behind a trusted proxy, the proxy's client."""
    return request[_ADDRESS]


def is_direct(request: web.Request) -> bool:
    """False when somebody whom nobody trusts says to ask for another, so that the address may not be of who asks."""
    return not any(name in request.headers for name in _FORWARDED) or address_of(request) != request.remote


def is_from_home(request: web.Request) -> bool:
    """True when who asks is known for sure to be in the home's own network, or on its machine."""
    return is_local(address_of(request)) and is_direct(request)


def token_of(request: web.Request) -> RefreshToken | None:
    """Return the token that came with ``request``, if it is one that is believed."""
    return request.get(_TOKEN)


def user_of(request: web.Request) -> User | None:
    """Return who asks; None for who shows no token that is believed, which only happens on routes open to all."""
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


def _tell_of_failure(home: Home, address: str, is_banned: bool) -> None:
    """Leave a message for who looks after the home, where messages are kept."""
    if home.services.has("persistent_notification", "create"):
        message = f"Failed log-in from {address}." + (" It is shut out from now on." if is_banned else "")
        data = {"notification_id": "http-login", "title": "Failed log-in", "message": message}
        home.services.start("persistent_notification", "create", data)


def _give_up(request: web.Request) -> None:
    """Drop a connection whose body does not come to its end."""
    if not request.content.is_eof() and request.transport is not None:
        _log.debug("%s sends too slowly", address_of(request))
        turn_away(request.transport, HTTPStatus.REQUEST_TIMEOUT, request.app[HEADERS])


class _Guard:
    """The middleware of an application; one for all, because each costs memory as long as a socket is open."""

    def __init__(self, home: Home, http: Http, headers: Headers, admission: Admission) -> None:
        self._settings = home.settings
        self._clock = home.clock
        self._http = http
        self._headers = headers
        self._attempts = admission.attempts
        self._auth = admission.auth

    @web.middleware
    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        preflight = self._admit(request)
        if preflight is not None:
            return preflight
        response: web.StreamResponse
        if not request.can_read_body:  # there is none, or it has come with the request
            response = await handler(request)
            return response
        if (request.content_length or 0) > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
        timer = self._clock.call_later(BODY_S, partial(_give_up, request))
        try:
            response = await handler(request)
        except ConnectionError:
            if request.transport is not None:
                raise
            response = web.Response()  # whoever hangs up halfway is not there to read it, and not worth a traceback
        finally:
            timer.cancel()
        return response

    def _admit(self, request: web.Request) -> web.Response | None:
        """Note who asks; return an answer if there is one already, raise what keeps the request out."""
        address = request[_ADDRESS] = client_address(request, self._http)
        if self._attempts.is_banned(address):
            raise web.HTTPForbidden
        preflight = self._headers.preflight(request)
        if preflight is not None:
            return preflight
        self._check_origin(request)
        token = self._believed(request)
        if token is not None and may_come_from(token.user, is_local=is_from_home(request)):
            request[_TOKEN] = token
            self._auth.touch(token, address)
            return None
        resource = request.match_info.route.resource  # None: there is no such route, and the router says so
        if resource is not None and not is_open_to_all(request.app, resource.canonical):
            raise web.HTTPUnauthorized
        return None

    def _check_origin(self, request: web.Request) -> None:
        if "Origin" not in request.headers or not request.path.startswith(_OWN_PAGES_ONLY):
            return
        own = self._settings.internal_url, self._settings.external_url
        if is_foreign(request, self._http, own):
            origin = request.headers["Origin"]
            _log.warning("a page of %.200r was kept out; http.cors_allowed_origins would let it in", origin)
            raise web.HTTPForbidden

    def _believed(self, request: web.Request) -> RefreshToken | None:
        given = request.headers.get("Authorization")
        if given is not None:
            scheme, _, text = given.partition(" ")
            return self._auth.verify(text) if scheme.lower() == "bearer" else None
        if request.method in ("GET", "HEAD") and PARAMETER in request.query:
            return signer_of(self._auth, request.path, request.query.items(), self._clock.now())
        return None
