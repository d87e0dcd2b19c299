"""Routes about integrations: those that were set up. None is set up by clients, which they are told in their words."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.web import entries
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


@ROUTES.route("GET", f"{_HEAD}/entry", Permission.ADMIN)
def listed(call: Call) -> list[dict[str, Any]]:
    """Return the helpers that were set up as integrations; with ``?domain=`` those of one alone."""
    domain = call.request.query.get("domain")
    helpers = (helper for helper in call.house.stores.helpers if helper.entry_id)
    return [entries.config_entry(helper) for helper in helpers if domain in (None, helper.kind)]


@ROUTES.route("DELETE", f"{_HEAD}/entry/{{entry_id}}", Permission.ADMIN)
@ROUTES.route("POST", f"{_HEAD}/entry/{{entry_id}}/reload", Permission.ADMIN)
def change(call: Call) -> Any:
    """Refuse to change what was set up in Home Assistant: its files are never written."""
    for helper in call.house.stores.helpers:
        if helper.entry_id == call.path("entry_id"):
            remedy = "take it out there, and write it in YAML if it shall stay"
            raise ApiError(HTTPStatus.FORBIDDEN, f"{helper.name} comes from Home Assistant's .storage; {remedy}")
    raise ApiError(HTTPStatus.NOT_FOUND, "Invalid entry specified")


def _flow(call: Call) -> web.Response:
    """Say that no such set-up goes on."""
    del call
    raise ApiError(HTTPStatus.NOT_FOUND, "Invalid flow specified")


for _kind in ("flow", "options/flow", "subentries/flow"):
    for _method in ("GET", "POST", "DELETE"):
        ROUTES.route(_method, f"{_HEAD}/{_kind}/{{flow_id}}", Permission.ADMIN)(_flow)
