"""What the commands about users and tokens do, ``auth/*`` and ``config/auth/*``: from fields to what goes on the wire.

Each is for a command of the WebSocket, which has checked the fields and asked for the permission named here. Errors are
``UnknownEntry`` (``not_found``), ``InvalidEntry`` and ``Unauthorized``; their text is for the person.
"""

from datetime import UTC, datetime
from typing import Any, Final

from inglenook.auth import Auth, RefreshToken, Role, TokenKind, User
from inglenook.auth.signed_paths import sign_path
from inglenook.clock import Clock
from inglenook.errors import InvalidEntry, Unauthorized, UnknownEntry
from inglenook.web.auth_views import PROVIDER

# Home Assistant's names of what a user may; an owner is an admin there, with a mark.
_GROUPS: Final = {
    Role.OWNER: "system-admin",
    Role.ADMIN: "system-admin",
    Role.USER: "system-users",
    Role.READ_ONLY: "system-read-only",
}
_ROLES: Final = {"system-admin": Role.ADMIN, "system-users": Role.USER, "system-read-only": Role.READ_ONLY}

Wire = dict[str, Any]


# -- everybody, about themselves ----------------------------------------------------------------------------------


def current_user(user: User) -> Wire:
    """Return the answer to ``auth/current_user``."""
    credentials = [{"auth_provider_type": PROVIDER, "auth_provider_id": None}] if user.username else []
    return {
        "id": user.id,
        "name": user.name,
        "is_owner": user.is_owner,
        "is_admin": user.is_admin,
        "credentials": credentials,
        "mfa_modules": [{"id": "totp", "name": "Authenticator app", "enabled": user.totp_secret is not None}],
    }


def refresh_tokens(auth: Auth, current: RefreshToken) -> list[Wire]:
    """Return the answer to ``auth/refresh_tokens``: those of who asks with ``current``."""
    return [_token(token, current) for token in auth.tokens(current.user)]


def long_lived_access_token(
    auth: Auth, user: User, *, client_name: str, lifespan: int, client_icon: str | None = None
) -> str:
    """Return the answer to ``auth/long_lived_access_token``; ``lifespan`` in days."""
    return auth.create_long_lived(user, client_name, lifespan_days=lifespan, icon=client_icon)


def delete_refresh_token(auth: Auth, user: User, refresh_token_id: str) -> None:
    """Do ``auth/delete_refresh_token``. The caller's own socket closes at once if it is its own."""
    auth.revoke(own_token(auth, user, refresh_token_id).id)


def delete_all_refresh_tokens(
    auth: Auth, current: RefreshToken, *, token_type: str | None = None, delete_current_token: bool = True
) -> None:
    """Do ``auth/delete_all_refresh_tokens``: those of who asks, of one type or of all."""
    for token in auth.tokens(current.user):
        is_meant = token_type in (None, token.kind.value) and (delete_current_token or token is not current)
        if is_meant:
            auth.revoke(token.id)


def refresh_token_set_expiry(auth: Auth, user: User, refresh_token_id: str, *, enable_expiry: bool) -> None:
    """Do ``auth/refresh_token_set_expiry``."""
    token = own_token(auth, user, refresh_token_id)
    if token.kind is not TokenKind.NORMAL:
        raise InvalidEntry("the end of a long-lived token stands when it is made")
    auth.set_expiry(token, does_expire=enable_expiry)


def signed_path(clock: Clock, current: RefreshToken, path: str, *, expires: float = 30) -> Wire:
    """Return the answer to ``auth/sign_path``; ``expires`` in seconds."""
    try:
        return {"path": sign_path(current, path, clock.now(), expires)}
    except ValueError as error:
        raise InvalidEntry(str(error)) from error


async def change_password(auth: Auth, user: User, *, current_password: str, new_password: str) -> None:
    """Do ``config/auth_provider/homeassistant/change_password``."""
    if not await auth.passwords.is_right(user.password_hash, current_password):
        raise Unauthorized("Invalid current password")
    await auth.set_password(user, new_password)


# -- admins, about everybody --------------------------------------------------------------------------------------


def list_users(auth: Auth) -> list[Wire]:
    """Return the answer to ``config/auth/list``."""
    return [_user(user) for user in auth.users()]


async def create_user(auth: Auth, *, name: str, group_ids: list[str] | None = None, local_only: bool = False) -> Wire:
    """Return the answer to ``config/auth/create``: a user who does not log in yet."""
    role = _role(group_ids or ["system-users"])
    return {"user": _user(await auth.create_user(name, role=role, local_only=local_only))}


def update_user(
    auth: Auth,
    acting: User,
    user_id: str,
    *,
    name: str | None = None,
    is_active: bool | None = None,
    group_ids: list[str] | None = None,
    local_only: bool | None = None,
) -> Wire:
    """Return the answer to ``config/auth/update``. An owner stays one."""
    user = _changeable(auth, acting, user_id)
    if user.is_owner and is_active is False:
        raise InvalidEntry("the owner cannot be kept out")
    role = _role(group_ids) if group_ids else None
    if user.is_owner and role is not None:
        if role not in (Role.OWNER, Role.ADMIN):
            raise InvalidEntry("the owner cannot have less rights")
        role = None  # in the words of the wire an owner is an admin
    auth.update_user(user, name=name, role=role, is_active=is_active, local_only=local_only)
    return {"user": _user(user)}


def delete_user(auth: Auth, acting: User, user_id: str) -> None:
    """Do ``config/auth/delete``."""
    user = _changeable(auth, acting, user_id)
    if user is acting:
        raise InvalidEntry("nobody can delete their own account")
    auth.remove_user(user)


async def create_login(auth: Auth, acting: User, user_id: str, *, username: str, password: str) -> None:
    """Do ``config/auth_provider/homeassistant/create``."""
    user = _changeable(auth, acting, user_id)
    if user.username is not None:
        raise InvalidEntry(f"user {user.name!r} logs in already")
    await auth.set_login(user, username, password)


def delete_login(auth: Auth, acting: User, username: str) -> None:
    """Do ``config/auth_provider/homeassistant/delete``."""
    user = auth.user_named(username)
    if user is None:
        raise UnknownEntry(f"there is no user {username!r}")
    if user is acting:
        raise InvalidEntry("nobody can take their own password away")
    auth.remove_login(_changeable(auth, acting, user.id))


async def admin_change_password(auth: Auth, acting: User, user_id: str, password: str) -> None:
    """Do ``config/auth_provider/homeassistant/admin_change_password``, for owners."""
    _check_owner(acting)
    await auth.set_password(_changeable(auth, acting, user_id), password)


def admin_change_username(auth: Auth, acting: User, user_id: str, username: str) -> None:
    """Do ``config/auth_provider/homeassistant/admin_change_username``, for owners."""
    _check_owner(acting)
    auth.rename_login(_changeable(auth, acting, user_id), username)


# -- what they share ----------------------------------------------------------------------------------------------


def own_token(auth: Auth, user: User, token_id: str) -> RefreshToken:
    """Return the user's own token of that id; of others nobody hears that they are there."""
    token = auth.token(token_id)
    if token is None or token.user is not user:
        raise UnknownEntry("Refresh token not found")
    return token


def _changeable(auth: Auth, acting: User, user_id: str) -> User:
    """Return the user of that id, if ``acting`` may change it: an owner is changed by owners alone."""
    user = auth.user(user_id)
    if user is None:
        raise UnknownEntry("User not found")
    if user.is_owner:
        _check_owner(acting)
    return user


def _check_owner(acting: User) -> None:
    if not acting.is_owner:
        raise Unauthorized("only an owner may do that")


def _role(group_ids: list[str]) -> Role:
    """Return the role of who is in all these groups: the one that may most."""
    for group, role in _ROLES.items():
        if group in group_ids:
            return role
    raise InvalidEntry(f"expected groups of {', '.join(_ROLES)}, got {', '.join(group_ids)}")


def _user(user: User) -> Wire:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "is_owner": user.is_owner,
        "is_active": user.is_active,
        "local_only": user.local_only,
        "system_generated": False,
        "group_ids": [_GROUPS[user.role]],
        "credentials": [{"type": PROVIDER}] if user.username else [],
    }


def _token(token: RefreshToken, current: RefreshToken) -> Wire:
    return {
        "id": token.id,
        "client_id": token.client_id,
        "client_name": token.client_name,
        "client_icon": token.client_icon,
        "type": token.kind.value,
        "created_at": _moment(token.created_at),
        "last_used_at": _moment(token.last_used_at),
        "last_used_ip": token.last_used_ip,
        "expire_at": _moment(token.expires_at),
        "is_current": token is current,
        "auth_provider_type": PROVIDER if token.kind is TokenKind.NORMAL else None,
    }


def _moment(when: float | None) -> str | None:
    return None if when is None else datetime.fromtimestamp(when, UTC).isoformat()
