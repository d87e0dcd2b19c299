"""Routes about the home itself: that it runs, its configuration."""

from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.web.descriptions import components_of, config_of
from inglenook.web.rest.routes import Call, Routes, message

ROUTES: Final = Routes()


@ROUTES.route("GET", "/api/", Permission.READ)
def running(call: Call) -> web.Response:
    """Answer that the API is there."""
    del call
    return message("API running.")


@ROUTES.route("GET", "/api/config", Permission.READ)
def config(call: Call) -> dict[str, Any]:
    """Return the configuration of the home."""
    return config_of(call.house.home, call.house.run_state)


@ROUTES.route("GET", "/api/components", Permission.READ)
def components(call: Call) -> list[str]:
    """Return what the home has, in the words of clients."""
    return components_of(call.house.home)


@ROUTES.route("GET", "/api/core/state", Permission.READ)
def core_state(call: Call) -> dict[str, Any]:
    """Return whether the home is starting, running or stopping."""
    recorder = {"migration_in_progress": False, "migration_is_live": False}
    return {"state": call.house.run_state, "recorder_state": recorder}
