"""Our own pages of the log-in and of the first start, for browsers; a frontend brings its own log-in in our place."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Final

from aiohttp import web

from inglenook.web.headers import PAGE_POLICY
from inglenook.web.onboarding_views import PAGE as ONBOARDING_PAGE
from inglenook.web.security import open_to_all

AUTHORIZE_PAGE: Final = "/auth/authorize"
_FILES: Final = {
    "form.js": "text/javascript",
    "authorize.js": "text/javascript",
    "onboarding.js": "text/javascript",
    "login.css": "text/css",
}
_FILE_ROUTE: Final = "/auth/pages/{name}"


def add_login_pages(app: web.Application, other: Callable[[], Awaitable[web.Response | None]]) -> None:
    """Add the pages, and what they load, to ``app``, which is protected already; they are open to all.

    ``other`` returns the log-in of a frontend that is installed, None if there is none.
    """

    async def authorize(request: web.Request) -> web.Response:
        del request
        return await other() or _answer("authorize.html", "text/html")

    app.add_routes(
        [
            web.get(AUTHORIZE_PAGE, authorize),
            web.get(ONBOARDING_PAGE, _onboarding),
            web.get(_FILE_ROUTE, _file),
        ]
    )
    open_to_all(app, AUTHORIZE_PAGE, ONBOARDING_PAGE, _FILE_ROUTE)


async def _onboarding(request: web.Request) -> web.Response:
    del request
    return _answer("onboarding.html", "text/html")


async def _file(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    return _answer(name, _FILES[name])


def _answer(name: str, content_type: str) -> web.Response:
    text = files("inglenook.web").joinpath("pages", name).read_text(encoding="utf-8")
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
    return web.Response(text=text, content_type=content_type, headers=headers)
