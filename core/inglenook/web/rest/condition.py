"""Routes about how the home is: alive, ready, its configuration in order, what it logged."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.web.rest.routes import Call, Routes, json_response

ROUTES: Final = Routes()


@ROUTES.route("GET", "/api/health", None)
def health(call: Call) -> dict[str, str]:
    """Answer that the process is alive."""
    del call
    return {"status": "ok"}


@ROUTES.route("GET", "/api/ready", None)
def ready(call: Call) -> web.Response:
    """Answer whether the home serves: it has started, does not stop, and can write what it must remember."""
    house = call.house
    status = {"RUNNING": "ready", "STARTING": "starting"}.get(house.run_state, "stopping")
    if status == "ready" and house.home.store.is_failing:
        status = "not writing"
    told = {"status": status, **({"configuration": "stale"} if house.diagnostics.is_stale() else {})}
    return json_response(told, HTTPStatus.OK if status == "ready" else HTTPStatus.SERVICE_UNAVAILABLE)


@ROUTES.route("POST", "/api/config/core/check_config", Permission.ADMIN)
async def check_config(call: Call) -> dict[str, Any]:
    """Check the configuration as its files are now."""
    errors, warnings = await call.house.diagnostics.check()
    return {
        "result": "invalid" if errors else "valid",
        "errors": "\n".join(errors) or None,
        "warnings": "\n".join(warnings) or None,
    }


@ROUTES.route("GET", "/api/error_log", Permission.ADMIN)
def error_log(call: Call) -> web.Response:
    """Answer with the last lines that were logged, as text."""
    text = call.house.diagnostics.log.text().encode("utf-8", "replace")
    return web.Response(body=text, content_type="text/plain", charset="utf-8")
