"""Headers that keep browsers safe: on every answer, and those that let pages of other origins in."""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from inglenook.config.settings import Http
from inglenook.web.origins import is_allowed

# What only data is loads and runs nothing, also when a browser is made to show it; a page brings a policy of its own.
DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Of the pages that we write ourselves: modules and styles from files, no script in the page.
PAGE_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "form-action 'self'"
)
_ALWAYS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": DATA_POLICY,
}
# Where pages of every origin may ask: what these answer depends on nothing that a browser sends by itself.
_OPEN_TO_PAGES: Final = frozenset(
    {"/auth/token", "/auth/revoke", "/manifest.json", "/.well-known/oauth-authorization-server"}
)
_PREFLIGHT_S: Final = 600


class Headers:
    """Puts the headers on every answer of an application; made once for it."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def put(self, request: web.Request, response: web.StreamResponse) -> None:
        """Put the headers on ``response``, where it has none of these; a handler of ``on_response_prepare``."""
        self.dress(request, response)

    def dress(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """As :meth:`put`, at once, for what no handler hears of."""
        headers = response.headers
        headers["Server"] = ""
        if response.status == 101:  # a socket: nobody shows what comes over it
            return
        for name, value in self.always():
            headers.setdefault(name, value)
        if request.path.startswith(("/api/", "/auth/")):
            headers.setdefault("Cache-Control", "no-store")
        origin = request.headers.get("Origin")
        if origin is not None and self._may_read(request, origin):
            headers["Access-Control-Allow-Origin"] = origin
            headers["Vary"] = "Origin"

    def always(self) -> Iterator[tuple[str, str]]:
        """Yield name and value of what stands on every answer, whatever it is an answer to."""
        yield "Server", ""
        yield from _ALWAYS.items()
        if self._http.use_x_frame_options:
            yield "X-Frame-Options", "SAMEORIGIN"

    def preflight(self, request: web.Request) -> web.Response | None:
        """Return the answer to a browser that asks whether a page may send a request; None when it asks no such thing.

        Raises:
            HTTPForbidden: it may not.
        """
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return None
        origin = request.headers.get("Origin")
        if origin is None or not self._may_read(request, origin):
            raise web.HTTPForbidden
        return web.Response(
            headers={
                "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
                "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, X-Requested-With",
                "Access-Control-Max-Age": str(_PREFLIGHT_S),
            }
        )

    def _may_read(self, request: web.BaseRequest, origin: str) -> bool:
        return request.path in _OPEN_TO_PAGES or is_allowed(origin, self._http)
