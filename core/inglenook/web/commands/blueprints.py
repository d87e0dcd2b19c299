"""Commands about blueprints."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.config.blueprints import DOMAINS
from inglenook.errors import ConfigError, InvalidEntry
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import mapping
from inglenook.web.encoding import jsonable
from inglenook.web.stores import BlueprintStore

COMMANDS: Final = Commands()
_DOMAIN: Final = vol.In(DOMAINS, f"expected one of {', '.join(DOMAINS)}")
_ONE: Final = {vol.Required("domain"): _DOMAIN, vol.Required("path"): str}


@COMMANDS.command("blueprint/list", Permission.ADMIN, {vol.Required("domain"): _DOMAIN})
async def listed(request: Request) -> Any:
    """Return the blueprints of a domain."""
    shelf = request.house.stores.blueprints
    return {} if shelf is None else jsonable(await shelf.listed(request.data["domain"]))


@COMMANDS.command("blueprint/import", Permission.ADMIN, {vol.Required("url"): str})
async def import_blueprint(request: Request) -> Any:
    """Fetch a blueprint from the web and show it; ``blueprint/save`` keeps it."""
    try:
        return jsonable(await _shelf(request).imported(request.data["url"]))
    except ConfigError as error:
        raise CommandError("invalid_format", str(error)) from error


@COMMANDS.command(
    "blueprint/save",
    Permission.ADMIN,
    {**_ONE, vol.Required("yaml"): str, "source_url": str, vol.Optional("allow_override", default=False): bool},
)
async def save(request: Request) -> dict[str, bool]:
    """Keep a blueprint."""
    data = request.data
    try:
        is_replaced = await _shelf(request).save(
            data["domain"], data["path"], data["yaml"], data.get("source_url"), may_replace=data["allow_override"]
        )
    except InvalidEntry as error:
        raise CommandError("already_exists", str(error)) from error
    except ConfigError as error:
        raise CommandError("invalid_format", str(error)) from error
    return {"overrides_existing": is_replaced}


@COMMANDS.command("blueprint/delete", Permission.ADMIN, _ONE)
async def delete(request: Request) -> None:
    """Remove a blueprint that nothing is made of."""
    try:
        await _shelf(request).delete(request.data["domain"], request.data["path"])
    except InvalidEntry as error:
        raise CommandError("home_assistant_error", str(error)) from error
    except ConfigError as error:
        raise CommandError("invalid_format", str(error)) from error


@COMMANDS.command("blueprint/substitute", Permission.ADMIN, {**_ONE, vol.Required("input"): mapping})
def substitute(request: Request) -> dict[str, Any]:
    """Return what a blueprint makes of its inputs."""
    data = request.data
    try:
        made = _shelf(request).substitute(data["domain"], data["path"], data["input"])
    except ConfigError as error:
        raise CommandError("unknown_error", str(error)) from error
    return {"substituted_config": jsonable(made)}


def _shelf(request: Request) -> BlueprintStore:
    if request.house.stores.blueprints is None:
        raise CommandError("not_found", "this home has no folder for blueprints")
    return request.house.stores.blueprints
