"""The tokens of the devices: of each only its SHA-256, which is all that checking it needs."""

import hmac
from collections.abc import Iterator
from typing import Final

from inglenook.clock import Clock
from inglenook.protocol import Hello, make_token, token_hash, verify_proof
from inglenook.store import Store

_NO_HASH: Final = "0" * 64  # an unknown device costs the same time as a wrong token


class Tokens:
    """Which devices may come in. Reads and writes the store's ``tokens``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._hashes: dict[str, str] = {}

    def __contains__(self, device_id: str) -> bool:
        return device_id in self._hashes

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._hashes))

    def load(self) -> None:
        """Read them from the store. Blocking."""
        self._hashes = {device_id: sha256 for device_id, sha256, _ in self._store.load("tokens")}

    def add(self, device_id: str) -> str:
        """Make a token for ``device_id``, in place of one that it had, and return it: nobody can read it again."""
        token = make_token()
        self._hashes[device_id] = token_hash(token)
        self._store.put("tokens", (device_id, self._hashes[device_id], self._clock.now()))
        return token

    def remove(self, device_id: str) -> bool:
        """Withdraw the device's token; False if it had none."""
        self._store.delete("tokens", device_id)
        return self._hashes.pop(device_id, None) is not None

    def allow(self, hello: Hello, nonce: str | None) -> bool:
        """True when ``hello`` bears the device's token, or the proof that answers ``nonce``."""
        sha256 = self._hashes.get(hello.device)
        expected = sha256 or _NO_HASH
        if hello.token is not None:
            is_right = hmac.compare_digest(token_hash(hello.token), expected)
        else:
            is_right = nonce is not None and verify_proof(hello.proof or "", expected, nonce, hello.device)
        return is_right and sha256 is not None
