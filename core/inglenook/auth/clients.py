"""Which addresses a client may name as its own, and where its user may be sent back to: IndieAuth's rules.

A client is known by an address (https://indieauth.spec.indieweb.org, sections 3.2 and 4.2.2). We fetch nothing from
there: who is sent back goes to the very host that the client names, or to an app that is known.
"""

from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST: Final = 2_048  # characters

# The companion apps come back by an address of their own.
_KNOWN_APPS: Final = {
    "https://home-assistant.io/iOS": frozenset({"homeassistant://auth-callback"}),
    "https://home-assistant.io/android": frozenset({"homeassistant://auth-callback"}),
}
_PORTS: Final = {"http": 80, "https": 443}


def is_client_id(client_id: str) -> bool:
    """True when ``client_id`` can be the address of a client."""
    parts = _split(client_id)
    if parts is None or parts.fragment or "#" in client_id:
        return False
    return not any(segment in (".", "..") for segment in parts.path.split("/"))


def is_redirect_of(client_id: str, redirect_uri: str) -> bool:
    """True when the user of the client may be sent to ``redirect_uri``: scheme, host and port are the client's."""
    if not is_client_id(client_id):
        return False
    if redirect_uri in _KNOWN_APPS.get(client_id, ()):
        return True
    ours, theirs = _split(client_id), _split(redirect_uri)
    return ours is not None and theirs is not None and _origin(ours) == _origin(theirs)


def _split(address: str) -> SplitResult | None:
    """Return the parts of a plain http(s) address; None for anything that a browser may read in another way."""
    if len(address) > LONGEST or not address.isascii() or any(char <= " " or char in '\\<>"\x7f' for char in address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        return None
    is_plain = parts.scheme in _PORTS and bool(parts.hostname) and "@" not in parts.netloc and "%" not in parts.netloc
    return parts if is_plain else None


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
