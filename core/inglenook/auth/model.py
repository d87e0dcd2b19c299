"""The nouns of who may come in: users with roles, their tokens, and what a role may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user is in the home."""

    OWNER = "owner"
    ADMIN = "admin"
    USER = "user"
    READ_ONLY = "read-only"


class UserChange(StrEnum):
    """What became of a user."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"


class Permission(StrEnum):
    """What a command, a route or an event asks of who wants it.

    ``READ``: see entities and what became of them. ``CONTROL``: call services and the like. ``ADMIN``: change the home,
    and see what tells of its inside.
    """

    READ = "read"
    CONTROL = "control"
    ADMIN = "admin"


class TokenKind(StrEnum):
    """How a token came to be; the words of the wire."""

    NORMAL = "normal"
    LONG_LIVED = "long_lived_access_token"


_PERMISSIONS: Final = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission),
    Role.USER: frozenset({Permission.READ, Permission.CONTROL}),
    Role.READ_ONLY: frozenset({Permission.READ}),
}


@dataclass(slots=True, eq=False)
class User:
    """A person, or a program, that may come in. Changed by :class:`Auth` alone, in place: whoever holds it sees that.

    Attributes:
        id: 32 hex digits; the ``user_id`` of a context.
        name: as it is shown.
        username: what is typed to log in, in small letters; None for a user who cannot log in.
        is_active: False keeps the user out without forgetting it.
        password_hash: argon2's; None for a user without a password.
        totp_secret: base 32, when a second step is asked for at the log-in.
        last_seen_at: when a token that is withdrawn by now was last used, in seconds since the epoch; 0 for never.
        local_only: True keeps the user out who is not in the home's own network.
    """

    id: str
    name: str
    role: Role
    username: str | None = None
    is_active: bool = True
    created_at: float = 0.0
    password_hash: str | None = None
    totp_secret: str | None = None
    last_seen_at: float = 0.0
    local_only: bool = False

    @property
    def is_owner(self) -> bool:
        """True for the owner of the home."""
        return self.role is Role.OWNER

    @property
    def is_admin(self) -> bool:
        """True for owners and admins."""
        return self.role in (Role.OWNER, Role.ADMIN)

    def __repr__(self) -> str:
        return f"<User {self.name!r}, {self.role}>"  # what is secret stays out of logs


@dataclass(slots=True, eq=False)
class RefreshToken:
    """What a client got when its user logged in, or what a person made for a program. Changed by ``Auth`` alone.

    Attributes:
        id: 32 hex digits; the ``iss`` of the access tokens made of it.
        user: whom it stands for.
        client_id: the address of the client it was given to; None for a long-lived one.
        client_name: of a long-lived one, what it is for.
        key: signs its access tokens.
        secret_sha256: of the text that the client has: the refresh token, or the long-lived access token itself.
        lifespan_s: of its access tokens, in seconds.
        expires_at: when it ends, in seconds since the epoch; None for never. Use puts that off for a normal one.
    """

    id: str
    user: User
    kind: TokenKind
    key: str
    secret_sha256: str
    created_at: float
    lifespan_s: float
    client_id: str | None = None
    client_name: str | None = None
    client_icon: str | None = None
    expires_at: float | None = None
    last_used_at: float | None = None
    last_used_ip: str | None = None

    def __repr__(self) -> str:
        return f"<RefreshToken {self.id} of {self.user.name!r}>"


def may(user: User | None, permission: Permission) -> bool:
    """True when ``user`` may do what asks for ``permission``; nobody (None) may do nothing."""
    return user is not None and user.is_active and permission in _PERMISSIONS[user.role]


def may_come_from(user: User, *, is_local: bool) -> bool:
    """True when ``user`` may come in from where it is; ``is_local``: that is the home's own network."""
    return is_local or not user.local_only
