"""Commands about users and their tokens; what they do and answer is in ``web/auth_commands``."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.auth.signed_paths import EXPIRES_S
from inglenook.errors import UnknownEntry
from inglenook.web import auth_commands
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import optional_text, seconds

COMMANDS: Final = Commands()
_LOG_IN: Final = "config/auth_provider/homeassistant"
_TEXTS: Final = vol.All([str], vol.Length(min=1))

# -- everybody, about themselves ----------------------------------------------------------------------------------


@COMMANDS.command("auth/current_user", Permission.READ)
def current_user(request: Request) -> dict[str, Any]:
    """Return who asks."""
    return auth_commands.current_user(request.user)


@COMMANDS.command("auth/refresh_tokens", Permission.READ)
def refresh_tokens(request: Request) -> list[dict[str, Any]]:
    """Return the tokens of who asks."""
    return auth_commands.refresh_tokens(request.house.auth, request.token)


@COMMANDS.command(
    "auth/long_lived_access_token",
    Permission.READ,
    {
        vol.Required("lifespan"): vol.All(int, vol.Range(min=1)),
        vol.Required("client_name"): str,
        "client_icon": optional_text,
    },
)
def long_lived_access_token(request: Request) -> str:
    """Return a new token for a program of the user's; ``lifespan`` in days."""
    return auth_commands.long_lived_access_token(request.house.auth, request.user, **request.data)


@COMMANDS.command("auth/delete_refresh_token", Permission.READ, {vol.Required("refresh_token_id"): str})
def delete_refresh_token(request: Request) -> dict[str, Any]:
    """Withdraw a token of who asks."""
    auth, ident = request.house.auth, request.data["refresh_token_id"]
    try:
        auth_commands.own_token(auth, request.user, ident)
    except UnknownEntry as error:
        raise CommandError("invalid_token_id", "Received invalid token") from error
    if ident == request.token.id:
        request.answer({})  # before its own socket is closed
    auth_commands.delete_refresh_token(auth, request.user, ident)
    return {}


@COMMANDS.command(
    "auth/delete_all_refresh_tokens",
    Permission.READ,
    {
        "token_type": vol.In(("normal", "long_lived_access_token")),
        vol.Optional("delete_current_token", default=True): bool,
    },
)
def delete_all_refresh_tokens(request: Request) -> dict[str, Any]:
    """Withdraw all tokens of who asks, or those of one type."""
    if request.data["delete_current_token"]:
        request.answer({})  # before its own socket is closed
    auth_commands.delete_all_refresh_tokens(request.house.auth, request.token, **request.data)
    return {}


@COMMANDS.command(
    "auth/refresh_token_set_expiry",
    Permission.READ,
    {vol.Required("refresh_token_id"): str, vol.Required("enable_expiry"): bool},
)
def refresh_token_set_expiry(request: Request) -> None:
    """Let a token of who asks end when it is not used, or not."""
    auth_commands.refresh_token_set_expiry(request.house.auth, request.user, **request.data)


@COMMANDS.command(
    "auth/sign_path", Permission.READ, {vol.Required("path"): str, vol.Optional("expires", default=EXPIRES_S): seconds}
)
def sign(request: Request) -> dict[str, str]:
    """Return a path that can be fetched without a header for ``expires`` seconds."""
    return auth_commands.signed_path(request.home.clock, request.token, **request.data)


@COMMANDS.command(
    f"{_LOG_IN}/change_password",
    Permission.READ,
    {vol.Required("current_password"): str, vol.Required("new_password"): str},
)
def change_password(request: Request) -> Awaitable[None]:
    """Change the password of who asks."""
    return auth_commands.change_password(request.house.auth, request.user, **request.data)


@COMMANDS.command(
    "auth/setup_mfa", Permission.READ, {"mfa_module_id": str, "flow_id": str, "user_input": {str: object}}
)
def setup_mfa(request: Request) -> dict[str, Any]:
    """Begin to set up a second step for who asks, or go on with what its app shows."""
    mfa, data = request.house.mfa, request.data
    if "flow_id" in data:
        return mfa.answer(request.user, data["flow_id"], data.get("user_input", {}))
    if "mfa_module_id" not in data:
        raise CommandError("invalid_format", "expected mfa_module_id to begin, or flow_id to go on")
    return mfa.begin(request.user, data["mfa_module_id"])


@COMMANDS.command("auth/depose_mfa", Permission.READ, {vol.Required("mfa_module_id"): str})
def depose_mfa(request: Request) -> str:
    """Ask for no second step any more when who asks logs in."""
    request.house.mfa.depose(request.user, request.data["mfa_module_id"])
    return "done"


# -- admins, about everybody --------------------------------------------------------------------------------------


@COMMANDS.command("config/auth/list", Permission.ADMIN)
def list_users(request: Request) -> list[dict[str, Any]]:
    """Return every user."""
    return auth_commands.list_users(request.house.auth)


@COMMANDS.command(
    "config/auth/create", Permission.ADMIN, {vol.Required("name"): str, "group_ids": _TEXTS, "local_only": bool}
)
def create_user(request: Request) -> Awaitable[dict[str, Any]]:
    """Make a user that does not log in yet."""
    return auth_commands.create_user(request.house.auth, **request.data)


@COMMANDS.command(
    "config/auth/update",
    Permission.ADMIN,
    {vol.Required("user_id"): str, "name": str, "is_active": bool, "group_ids": _TEXTS, "local_only": bool},
)
def update_user(request: Request) -> dict[str, Any]:
    """Change a user."""
    return auth_commands.update_user(request.house.auth, request.user, **request.data)


@COMMANDS.command("config/auth/delete", Permission.ADMIN, {vol.Required("user_id"): str})
def delete_user(request: Request) -> None:
    """Remove a user."""
    auth_commands.delete_user(request.house.auth, request.user, **request.data)


@COMMANDS.command(
    f"{_LOG_IN}/create",
    Permission.ADMIN,
    {vol.Required("user_id"): str, vol.Required("username"): str, vol.Required("password"): str},
)
def create_login(request: Request) -> Awaitable[None]:
    """Let a user log in."""
    return auth_commands.create_login(request.house.auth, request.user, **request.data)


@COMMANDS.command(f"{_LOG_IN}/delete", Permission.ADMIN, {vol.Required("username"): str})
def delete_login(request: Request) -> None:
    """Let a user not log in any more."""
    auth_commands.delete_login(request.house.auth, request.user, **request.data)


@COMMANDS.command(
    f"{_LOG_IN}/admin_change_password",
    Permission.ADMIN,
    {vol.Required("user_id"): str, vol.Required("password"): str},
)
def admin_change_password(request: Request) -> Awaitable[None]:
    """Change somebody's password."""
    return auth_commands.admin_change_password(request.house.auth, request.user, **request.data)


@COMMANDS.command(
    f"{_LOG_IN}/admin_change_username",
    Permission.ADMIN,
    {vol.Required("user_id"): str, vol.Required("username"): str},
)
def admin_change_username(request: Request) -> None:
    """Change the name under which somebody logs in."""
    auth_commands.admin_change_username(request.house.auth, request.user, **request.data)
