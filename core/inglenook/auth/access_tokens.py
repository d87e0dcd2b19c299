"""Access tokens: JWTs, HS256, each signed with the key of its refresh token, and believed by nothing else."""

import secrets
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from inglenook.auth.model import RefreshToken

ALGORITHM: Final = "HS256"
LONGEST: Final = 4_096  # characters; ours have some 200
_NO_KEY: Final = secrets.token_hex(32)  # a token of an unknown issuer costs the same time as a wrong signature


def sign(token: "RefreshToken", now: float, lifespan_s: float, **more: Any) -> str:
    """Return a JWT of ``token`` that is valid from ``now`` (seconds since the epoch), with ``more`` claims."""
    import jwt  # noqa: PLC0415 - 60 ms that a start need not pay

    claims = {"iss": token.id, "iat": int(now), "exp": int(now + lifespan_s), **more}
    return jwt.encode(claims, token.key, algorithm=ALGORITHM)


def issuer(text: str) -> str | None:
    """Return whose token ``text`` says it is, of which nothing is proven; None when it is no token."""
    import jwt  # noqa: PLC0415 - as above

    if len(text) > LONGEST:
        return None
    try:
        found = jwt.decode(text, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def claims_of(text: str, token: "RefreshToken | None", now: float) -> dict[str, Any] | None:
    """Return the claims of the JWT ``text`` if ``token`` signed it and it has not expired at ``now``, else None."""
    import jwt  # noqa: PLC0415 - as above

    try:
        claims: dict[str, Any] = jwt.decode(
            text,
            token.key if token else _NO_KEY,
            algorithms=[ALGORITHM],
            options={"require": ["iss", "iat", "exp"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    if token is None or claims["iss"] != token.id or not isinstance(claims["exp"], int) or claims["exp"] <= now:
        return None
    return claims
