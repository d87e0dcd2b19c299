"""The address that rules listen to: whoever knows it may call it, and learns nothing from the answer."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from inglenook.rules.triggers.webhook import EVENT_WEBHOOK
from inglenook.web.decoding import decode
from inglenook.web.rest.routes import Call, Routes
from inglenook.web.security import is_from_home

_log = logging.getLogger(__name__)

ROUTES: Final = Routes()
_PATH: Final = "/api/webhook/{webhook_id}"


@ROUTES.route("GET", _PATH, None)
@ROUTES.route("POST", _PATH, None)
@ROUTES.route("PUT", _PATH, None)
async def received(call: Call) -> web.Response:
    """Tell the rules of a request; the answer is the same whether any of them waited for it."""
    bus = call.house.home.bus
    if bus.has_listeners(EVENT_WEBHOOK):
        request = call.request
        try:
            told = await _content(request)
        except (ValueError, LookupError) as error:
            _log.debug("a webhook got what cannot be read: %s", error)
        else:
            who = {"method": request.method, "is_local": is_from_home(request)}
            bus.fire(EVENT_WEBHOOK, {"webhook_id": call.path("webhook_id"), **who, **told})
    return web.Response()


async def _content(request: web.Request) -> dict[str, Any]:
    """Return ``query``, and ``json`` or ``data``.

    Raises:
        ValueError, LookupError: the body is not what its type says.
        HTTPRequestEntityTooLarge: it is too long.
    """
    query = _texts(request.query)
    if "json" in request.content_type:
        return {"json": decode(await request.read()), "query": query}
    return {"data": _texts(await request.post()), "query": query}


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts by name, the first of each; files are left out."""
    return {name: value for name in fields if isinstance(value := fields[name], str)}
