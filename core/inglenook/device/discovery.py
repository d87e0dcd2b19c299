"""Finding a hub in the local network: it announces itself as ``_inglenook._tcp`` by mDNS."""

import asyncio
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from inglenook.errors import InglenookError
from inglenook.extras import DISCOVERY, install_command
from inglenook.protocol import SERVICE_TYPE, VERSION, Advertisement, instance_name

if TYPE_CHECKING:
    from zeroconf import ServiceStateChange, Zeroconf
    from zeroconf.asyncio import AsyncZeroconf

_ASK_S: Final = 3.0  # for one hub's answer to where it is

Interface = IPv4Interface | IPv6Interface


class HubNotFound(InglenookError):
    """No hub that this device could speak to has answered in time, or nobody can listen for one."""


class FoundHub(Struct, frozen=True):
    """A hub in the local network.

    Attributes:
        name: what it is called there, mostly as the home is.
        urls: where a device can connect, the nearest first; not empty.
    """

    name: str
    urls: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where a device connects: the nearest of ``urls``."""
        return self.urls[0]


async def find_hub(
    name: str | None = None, *, timeout_s: float = 10.0, interfaces: Sequence[str] | None = None
) -> FoundHub:
    """Wait for a hub to answer in the local network and return it. Needs zeroconf, the extra ``discovery``.

    Args:
        name: of the home whose hub it has to be; None takes the first that answers.
        timeout_s: how long to wait.
        interfaces: IP addresses of this machine on whose networks to ask; None takes all.

    Raises:
        HubNotFound: none has answered, or zeroconf is missing.
    """
    try:
        from zeroconf import InterfaceChoice, IPVersion  # noqa: PLC0415 - an extra
        from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise HubNotFound(f"this needs zeroconf; mend it with: {install_command(DISCOVERY)}") from error
    names: asyncio.Queue[str] = asyncio.Queue()
    others: dict[str, str] = {}

    def note(zeroconf: "Zeroconf", service_type: str, name: str, state_change: "ServiceStateChange") -> None:
        if state_change.name != "Removed":
            names.put_nowait(name)

    where = InterfaceChoice.All if interfaces is None else list(interfaces)
    try:
        async with (
            AsyncZeroconf(interfaces=where, ip_version=IPVersion.V4Only) as network,
            AsyncServiceBrowser(network.zeroconf, SERVICE_TYPE, handlers=[note]),
            asyncio.timeout(timeout_s),
        ):
            while True:
                found = await _ask(network, await names.get(), name, others)
                if found is not None:
                    return found
    except TimeoutError:
        seen = "".join(f"; {other} {why}" for other, why in others.items())
        wanted = f"no hub called {name!r}" if name else "no hub"
        raise HubNotFound(f"{wanted} has answered within {timeout_s:g} s{seen}") from None
    except (OSError, RuntimeError) as error:
        raise HubNotFound(f"cannot listen for hubs: {error}") from error


async def _ask(network: "AsyncZeroconf", service: str, name: str | None, others: dict[str, str]) -> FoundHub | None:
    """Ask the hub announced as ``service`` where it is; None, and a note in ``others``, if it is not the one."""
    from zeroconf.asyncio import AsyncServiceInfo  # noqa: PLC0415

    called = service.removesuffix(f".{SERVICE_TYPE}")
    if name is not None and called != instance_name(name):
        others[called] = "is another one"
        return None
    info = AsyncServiceInfo(SERVICE_TYPE, service)
    if not await info.async_request(network.zeroconf, _ASK_S * 1000) or not info.port:
        others[called] = "does not say where it is"
        return None
    record = Advertisement.parse({key: value or "" for key, value in info.decoded_properties.items()})
    if record is None or record.version != VERSION:
        others[called] = f"speaks another protocol than version {VERSION}"
        return None
    addresses = nearest_first(info.parsed_addresses(), _own_interfaces())
    return FoundHub(called, tuple(record.url(address, info.port) for address in addresses))


def nearest_first(addresses: Iterable[str], own: Iterable[Interface]) -> list[str]:
    """Return the ``addresses`` of a hub in the order in which to try them from a machine with the interfaces ``own``.

    First those in a network that both are in, then those that the machine has itself (the hub runs on it; or both
    have a network of containers, which leads nowhere), then the others.
    """
    mine = {interface.ip for interface in own}
    networks = [interface.network for interface in own]

    def distance(text: str) -> tuple[int, int]:
        address = ip_address(text)
        near = 1 if address in mine else 0 if any(address in network for network in networks) else 2
        return near, address.version

    return sorted(addresses, key=distance)


def _own_interfaces() -> list[Interface]:
    import ifaddr  # noqa: PLC0415 - comes with zeroconf

    return [
        ip_interface(f"{each.ip if isinstance(each.ip, str) else each.ip[0]}/{each.network_prefix}")
        for adapter in ifaddr.get_adapters()
        for each in adapter.ips
    ]
