"""The desk: what a person at the command line does with users and tokens, as plain data in and out.

The same for a home that runs, which is asked over its control socket, and for one that does not.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from inglenook.auth.admission import Admission
from inglenook.auth.model import RefreshToken, Role, TokenKind, User
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.store import Store

Given = dict[str, Any]


class Desk:
    """Acts on the users and tokens of a home; what it changed is in the store when it answers."""

    def __init__(self, admission: Admission, store: Store) -> None:
        self._admission = admission
        self._auth = admission.auth
        self._store = store
        self._actions: dict[str, Callable[..., Awaitable[Any]]] = {
            "add_user": self._add_user,
            "users": self._users,
            "set_password": self._set_password,
            "set_role": self._set_role,
            "remove_user": self._remove_user,
            "begin_totp": self._begin_totp,
            "set_totp": self._set_totp,
            "bans": self._bans,
            "unban": self._unban,
            "create_token": self._create_token,
            "tokens": self._tokens,
            "revoke_token": self._revoke_token,
        }

    async def act(self, action: str, given: Given) -> Any:
        """Do what ``action`` says with what is ``given``, and return what came of it.

        Raises:
            UnknownEntry: there is no such action, user, token or ban.
            InvalidEntry: it cannot be done.
        """
        if action not in self._actions:
            raise UnknownEntry(f"there is no action {action!r}")
        result = await self._actions[action](**given)
        await self._store.flush()
        return result

    async def _add_user(
        self, username: str, password: str, role: str, name: str | None, *, local_only: bool = False
    ) -> dict[str, Any]:
        user = await self._auth.create_user(
            name or username, username=username, password=password, role=Role(role), local_only=local_only
        )
        return {**self._row(user), "has_admin": self._auth.has_admin}

    async def _users(self) -> list[dict[str, Any]]:
        return [self._row(user) for user in self._auth.users()]

    async def _set_password(self, user: str, password: str) -> None:
        await self._auth.set_password(self._user(user), password)

    async def _set_role(self, user: str, role: str) -> None:
        self._auth.update_user(self._user(user), role=Role(role))

    async def _remove_user(self, user: str) -> None:
        self._auth.remove_user(self._user(user))

    async def _begin_totp(self, user: str) -> dict[str, str]:
        found = self._user(user)
        if found.username is None:
            raise InvalidEntry(f"user {found.name!r} does not log in, so that a second step is of no use")
        secret = self._admission.totp.make_secret()
        return {"secret": secret, "address": self._admission.totp.address(secret, found.username)}

    async def _set_totp(self, user: str, secret: str | None, code: str) -> None:
        found = self._user(user)
        if secret is not None and not self._admission.totp.is_right(secret, code):
            raise InvalidEntry("that is not the code of this moment; nothing was changed")
        self._auth.set_totp(found, secret)

    async def _bans(self) -> list[dict[str, Any]]:
        bans = self._admission.attempts.bans()
        return [{"address": address, "banned_at": when} for address, when in bans.items()]

    async def _unban(self, address: str) -> None:
        self._admission.attempts.unban(address)

    async def _create_token(self, name: str, user: str, days: float) -> str:
        return self._auth.create_long_lived(self._user(user), name, lifespan_days=days)

    async def _tokens(self) -> list[dict[str, Any]]:
        return [_token_row(token) for token in self._auth.tokens()]

    async def _revoke_token(self, token: str) -> None:
        found = [known for known in self._auth.tokens() if token in (known.id, known.client_name)]
        if not found:
            raise UnknownEntry(f"there is no token {token!r}")
        if len(found) > 1:
            raise InvalidEntry(f"several users have a token {token!r}; name it by its id")
        self._auth.revoke(found[0].id)

    def _user(self, named: str) -> User:
        found = self._auth.user_named(named) or self._auth.user(named)
        if found is None:
            raise UnknownEntry(f"there is no user {named!r}")
        return found

    def _row(self, user: User) -> dict[str, Any]:
        tokens = self._auth.tokens(user)
        return {
            "id": user.id,
            "name": user.name,
            "username": user.username,
            "role": user.role.value,
            "is_active": user.is_active,
            "local_only": user.local_only,
            "has_totp": user.totp_secret is not None,
            "tokens": len(tokens),
            "last_used_at": max(user.last_seen_at, *(token.last_used_at or 0.0 for token in tokens), 0.0),
        }


def _token_row(token: RefreshToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.client_name or token.client_id or "",
        "user": token.user.username or token.user.name,
        "is_long_lived": token.kind is TokenKind.LONG_LIVED,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
        "last_used_ip": token.last_used_ip,
        "expires_at": token.expires_at,
    }
