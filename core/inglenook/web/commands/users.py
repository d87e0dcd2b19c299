"""Commands about users and their tokens."""

from datetime import UTC, datetime
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission, RefreshToken, User
from inglenook.auth.signed_paths import EXPIRES_S, sign_path
from inglenook.errors import InvalidEntry
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import optional_text, seconds

COMMANDS: Final = Commands()
_PROVIDER: Final = "homeassistant"


@COMMANDS.command("auth/current_user", Permission.READ)
def current_user(request: Request) -> dict[str, Any]:
    """Return who asks."""
    user = request.user
    return {
        "id": user.id,
        "name": user.name,
        "is_owner": user.is_owner,
        "is_admin": user.is_admin,
        "credentials": _credentials(user),
        "mfa_modules": [{"id": "totp", "name": "Authenticator app", "enabled": user.totp_secret is not None}],
    }


@COMMANDS.command("config/auth/list", Permission.ADMIN)
def list_users(request: Request) -> list[dict[str, Any]]:
    """Return every user."""
    return [
        {
            "id": user.id,
            "username": user.username,
            "name": user.name,
            "is_owner": user.is_owner,
            "is_active": user.is_active,
            "local_only": False,
            "system_generated": False,
            "group_ids": [_group(user)],
            "credentials": [{"type": one["auth_provider_type"]} for one in _credentials(user)],
        }
        for user in request.house.auth.users()
    ]


@COMMANDS.command("auth/refresh_tokens", Permission.READ)
def refresh_tokens(request: Request) -> list[dict[str, Any]]:
    """Return the tokens of who asks."""
    return [_shown(token, request) for token in request.house.auth.tokens(request.user)]


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
    data = request.data
    try:
        return request.house.auth.create_long_lived(
            request.user, data["client_name"], lifespan_days=data["lifespan"], icon=data.get("client_icon")
        )
    except InvalidEntry as error:
        raise CommandError("invalid_format", str(error)) from error


@COMMANDS.command("auth/delete_refresh_token", Permission.READ, {vol.Required("refresh_token_id"): str})
def delete_refresh_token(request: Request) -> None:
    """Withdraw a token of who asks."""
    token = request.house.auth.token(request.data["refresh_token_id"])
    if token is None or token.user is not request.user:
        raise CommandError("invalid_token_id", "Received invalid token")
    request.answer({})
    request.house.auth.revoke(token.id)


@COMMANDS.command(
    "auth/delete_all_refresh_tokens",
    Permission.READ,
    {
        "token_type": vol.In(("normal", "long_lived_access_token")),
        vol.Optional("delete_current_token", default=True): bool,
    },
)
def delete_all_refresh_tokens(request: Request) -> None:
    """Withdraw all tokens of who asks, or those of one type."""
    wanted, with_own = request.data.get("token_type"), request.data["delete_current_token"]
    request.answer({})
    for token in request.house.auth.tokens(request.user):
        if (wanted is None or token.kind == wanted) and (with_own or token.id != request.token.id):
            request.house.auth.revoke(token.id)


@COMMANDS.command(
    "auth/sign_path", Permission.READ, {vol.Required("path"): str, vol.Optional("expires", default=EXPIRES_S): seconds}
)
def sign(request: Request) -> dict[str, str]:
    """Return a path that can be fetched without a header for ``expires`` seconds."""
    data = request.data
    try:
        return {"path": sign_path(request.token, data["path"], request.home.clock.now(), data["expires"])}
    except ValueError as error:
        raise CommandError("invalid_format", str(error)) from error


def _shown(token: RefreshToken, request: Request) -> dict[str, Any]:
    return {
        "id": token.id,
        "client_id": token.client_id,
        "client_name": token.client_name,
        "client_icon": token.client_icon,
        "type": token.kind.value,
        "created_at": _iso(token.created_at),
        "expire_at": _iso(token.expires_at),
        "is_current": token.id == request.token.id,
        "last_used_at": _iso(token.last_used_at),
        "last_used_ip": token.last_used_ip,
        "auth_provider_type": _PROVIDER,
    }


def _credentials(user: User) -> list[dict[str, Any]]:
    return [{"auth_provider_type": _PROVIDER, "auth_provider_id": None}] if user.username else []


def _group(user: User) -> str:
    return "system-admin" if user.is_admin else "system-read-only" if user.is_read_only else "system-users"


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
