"""What tells that a file is another one than it was: stamps, without reading it, and digests of what it holds."""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """Size in bytes, time of the last change, and which file it is."""

    size: int
    time_ns: int
    inode: int


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a file; None if there is none that could be read."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def digest_of(path: Path) -> bytes:
    """Return the SHA-256 of what a file holds; nothing if it cannot be read."""
    try:
        return sha256(path.read_bytes()).digest()
    except OSError:
        return b""
