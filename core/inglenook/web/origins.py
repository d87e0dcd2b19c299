"""Who asks for whom: the client behind a proxy, and the page behind a browser's request."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from inglenook.config.settings import Http

# Addresses that only who is in the same network has; those of documentation and of providers are none.
_PRIVATE: Final = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def is_local(address: str) -> bool:
    """True when ``address`` is of this machine or of its local network."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    known = (known.ipv4_mapped or known) if isinstance(known, IPv6Address) else known
    return known.is_loopback or known.is_link_local or any(known in network for network in _PRIVATE)


def client_address(request: web.Request, http: Http) -> str:
    """Return the address of who asks: the peer, or whom it names if it is a proxy that is trusted.

    Of the addresses in ``X-Forwarded-For`` the last one that is no trusted proxy counts: what stands before it, the
    client may have written itself.

    Raises:
        HTTPBadRequest: a trusted proxy sends what names nobody.
    """
    peer = request.remote or ""
    if not http.use_x_forwarded_for or not is_trusted(peer, http):
        return peer
    headers = request.headers.getall("X-Forwarded-For", [])
    if not headers:
        return peer
    named = [part.strip() for part in ",".join(headers).split(",")]
    for address in reversed(named):
        try:
            ip_address(address)
        except ValueError:
            raise web.HTTPBadRequest from None
        if not is_trusted(address, http):
            return address
    return named[0]


def is_foreign(request: web.Request, http: Http, own_urls: tuple[str | None, ...]) -> bool:
    """True when a browser asks for a page of another origin, which nobody allowed.

    Args:
        request: the request; without ``Origin`` it comes from no page.
        http: whose origins are allowed, and which proxies are believed what the page's own host is.
        own_urls: where else the home is reached.
    """
    origin = request.headers.get("Origin")
    if origin is None or is_allowed(origin, http):
        return False
    hosts = {_host(f"http://{request.host}"), *(_host(url) for url in own_urls if url)}
    if http.use_x_forwarded_for and is_trusted(request.remote or "", http):
        hosts.add(_host(f"http://{request.headers.get('X-Forwarded-Host', '')}"))
    return not (hosts - {""}) & {_host(origin)}


def is_allowed(origin: str, http: Http) -> bool:
    """True when the configuration lets pages of ``origin`` use the API."""
    return origin.lower() in http.cors_allowed_origins or "*" in http.cors_allowed_origins


def is_trusted(address: str, http: Http) -> bool:
    """True when ``address`` is that of a proxy which is believed for whom it asks."""
    try:
        host = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    host = (host.ipv4_mapped if isinstance(host, IPv6Address) else None) or host
    return any(host in network for network in http.trusted_proxies)


def _host(url: str) -> str:
    """Return host and port of ``url``, without a port that goes without saying; empty for what has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    return parts.hostname if port in (None, 80, 443) else f"{parts.hostname}:{port}"
