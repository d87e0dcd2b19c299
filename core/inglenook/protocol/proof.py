"""Tokens, and how a device proves over an open network that it has one, without sending it.

The hub keeps nothing but the SHA-256 of a token, yet it can check ``HMAC-SHA256(token, …)``: a token is longer than
SHA-256's block of 64 bytes, and HMAC replaces so long a key by its SHA-256 (RFC 2104, section 3). The device uses the
token as the key, the hub the hash, and both get the same proof.
"""

import hashlib
import hmac
import secrets
from typing import Final

_PREFIX: Final = "inglenook_"
_SECRET_BYTES: Final = 32
_BLOCK_BYTES: Final = 64


def make_token() -> str:
    """Return a new token: 256 random bits as 64 hex digits behind ``inglenook_``."""
    token = _PREFIX + secrets.token_hex(_SECRET_BYTES)
    assert len(token) > _BLOCK_BYTES  # or the hub could not check a proof
    return token


def token_hash(token: str) -> str:
    """Return what the hub keeps of ``token``: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_proof(token: str, nonce: str, device_id: str) -> str:
    """Return a device's answer to a challenge: HMAC-SHA256(token, nonce + device id) in hex."""
    return hmac.new(token.encode(), (nonce + device_id).encode(), hashlib.sha256).hexdigest()


def verify_proof(proof: str, sha256: str, nonce: str, device_id: str) -> bool:
    """True when ``proof`` was made with the token whose :func:`token_hash` is ``sha256``; in constant time."""
    expected = hmac.new(bytes.fromhex(sha256), (nonce + device_id).encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), proof.encode())
