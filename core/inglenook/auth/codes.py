"""Authorization codes: what a client gets after the log-in of its user, to be exchanged once for tokens."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from inglenook.auth.model import User
from inglenook.clock import Clock

LIFE_S: Final = 600.0
_MOST: Final = 1_000
_LONGEST_VERIFIER: Final = 128  # RFC 7636, section 4.1


@dataclass(frozen=True, slots=True)
class _Code:
    client_id: str
    user: User
    challenge: str | None
    expires_at: float


class Codes:
    """The codes that wait to be exchanged, in memory: a restart ends them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, _Code] = {}

    def create(self, client_id: str, user: User, challenge: str | None = None) -> str:
        """Return a new code for a client; ``challenge`` is that of PKCE (S256), which the exchange has to meet."""
        now = self._clock.monotonic()
        self._codes = {code: known for code, known in self._codes.items() if known.expires_at > now}
        if len(self._codes) >= _MOST:
            del self._codes[next(iter(self._codes))]
        code = secrets.token_hex(32)
        self._codes[code] = _Code(client_id, user, challenge, now + LIFE_S)
        return code

    def exchange(self, code: str, client_id: str, verifier: str | None) -> User | None:
        """Return who logged in; None for a code that is unknown, used, old, another client's or without its proof."""
        known = self._codes.pop(code, None)
        if known is None or known.expires_at <= self._clock.monotonic() or known.client_id != client_id:
            return None
        return known.user if _is_met(known.challenge, verifier) else None


def _is_met(challenge: str | None, verifier: str | None) -> bool:
    if challenge is None:
        return True
    if verifier is None or len(verifier) > _LONGEST_VERIFIER:
        return False
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest, challenge.encode())
