"""``/``: the home's own page, and the files it loads, where no other frontend is installed."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from importlib.resources import files
from typing import Final

from aiohttp import ETag, web

from inglenook.web.headers import PAGE_POLICY
from inglenook.web.onboarding_views import PAGE as ONBOARDING_PAGE
from inglenook.web.security import ADMISSION, open_to_all

FRONT: Final = "/"
FILE_ROUTE: Final = "/page/{name}"
_INDEX: Final = "index.html"
_TYPES: Final = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}

Frontend = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
FRONTEND: Final[web.AppKey[Frontend]] = web.AppKey("frontend")
"""Answers ``/`` with an installed frontend, or with None as long as there is none."""


def add_page_views(app: web.Application) -> None:
    """Add the routes to ``app``, which is protected already; they are open to all and tell nothing of the home."""
    views = _PageViews()
    app.add_routes([web.get(FRONT, views.front), web.get(FILE_ROUTE, views.file)])
    open_to_all(app, FRONT, FILE_ROUTE)


class _PageViews:
    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, ETag]] = {}  # read when they are first asked for

    async def front(self, request: web.Request) -> web.StreamResponse:
        """Answer with what a browser shows first."""
        if request.app[ADMISSION].onboarding.is_open:
            raise web.HTTPFound(ONBOARDING_PAGE)
        frontend = request.app.get(FRONTEND)
        installed = await frontend(request) if frontend is not None else None
        return installed if installed is not None else self._answer(request, _INDEX)

    async def file(self, request: web.Request) -> web.Response:
        """Answer with a file of the page."""
        return self._answer(request, request.match_info["name"])

    def _answer(self, request: web.Request, name: str) -> web.Response:
        if not self._files:
            self._files = _read()
        if name not in self._files:
            raise web.HTTPNotFound
        body, etag = self._files[name]
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
        if request.if_none_match and etag.value in {given.value for given in request.if_none_match}:
            response = web.Response(status=304, headers=headers)
        else:
            kind = _TYPES[name.rpartition(".")[2]]
            response = web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
            response.enable_compression()
        response.etag = etag
        return response


def _read() -> dict[str, tuple[bytes, ETag]]:
    found: dict[str, tuple[bytes, ETag]] = {}
    for file in files("inglenook.web").joinpath("page").iterdir():
        if file.name.rpartition(".")[2] in _TYPES:
            body = file.read_bytes()
            found[file.name] = body, ETag(sha256(body).hexdigest()[:32])
    return found
