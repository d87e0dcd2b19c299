"""The routes of the frontend: its page under every panel, its files, ``/local``, and what else browsers ask for."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from aiohttp import web

from inglenook.auth.onboarding import Onboarding
from inglenook.home import Home
from inglenook.web.frontend.files import ASK_AGAIN, file_answer
from inglenook.web.frontend.panels import has_page
from inglenook.web.frontend.policy import LOCAL_POLICY, page_policy
from inglenook.web.frontend.surface import Surface
from inglenook.web.frontend.versions import INDEX, Versions
from inglenook.web.onboarding_views import PAGE as ONBOARDING_PAGE
from inglenook.web.security import ADMISSION, open_to_all

WWW: Final = "www"
AUTHORIZE: Final = "authorize.html"
THEME_COLOR: Final = "#18BCF2"
_PANEL: Final = "/{panel:(?!api$|auth$|onboarding$)[A-Za-z0-9_-]+}"
_WORKERS: Final = ("service_worker.js", "sw-modern.js", "sw-legacy.js")
_ICONS: Final = (192, 384, 512, 1024)
_TOOLS: Final = "/config/tools"

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_frontend(app: web.Application, home: Home, surface: Surface) -> "FrontendPages":
    """Add the routes to ``app``, which is protected already; they are open to all, for the page holds nothing secret.

    ``/`` is not among them: :meth:`FrontendPages.front` answers it as long as a frontend is installed.
    """
    pages = FrontendPages(home, surface, app[ADMISSION].onboarding)
    routes = [
        web.get("/static/{name:.+}", pages.static),
        web.get("/frontend_latest/{name:.+}", pages.latest),
        *(web.get(f"/{name}", pages.worker) for name in _WORKERS),
        web.get("/robots.txt", pages.robots),
        web.get("/manifest.json", pages.manifest),
        web.get("/local/{name:.+}", pages.local),
        web.get("/.well-known/change-password", _to("/profile")),
        *(web.get(f"{old}{{rest:(/.*)?}}", _to_tools) for old in ("/developer-tools", "/config/developer-tools")),
        web.get(_PANEL, pages.panel),
        web.get(f"{_PANEL}/{{rest:.*}}", pages.panel),
    ]
    for resource in {route.resource for route in app.add_routes(routes)}:
        assert resource is not None
        open_to_all(app, resource.canonical)
    return pages


class FrontendPages:
    """Answers the requests.

    Args:
        home: whose frontend it is.
        surface: knows the dashboards and what people added.
        onboarding: knows whether anybody looks after the home yet.
    """

    def __init__(self, home: Home, surface: Surface, onboarding: Onboarding) -> None:
        self._home = home
        self._surface = surface
        self._onboarding = onboarding
        self._versions = Versions(home.settings.data_dir)
        self._templates: tuple[Path, jinja2.Template] | None = None

    async def front(self, request: web.Request) -> web.StreamResponse | None:
        """Answer ``/``; None as long as no frontend is installed."""
        del request
        folder = self._versions.current()
        return None if folder is None else await self._page(folder)

    async def panel(self, request: web.Request) -> web.StreamResponse:
        """Answer the address of a panel, which the page itself reads."""
        folder = self._versions.current()
        if folder is None or not has_page(request.match_info["panel"], self._surface.dashboards):
            raise web.HTTPNotFound
        if self._onboarding.is_open:
            raise web.HTTPFound(ONBOARDING_PAGE)
        return await self._page(folder)

    async def authorize(self) -> web.Response | None:
        """Return the frontend's page of the log-in; None as long as no frontend is installed."""
        folder = self._versions.current()
        if folder is None or not (folder / AUTHORIZE).is_file():
            return None
        return _html(await asyncio.to_thread((folder / AUTHORIZE).read_text, encoding="utf-8"))

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Answer a file that no version of a page needs to be of."""
        return await file_answer(self._folder() / "static", request.match_info["name"])

    async def latest(self, request: web.Request) -> web.StreamResponse:
        """Answer a part of the program."""
        return await file_answer(self._folder() / "frontend_latest", request.match_info["name"])

    async def worker(self, request: web.Request) -> web.StreamResponse:
        """Answer the service worker, which browsers look at again at each start."""
        return await file_answer(self._folder(), request.path[1:], cache=None)

    async def robots(self, request: web.Request) -> web.StreamResponse:
        """Tell search engines that there is nothing for them."""
        del request
        return web.Response(text="User-agent: *\nDisallow: /\n")

    async def manifest(self, request: web.Request) -> web.StreamResponse:
        """Tell browsers how the home looks on the screen of a phone."""
        del request
        self._folder()
        name = self._home.settings.name
        icons = [
            {"src": f"/static/icons/favicon-{size}x{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in _ICONS
        ]
        about: dict[str, Any] = {
            "name": name, "short_name": name, "id": "/?homescreen=1", "start_url": "/?homescreen=1",
            "display": "standalone", "background_color": "#FFFFFF", "theme_color": THEME_COLOR, "lang": "en-US",
            "dir": "ltr", "icons": icons,
        }  # fmt: skip
        return web.Response(body=msgspec.json.encode(about), content_type="application/manifest+json")

    async def local(self, request: web.Request) -> web.StreamResponse:
        """Answer a file of the folder ``www`` beside the configuration."""
        folder = self._home.settings.config_dir / WWW
        return await file_answer(folder, request.match_info["name"], cache=ASK_AGAIN, policy=LOCAL_POLICY)

    def _folder(self) -> Path:
        folder = self._versions.current()
        if folder is None:
            raise web.HTTPNotFound
        return folder

    async def _page(self, folder: Path) -> web.Response:
        if self._templates is None or self._templates[0] != folder:
            text = await asyncio.to_thread((folder / INDEX).read_text, encoding="utf-8")
            self._templates = folder, jinja2.Environment(autoescape=True).from_string(text)
        frontend = self._surface.memory.frontend
        modules, scripts = frontend.modules, frontend.scripts
        html = self._templates[1].render(theme_color=THEME_COLOR, extra_modules=modules, extra_js_es5=scripts)
        return _html(
            html, [*modules, *scripts, *(resource["url"] for resource in self._surface.dashboards.resources())]
        )


def _html(html: str, added: list[str] | None = None) -> web.Response:
    headers = {"Content-Security-Policy": page_policy(html, added or ()), "Cache-Control": "no-cache"}
    return web.Response(text=html, content_type="text/html", headers=headers)


def _to(address: str) -> Page:
    async def go(request: web.Request) -> web.StreamResponse:
        del request
        raise web.HTTPFound(address)

    return go


async def _to_tools(request: web.Request) -> web.StreamResponse:
    """Send who knows the tools by their former address to where they are now."""
    query = f"?{request.query_string}" if request.query_string else ""
    raise web.HTTPFound(f"{_TOOLS}{request.match_info['rest']}{query}")
