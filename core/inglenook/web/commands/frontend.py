"""Commands of the web frontend: panels, themes, what it keeps for its users, and its words and icons."""

from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.errors import InvalidEntry
from inglenook.web.commands.command import Commands, Request
from inglenook.web.commands.fields import texts
from inglenook.web.encoding import encode
from inglenook.web.frontend.memory import MAX_OF_USER, MAX_VALUE, user_key
from inglenook.web.frontend.panels import panels_of
from inglenook.web.frontend.words import icons_of, translations_of

COMMANDS: Final = Commands()
MAX_KEYS: Final = 200  # of one user
_KEY: Final = vol.All(str, vol.Length(min=1, max=255))
_KEEP: Final = {vol.Required("key"): _KEY, vol.Required("value"): object}
_WHICH: Final = {"integration": vol.Any(None, texts), "config_flow": bool}


@COMMANDS.command("get_panels", Permission.READ)
def get_panels(request: Request) -> dict[str, dict[str, Any]]:
    """Return what the user may open."""
    return panels_of(request.home, request.house.frontend.dashboards, is_admin=request.user.is_admin)


@COMMANDS.command("frontend/get_themes", Permission.READ)
def get_themes(request: Request) -> dict[str, Any]:
    """Return the themes of the configuration."""
    return request.house.frontend.memory.themes()


# -- what is kept for one user, and for all -------------------------------------------------------------------------


@COMMANDS.command("frontend/get_user_data", Permission.READ, {"key": _KEY})
def get_user_data(request: Request) -> dict[str, Any]:
    """Return what is kept for the user under a key, or all of it."""
    return {"value": _user_data(request)}


@COMMANDS.command("frontend/subscribe_user_data", Permission.READ, {"key": _KEY})
def subscribe_user_data(request: Request) -> None:
    """Send what is kept for the user now, and whenever it changes."""
    _follow(request, partial(_user_data, request), user_key(request.user.id))


@COMMANDS.command("frontend/set_user_data", Permission.READ, _KEEP)
async def set_user_data(request: Request) -> None:
    """Keep something for the user."""
    key, value, memory = request.data["key"], request.data["value"], request.house.frontend.memory
    kept = memory.user_data(request.user.id)
    if key not in kept and len(kept) >= MAX_KEYS:
        raise InvalidEntry(f"A user may keep {MAX_KEYS} values")
    if len(encode({**kept, key: value})) > MAX_OF_USER:
        raise InvalidEntry(f"A user may keep {MAX_OF_USER >> 20} MiB")
    memory.set_user_data(request.user.id, key, value)
    await request.home.store.flush()


@COMMANDS.command("frontend/get_system_data", Permission.READ, {vol.Required("key"): _KEY})
def get_system_data(request: Request) -> dict[str, Any]:
    """Return what is kept for all users under a key."""
    return {"value": request.house.frontend.memory.system_data(request.data["key"])}


@COMMANDS.command("frontend/subscribe_system_data", Permission.READ, {vol.Required("key"): _KEY})
def subscribe_system_data(request: Request) -> None:
    """Send what is kept for all users under a key now, and whenever it changes."""
    memory, key = request.house.frontend.memory, request.data["key"]
    _follow(request, lambda: memory.system_data(key), None)


@COMMANDS.command("frontend/set_system_data", Permission.ADMIN, _KEEP)
async def set_system_data(request: Request) -> None:
    """Keep something for all users."""
    _check_size(request.data["value"])
    request.house.frontend.memory.set_system_data(request.data["key"], request.data["value"])
    await request.home.store.flush()


def _user_data(request: Request) -> Any:
    kept, key = request.house.frontend.memory.user_data(request.user.id), request.data.get("key")
    return kept if key is None else kept.get(key)


def _follow(request: Request, value: Any, key: str | None) -> None:
    """Send ``value()`` now and whenever it has changed after what is kept under ``key`` has; None: for all users."""
    memory = request.house.frontend.memory
    last = value()
    request.event({"value": last})

    def tell() -> None:
        nonlocal last
        if (new := value()) != last:
            last = new
            request.event({"value": new})

    request.subscribe(memory.watch_system_data(tell) if key is None else memory.watch(key, tell))


def _check_size(value: Any) -> None:
    if len(encode(value)) > MAX_VALUE:
        raise InvalidEntry(f"A value may have {MAX_VALUE >> 20} MiB")


# -- words and icons ------------------------------------------------------------------------------------------------


@COMMANDS.command(
    "frontend/get_translations",
    Permission.READ,
    {vol.Required("language"): str, vol.Required("category"): str, **_WHICH},
)
def get_translations(request: Request) -> dict[str, Any]:
    """Return the words of a category in English, which stand for every language."""
    wanted = request.data.get("integration")
    return {"resources": translations_of(request.home, request.data["category"], wanted and frozenset(wanted))}


@COMMANDS.command("frontend/get_icons", Permission.READ, {vol.Required("category"): str, **_WHICH})
def get_icons(request: Request) -> dict[str, Any]:
    """Return the icons of a category."""
    wanted = request.data.get("integration")
    return {"resources": icons_of(request.home, request.data["category"], wanted and frozenset(wanted))}
