"""Commands of the dashboards: which there are, what each shows, where their cards come from."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.config.lovelace import RESOURCE_TYPES, FileDashboard
from inglenook.errors import ConfigError, ConfigErrors, UnknownEntry
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import optional_text

COMMANDS: Final = Commands()
_TITLE: Final = vol.All(str, vol.Length(min=1, max=255))
_ABOUT: Final = {"icon": optional_text, "show_in_sidebar": bool, "require_admin": bool}
_DASHBOARD_ID: Final = {vol.Required("dashboard_id"): str}
_RESOURCE_ID: Final = {vol.Required("resource_id"): str}
_URL: Final = vol.All(str, vol.Length(min=1, max=2_000))


@COMMANDS.command("lovelace/info", Permission.READ)
def info(request: Request) -> dict[str, str]:
    """Say whether resources are kept by the home, or stand in its configuration."""
    is_written = request.house.frontend.dashboards.files.resources is not None
    return {"resource_mode": "yaml" if is_written else "storage"}


@COMMANDS.command("lovelace/config", Permission.READ, {"url_path": optional_text, "force": bool})
def config(request: Request) -> Any:
    """Return what a dashboard shows; ``force`` reads its file even if that seems to be as it was."""
    written = request.house.frontend.dashboards.files.get(request.data.get("url_path"))
    if written is not None:
        return _from_file(request, written)
    try:
        found = request.house.frontend.dashboards.config(request.data.get("url_path"))
    except UnknownEntry as error:
        raise CommandError("config_not_found", str(error)) from error
    if found is None:
        raise CommandError("config_not_found", "No config found.")
    return found


async def _from_file(request: Request, dashboard: FileDashboard) -> Any:
    files = request.house.frontend.dashboards.files
    try:
        return await files.config(dashboard, is_forced=request.data.get("force", False))
    except UnknownEntry as error:
        raise CommandError("config_not_found", str(error)) from error
    except (ConfigError, ConfigErrors) as error:
        raise CommandError("error", str(error)) from error


@COMMANDS.command(
    "lovelace/config/save",
    Permission.ADMIN,
    {"url_path": optional_text, vol.Required("config"): vol.Any(dict, str)},
)
async def save(request: Request) -> None:
    """Keep what a dashboard shows."""
    await _save(request, request.data["config"])


@COMMANDS.command("lovelace/config/delete", Permission.ADMIN, {"url_path": optional_text})
async def delete(request: Request) -> None:
    """Let a dashboard show what it did at first."""
    await _save(request, None)


async def _save(request: Request, what: Any) -> None:
    written = request.house.frontend.dashboards.files.get(request.data.get("url_path"))
    if written is not None:
        raise CommandError("not_supported", f"This dashboard stands in {written.filename}; change it there.")
    try:
        request.house.frontend.dashboards.save(request.data.get("url_path"), what)
    except UnknownEntry as error:
        raise CommandError("config_not_found", str(error)) from error
    await request.home.store.flush()


# -- the dashboards themselves --------------------------------------------------------------------------------------


@COMMANDS.command("lovelace/dashboards/list", Permission.READ)
def dashboards(request: Request) -> list[dict[str, Any]]:
    """Return the dashboards that people made, those in files first."""
    return request.house.frontend.dashboards.shown()


@COMMANDS.command(
    "lovelace/dashboards/create",
    Permission.ADMIN,
    {
        vol.Required("url_path"): _TITLE, vol.Required("title"): _TITLE, **_ABOUT, "mode": vol.Equal("storage"),
        "allow_single_word": bool,
    },
)  # fmt: skip
async def create_dashboard(request: Request) -> dict[str, Any]:
    """Add a dashboard."""
    given = dict(request.data)
    made = request.house.frontend.dashboards.create(given, allows_word=given.pop("allow_single_word", False))
    await request.home.store.flush()
    return made


@COMMANDS.command("lovelace/dashboards/update", Permission.ADMIN, {**_DASHBOARD_ID, "title": _TITLE, **_ABOUT})
async def update_dashboard(request: Request) -> dict[str, Any]:
    """Change a dashboard's title, icon, or who sees it where."""
    changes = dict(request.data)
    changed = request.house.frontend.dashboards.update(changes.pop("dashboard_id"), changes)
    await request.home.store.flush()
    return changed


@COMMANDS.command("lovelace/dashboards/delete", Permission.ADMIN, _DASHBOARD_ID)
async def delete_dashboard(request: Request) -> None:
    """Forget a dashboard."""
    request.house.frontend.dashboards.delete(request.data["dashboard_id"])
    await request.home.store.flush()


# -- where their cards come from ------------------------------------------------------------------------------------


@COMMANDS.command("lovelace/resources", Permission.READ)
def resources(request: Request) -> list[dict[str, Any]]:
    """Return the code that people added."""
    return request.house.frontend.dashboards.resources()


@COMMANDS.command(
    "lovelace/resources/create",
    Permission.ADMIN,
    {vol.Required("res_type"): vol.In(RESOURCE_TYPES), vol.Required("url"): _URL},
)
async def create_resource(request: Request) -> dict[str, Any]:
    """Add code."""
    made = request.house.frontend.dashboards.add_resource(request.data["res_type"], request.data["url"])
    await request.home.store.flush()
    return made


@COMMANDS.command(
    "lovelace/resources/update", Permission.ADMIN, {**_RESOURCE_ID, "res_type": vol.In(RESOURCE_TYPES), "url": _URL}
)
async def update_resource(request: Request) -> dict[str, Any]:
    """Change where code comes from."""
    given = request.data
    changes = {key: given[name] for key, name in (("type", "res_type"), ("url", "url")) if name in given}
    changed = request.house.frontend.dashboards.update_resource(given["resource_id"], changes)
    await request.home.store.flush()
    return changed


@COMMANDS.command("lovelace/resources/delete", Permission.ADMIN, _RESOURCE_ID)
async def delete_resource(request: Request) -> None:
    """Load code no more."""
    request.house.frontend.dashboards.delete_resource(request.data["resource_id"])
    await request.home.store.flush()
