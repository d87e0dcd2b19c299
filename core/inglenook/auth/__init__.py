"""Who may come in, and what each may do: users, their passwords and tokens."""

from inglenook.auth.admission import Admission
from inglenook.auth.auth import Auth
from inglenook.auth.model import Permission, RefreshToken, Role, TokenKind, User, UserChange, may, may_come_from
from inglenook.auth.passwords import Passwords

__all__ = [
    "Admission", "Auth", "Passwords", "Permission", "RefreshToken", "Role", "TokenKind", "User", "UserChange",
    "may", "may_come_from",
]  # fmt: skip
