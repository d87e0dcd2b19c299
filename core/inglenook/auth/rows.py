"""How users and tokens lie in the store: a row each, what it says as JSON."""

import logging
from typing import Final

import msgspec

from inglenook.auth.model import RefreshToken, Role, TokenKind, User
from inglenook.store import Row, Store

_log = logging.getLogger(__name__)

USERS: Final = "users"
TOKENS: Final = "refresh_tokens"


class _User(msgspec.Struct, omit_defaults=True):
    name: str
    role: Role
    username: str | None = None
    is_active: bool = True
    created_at: float = 0.0
    password_hash: str | None = None
    totp_secret: str | None = None
    last_seen_at: float = 0.0
    local_only: bool = False


class _Token(msgspec.Struct, omit_defaults=True):
    user_id: str
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


def user_row(user: User) -> Row:
    """Return the row of ``user``."""
    entry = _User(**{name: getattr(user, name) for name in _User.__struct_fields__})
    return (user.id, msgspec.json.encode(entry).decode())


def token_row(token: RefreshToken) -> Row:
    """Return the row of ``token``."""
    own = {name: getattr(token, name) for name in _Token.__struct_fields__ if name != "user_id"}
    return (token.id, msgspec.json.encode(_Token(user_id=token.user.id, **own)).decode())


def load_users(store: Store) -> dict[str, User]:
    """Return the users in the store by id. Blocking. A row that cannot be read is told and left out."""
    users = {}
    for user_id, entry in store.load(USERS):
        try:
            known = msgspec.json.decode(entry, type=_User)
        except msgspec.MsgspecError as error:
            _log.error("user %s cannot be read and is kept out: %s", user_id, error)
            continue
        users[user_id] = User(user_id, **msgspec.structs.asdict(known))
    return users


def load_tokens(store: Store, users: dict[str, User]) -> dict[str, RefreshToken]:
    """Return the tokens in the store by id. Blocking. One that cannot be read, or is nobody's, is told and left out."""
    tokens = {}
    for token_id, entry in store.load(TOKENS):
        try:
            known = msgspec.structs.asdict(msgspec.json.decode(entry, type=_Token))
            user = users[known.pop("user_id")]
        except (msgspec.MsgspecError, KeyError) as error:
            _log.error("token %s cannot be read and is not believed: %s", token_id, error)
            continue
        tokens[token_id] = RefreshToken(token_id, user, **known)
    return tokens
