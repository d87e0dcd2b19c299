"""A file for the owner's eyes that is read as it was written, or not at all: what a home keeps beside its database."""

from hashlib import sha256
from pathlib import Path
from typing import Final

_DIGEST_BYTES: Final = 32


class SealedFile:
    """Bytes behind a header and their SHA-256.

    Args:
        path: the file; need not be there.
        header: says what stands in it and in which version. One that begins otherwise is another's.
        max_bytes: more are not read.
    """

    def __init__(self, path: Path, header: bytes, *, max_bytes: int) -> None:
        self.path = path
        self._header = header
        self._max_bytes = max_bytes

    def read(self) -> bytes | None:
        """Return what was written; None if there is nothing, or nothing that is whole and ours. Blocking."""
        start = len(self._header) + _DIGEST_BYTES
        try:
            if self.path.stat().st_size > start + self._max_bytes:
                return None
            content = self.path.read_bytes()
        except OSError:
            return None
        seal = self._header + sha256(content[start:]).digest()
        return content[start:] if content[:start] == seal else None

    def holds(self, content: bytes) -> bool:
        """True when ``content`` was written last, as far as the seal says. Blocking."""
        seal = self._header + sha256(content).digest()
        try:
            with self.path.open("rb") as file:
                return file.read(len(seal)) == seal
        except OSError:
            return False

    def write(self, content: bytes) -> None:
        """Put ``content`` in the place of what was there; its folder is made if need be. Blocking.

        Raises:
            OSError: it cannot be written; what was there is untouched.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
        temporary.write_bytes(self._header + sha256(content).digest() + content)
        temporary.replace(self.path)
