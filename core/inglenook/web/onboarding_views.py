"""Onboarding over HTTP: the first person takes the home over with the code that its console shows."""

from typing import Final

import msgspec
from aiohttp import web

from inglenook.auth import Permission
from inglenook.auth.clients import is_client_id
from inglenook.auth.onboarding import STEPS
from inglenook.errors import InvalidEntry, TooManyAttempts, Unauthorized
from inglenook.home import Home
from inglenook.web.auth_views import authorize
from inglenook.web.forms import bad_request, forbidden, json_answer, read_json, too_many
from inglenook.web.security import ADMISSION, address_of, open_to_all, require

PAGE: Final = "/onboarding.html"
COOKIE: Final = "onboarding_code"
_COOKIE_S: Final = 3_600


class _NewUser(msgspec.Struct):
    name: str
    username: str
    password: str
    client_id: str
    code: str = ""
    language: str = "en"


class _Client(msgspec.Struct):
    client_id: str
    redirect_uri: str


def add_onboarding_views(app: web.Application, home: Home) -> None:
    """Add the routes to ``app``, which is protected already."""
    views = _OnboardingViews(app, home)
    app.add_routes(
        [
            web.get("/onboarding", views.enter),
            web.get("/api/onboarding", views.steps),
            web.get("/api/onboarding/installation_type", views.installation_type),
            web.post("/api/onboarding/users", views.create_owner),
            web.post("/api/onboarding/{step:core_config|analytics}", views.finish_step),
            web.post("/api/onboarding/integration", views.integration),
        ]
    )
    open_to_all(app, "/onboarding", "/api/onboarding", "/api/onboarding/users", "/api/onboarding/installation_type")


class _OnboardingViews:
    def __init__(self, app: web.Application, home: Home) -> None:
        self._home = home
        self._onboarding = app[ADMISSION].onboarding

    async def enter(self, request: web.Request) -> web.Response:
        """Take the code from the address that the console shows, and go on to the page; it sends the code with it."""
        code = request.query.get("code", "")
        try:
            self._onboarding.check(code, address_of(request))
        except Unauthorized as error:
            if not _is_browser(request):
                raise forbidden(str(error)) from error
            if not self._onboarding.is_open:
                return _go_to(f"{PAGE}#taken")
            return _go_to(f"{PAGE}#wrong" if code.strip() else PAGE)
        except TooManyAttempts as error:
            return _go_to(f"{PAGE}#wait") if _is_browser(request) else too_many(error.retry_after_s)
        response = _go_to(f"{PAGE}#code")
        response.set_cookie(
            COOKIE, code, max_age=_COOKIE_S, path="/api/onboarding", httponly=True, samesite="Strict",
            secure=request.secure,
        )  # fmt: skip
        return response

    async def steps(self, request: web.Request) -> web.Response:
        """Say which steps are done; nothing is here once all are."""
        del request
        if self._onboarding.done >= set(STEPS):
            raise web.HTTPNotFound
        return json_answer([{"step": step, "done": step in self._onboarding.done} for step in STEPS])

    async def installation_type(self, request: web.Request) -> web.Response:
        """Say what kind of installation the person looks at, as long as nobody looks after it."""
        del request
        if not self._onboarding.is_open:
            raise web.HTTPUnauthorized
        return json_answer({"installation_type": "Home Assistant Core"})

    async def create_owner(self, request: web.Request) -> web.Response:
        """Make the first person the owner, and let the page log in."""
        body = await read_json(request, _NewUser)
        if not is_client_id(body.client_id):
            raise bad_request("Invalid client id")
        code = body.code or request.cookies.get(COOKIE, "")
        address = address_of(request)
        try:
            user = await self._onboarding.create_owner(code, body.name, body.username, body.password, address)
        except Unauthorized as error:
            raise forbidden(str(error)) from error
        except InvalidEntry as error:
            raise bad_request(str(error)) from error
        except TooManyAttempts as error:
            return too_many(error.retry_after_s)
        await self._home.store.flush()
        response = json_answer({"auth_code": authorize(request, user, body.client_id)})
        response.del_cookie(COOKIE, path="/api/onboarding")
        return response

    async def finish_step(self, request: web.Request) -> web.Response:
        """Note that the person is through with a step of which there is nothing to keep."""
        require(request, Permission.ADMIN)
        self._finish(request.match_info["step"])
        return json_answer({})

    async def integration(self, request: web.Request) -> web.Response:
        """End with the last step: the page logs in to the client where it goes on."""
        user = require(request, Permission.ADMIN)
        body = await read_json(request, _Client)
        code = authorize(request, user, body.client_id, body.redirect_uri)
        self._finish("integration")
        return json_answer({"auth_code": code})

    def _finish(self, step: str) -> None:
        try:
            self._onboarding.finish(step)
        except InvalidEntry as error:
            raise forbidden(str(error)) from error


def _is_browser(request: web.Request) -> bool:
    """True for who wants a page that says what is wrong, rather than JSON."""
    return "text/html" in request.headers.get("Accept", "")


def _go_to(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})
