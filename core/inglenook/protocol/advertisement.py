"""What a hub says of itself in the local network (DNS-SD, RFC 6763), so that devices find it without an address."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

SERVICE_TYPE: Final = "_inglenook._tcp.local."
PATH: Final = "/api/device"
MAX_NAME_BYTES: Final = 60  # of the 63 that DNS allows: a name that is taken gets "-2" appended


class Advertisement(Struct, frozen=True):
    """The TXT record of a hub.

    Attributes:
        version: of the device protocol.
        path: where devices open their socket.
        is_tls: whether that is ``wss``.
    """

    version: int
    path: str = PATH
    is_tls: bool = False

    def properties(self) -> dict[str, str]:
        """Return the record: ``version``, ``path``, ``tls`` (0 or 1)."""
        return {"version": str(self.version), "path": self.path, "tls": str(int(self.is_tls))}

    @classmethod
    def parse(cls, properties: Mapping[str, str]) -> "Advertisement | None":
        """Return what a record says; None for one that is not a hub's. What is left out is the default."""
        version, path = properties.get("version", "1"), properties.get("path", PATH)
        if not (version.isdecimal() and version.isascii() and path.startswith("/")):
            return None
        return cls(int(version), path, properties.get("tls") == "1")

    def url(self, address: str, port: int) -> str:
        """Return where a device connects to the hub at the IP address ``address``."""
        host = f"[{address}]" if ":" in address else address
        return f"{'wss' if self.is_tls else 'ws'}://{host}:{port}{self.path}"


def instance_name(name: str) -> str:
    """Return ``name`` as DNS-SD takes it: no control characters, at most 60 bytes, not empty."""
    printable = re.sub(r"[\x00-\x1f\x7f]", " ", name)
    short = printable.encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    return short.strip(" .") or "inglenook"
