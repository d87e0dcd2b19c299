"""Refresh tokens and the access tokens made of them: given, believed, withdrawn."""

import hmac
import logging
import secrets
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import uuid4

from inglenook.auth.access_tokens import claims_of, issuer, sign
from inglenook.auth.model import RefreshToken, TokenKind, User
from inglenook.auth.rows import TOKENS, USERS, load_tokens, token_row, user_row
from inglenook.clock import Clock
from inglenook.errors import UnknownEntry
from inglenook.store import Store

_log = logging.getLogger(__name__)

DAY_S: Final = 86_400.0
ACCESS_S: Final = 1_800.0  # an access token's life
UNUSED_S: Final = 90 * DAY_S  # a normal refresh token's life without use
_CACHE: Final = 4_096  # access tokens whose signature was found right
_WRITE_S: Final = 60.0  # the last use is written this often

Unsubscribe = Callable[[], None]


class Tokens:
    """The refresh tokens of all users, long-lived ones among them. Reads and writes the store's ``refresh_tokens``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._tokens: dict[str, RefreshToken] = {}
        self._by_secret: dict[str, RefreshToken] = {}
        self._verified: dict[str, tuple[RefreshToken, float]] = {}
        self._on_revoked: dict[str, list[Callable[[], object]]] = {}

    def load(self, users: dict[str, User]) -> None:
        """Read them from the store. Blocking."""
        self._tokens = load_tokens(self._store, users)
        self._by_secret = {token.secret_sha256: token for token in self._tokens.values()}
        self._verified.clear()

    def all(self, user: User | None = None) -> list[RefreshToken]:
        """Return the tokens of ``user``, or of everybody, oldest first."""
        return sorted(
            (token for token in self._tokens.values() if user is None or token.user is user),
            key=lambda token: token.created_at,
        )

    def get(self, token_id: str) -> RefreshToken | None:
        """Return the token of that id, if it has not expired."""
        token = self._tokens.get(token_id)
        return token if token is not None and self._is_fresh(token) else None

    # -- give -----------------------------------------------------------------------------------------------------

    def create(self, user: User, client_id: str | None) -> tuple[RefreshToken, str]:
        """Return a refresh token for a client and the text that it keeps: nobody can read that again."""
        secret = secrets.token_hex(64)
        token = self._new(user, TokenKind.NORMAL, ACCESS_S, self._clock.now() + UNUSED_S)
        token.client_id = client_id
        self._keep(token, secret)
        return token, secret

    def create_long_lived(self, user: User, name: str, lifespan_s: float, icon: str | None) -> str:
        """Return an access token that lives ``lifespan_s``: nobody can read it again, or make it from the store."""
        now = self._clock.now()
        token = self._new(user, TokenKind.LONG_LIVED, lifespan_s, now + lifespan_s)
        token.client_name, token.client_icon = name, icon
        text = sign(token, now, lifespan_s, jti=secrets.token_hex(16))
        self._keep(token, text)
        return text

    def access_token(self, token: RefreshToken) -> str:
        """Return a new access token of ``token``, which counts as used."""
        now = self._clock.now()
        if token.kind is TokenKind.NORMAL and token.expires_at is not None:
            token.expires_at = now + UNUSED_S
        return sign(token, now, token.lifespan_s)

    def _new(self, user: User, kind: TokenKind, lifespan_s: float, expires_at: float) -> RefreshToken:
        return RefreshToken(
            id=uuid4().hex,
            user=user,
            kind=kind,
            key=secrets.token_hex(32),
            secret_sha256="",
            created_at=self._clock.now(),
            lifespan_s=lifespan_s,
            expires_at=expires_at,
        )

    def _keep(self, token: RefreshToken, secret: str) -> None:
        token.secret_sha256 = _digest(secret)
        self._tokens[token.id] = token
        self._by_secret[token.secret_sha256] = token
        self.write(token)

    def set_expiry(self, token: RefreshToken, *, does_expire: bool) -> None:
        """Let a normal token end without use, or never."""
        token.expires_at = self._clock.now() + UNUSED_S if does_expire else None
        self.write(token)

    def write(self, token: RefreshToken) -> None:
        """Store ``token`` as it is."""
        self._store.put(TOKENS, token_row(token))

    # -- believe --------------------------------------------------------------------------------------------------

    def verify(self, access_token: str) -> RefreshToken | None:
        """Return whose access token it is, or None: forged, expired, withdrawn, or of a user who is kept out."""
        known = self._verified.get(access_token)
        token, expires_at = known if known is not None else (None, 0.0)
        if token is None or expires_at <= self._clock.now():
            token = self._verify(access_token)
        return token if token is not None and self._is_valid(token) else None

    def _verify(self, text: str) -> RefreshToken | None:
        self._verified.pop(text, None)
        found = issuer(text)
        if found is None:
            return None
        token = self._tokens.get(found)
        claims = claims_of(text, token, self._clock.now())
        if claims is None or token is None or "path" in claims:
            return None
        if token.kind is TokenKind.LONG_LIVED and not hmac.compare_digest(_digest(text), token.secret_sha256):
            return None
        if len(self._verified) >= _CACHE:
            del self._verified[next(iter(self._verified))]
        self._verified[text] = (token, float(claims["exp"]))
        return token

    def by_secret(self, secret: str) -> RefreshToken | None:
        """Return the normal refresh token whose text ``secret`` is; None if it is none, or has expired."""
        token = self._by_secret.get(_digest(secret))
        return token if token is not None and token.kind is TokenKind.NORMAL and self._is_fresh(token) else None

    def _is_valid(self, token: RefreshToken) -> bool:
        return token.user.is_active and token.id in self._tokens and self._is_fresh(token)

    def _is_fresh(self, token: RefreshToken) -> bool:
        return token.expires_at is None or token.expires_at > self._clock.now()

    def touch(self, token: RefreshToken, address: str | None) -> None:
        """Note that ``token`` was used from ``address``, once a minute: each time is written."""
        now, before = self._clock.now(), token.last_used_at
        is_due = before is None or not 0 <= now - before < _WRITE_S
        if is_due and token.id in self._tokens:
            token.last_used_at, token.last_used_ip = now, address
            self.write(token)

    # -- withdraw -------------------------------------------------------------------------------------------------

    def revoke(self, token_id: str) -> None:
        """Withdraw a token: nothing that was made of it is believed, and its sockets close.

        Raises:
            UnknownEntry: there is none of that id.
        """
        token = self._tokens.pop(token_id, None)
        if token is None:
            raise UnknownEntry(f"there is no token {token_id!r}")
        self._by_secret.pop(token.secret_sha256, None)
        self._verified = {text: known for text, known in self._verified.items() if known[0] is not token}
        self._store.delete(TOKENS, token_id)
        user, last_used_at = token.user, token.last_used_at or 0.0
        if last_used_at > user.last_seen_at:
            user.last_seen_at = last_used_at
            self._store.put(USERS, user_row(user))
        self.disconnect(token_id)

    def disconnect(self, token_id: str) -> None:
        """Call what waits for the end of the token, which may come again: what it is allowed has changed."""
        for callback in self._on_revoked.pop(token_id, []):
            try:
                callback()
            except Exception:  # noqa: BLE001 - one socket that cannot be closed never keeps the others open
                _log.exception("%r failed at the end of a token", callback)

    def revoke_expired(self) -> None:
        """Withdraw every token whose time has come."""
        for token in tuple(self._tokens.values()):
            if not self._is_fresh(token):
                self.revoke(token.id)

    def on_revoked(self, token_id: str, callback: Callable[[], object]) -> Unsubscribe:
        """Call ``callback`` once, when the token is withdrawn or its user's rights change; return what ends that."""
        self._on_revoked.setdefault(token_id, []).append(callback)
        return partial(self._unsubscribe, token_id, callback)

    def _unsubscribe(self, token_id: str, callback: Callable[[], object]) -> None:
        callbacks = self._on_revoked.get(token_id, [])
        if callback in callbacks:
            callbacks.remove(callback)
        if not callbacks:
            self._on_revoked.pop(token_id, None)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
