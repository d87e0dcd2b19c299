"""Signed paths: an address that a browser may fetch for some seconds without a header, such as that of an image."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from inglenook.auth.access_tokens import claims_of, issuer, sign

if TYPE_CHECKING:
    from inglenook.auth.auth import Auth
    from inglenook.auth.model import RefreshToken

PARAMETER: Final = "authSig"
EXPIRES_S: Final = 30.0
_FREE: Final = frozenset({"width", "height"})  # what a page may choose by itself


def sign_path(token: "RefreshToken", path: str, now: float, expires_s: float = EXPIRES_S) -> str:
    """Return ``path``, with a query or without, and a signature that is valid for ``expires_s`` seconds.

    Raises:
        ValueError: it is no path on this server.
    """
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"expected a path on this server, got {path!r}")
    plain, given = unquote(parts.path), parse_qsl(parts.query, keep_blank_values=True)
    signature = sign(token, now, expires_s, path=plain, params=_signed(given))
    return f"{quote(plain)}?{urlencode([*given, (PARAMETER, signature)])}"


def signer_of(auth: "Auth", path: str, query: Iterable[tuple[str, str]], now: float) -> "RefreshToken | None":
    """Return whose token signed this ``path`` (not quoted) with this ``query``, if that is valid and not too old."""
    given = list(query)
    signatures = [value for name, value in given if name == PARAMETER]
    if len(signatures) != 1:
        return None
    token = auth.token(issuer(signatures[0]) or "")
    claims = claims_of(signatures[0], token, now)
    if claims is None or token is None or not token.user.is_active:
        return None
    is_this = claims.get("path") == path and claims.get("params") == _signed(given)
    return token if is_this else None


def _signed(query: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[name, value] for name, value in query if name not in _FREE and name != PARAMETER]
