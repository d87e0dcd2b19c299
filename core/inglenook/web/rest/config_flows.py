"""Routes by which clients would set integrations up: there are none to set up, which they are told in their words."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.web.rest.routes import ApiError, Call, Routes

ROUTES: Final = Routes()
_HEAD: Final = "/api/config/config_entries"


@ROUTES.route("GET", f"{_HEAD}/flow_handlers", Permission.ADMIN)
def handlers(call: Call) -> list[str]:
    """Return what could be set up step by step: nothing. The helpers that clients make have commands instead."""
    del call
    return []


@ROUTES.route("POST", f"{_HEAD}/flow", Permission.ADMIN)
@ROUTES.route("POST", f"{_HEAD}/options/flow", Permission.ADMIN)
@ROUTES.route("POST", f"{_HEAD}/subentries/flow", Permission.ADMIN)
async def begin(call: Call) -> Any:
    """Refuse to begin a set-up."""
    await call.mapping()
    raise ApiError(HTTPStatus.NOT_FOUND, "Invalid handler specified")


def _flow(call: Call) -> web.Response:
    """Say that no such set-up goes on."""
    del call
    raise ApiError(HTTPStatus.NOT_FOUND, "Invalid flow specified")


for _kind in ("flow", "options/flow", "subentries/flow"):
    for _method in ("GET", "POST", "DELETE"):
        ROUTES.route(_method, f"{_HEAD}/{_kind}/{{flow_id}}", Permission.ADMIN)(_flow)
