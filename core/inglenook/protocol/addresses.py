"""Which addresses count as one, when failures are counted."""

from ipaddress import IPv6Address, IPv6Network, ip_address


def source_of(address: str) -> str:
    """Return what counts as one: an IPv4 address, or the /64 that an IPv6 host owns; any other text as it is."""
    try:
        host = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(host, IPv6Address):
        return str(host.ipv4_mapped or IPv6Network((int(host) >> 64 << 64, 64)))
    return str(host)


def is_this_machine(address: str) -> bool:
    """Return whether ``address`` is a loopback address, or that of a local socket."""
    try:
        host = ip_address(address.partition("%")[0])
    except ValueError:
        return True  # a local socket
    return ((host.ipv4_mapped if isinstance(host, IPv6Address) else None) or host).is_loopback
