"""Announces the home in the local network (mDNS), so that devices find it without being told an address."""

import asyncio
import logging
import re
import socket
from collections.abc import Iterable
from importlib import import_module
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from inglenook.clock import Clock
from inglenook.protocol import SERVICE_TYPE, Advertisement, instance_name

_log = logging.getLogger(__name__)

CHECK_S: Final = 60.0  # between two looks at the addresses of this machine, and after a failure


class Announcer:
    """The announcement of one home. Needs zeroconf, the extra ``discovery``.

    Args:
        name: of the home.
        port: where it listens.
        bound: the IP addresses that it listens on; ``0.0.0.0`` and ``::`` stand for all of this machine's.
        clock: times the looks at the machine's addresses.
    """

    def __init__(self, name: str, port: int, bound: Iterable[str], advertisement: Advertisement, clock: Clock) -> None:
        self._name = instance_name(name)
        self._port = port
        self._bound = tuple(bound)
        self._advertisement = advertisement
        self._clock = clock
        self._addresses: list[str] | None = None  # what is announced now
        self._responder: Any = None
        self._is_failing = False

    async def run(self) -> None:
        """Announce the home until cancelled, anew whenever the machine's addresses change; then say goodbye."""
        await asyncio.to_thread(import_module, "zeroconf.asyncio")  # it takes a while, and the home is running
        try:
            while True:
                await self._look()
                await self._clock.sleep(CHECK_S)
        finally:
            await self._withdraw()

    async def _look(self) -> None:
        """Announce what has not been announced, or not like this."""
        from zeroconf import Error  # noqa: PLC0415 - an extra

        addresses = addresses_of(self._bound)
        if addresses == self._addresses:
            return
        await self._withdraw()
        if not addresses:
            self._fail("this machine has no address like " + " or ".join(self._bound))
            return
        try:
            name = await self._announce(addresses)
        except (OSError, RuntimeError, Error) as error:
            await self._withdraw()
            self._fail(f"{', '.join(addresses)}: {error or type(error).__name__}")
            return
        self._addresses, self._is_failing = addresses, False
        _log.info("announced to devices as %s on %s", name, ", ".join(addresses))

    def _fail(self, why: str) -> None:
        _log.log(logging.DEBUG if self._is_failing else logging.WARNING, "cannot announce the home yet: %s", why)
        self._is_failing = True

    async def _announce(self, addresses: list[str]) -> str:
        """Open the responder, register, and return the name under which the home is known now."""
        from zeroconf import DNSQuestionType, IPVersion, ServiceInfo  # noqa: PLC0415 - an extra
        from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf  # noqa: PLC0415

        # IPv4 carries the answers where there is any: it tells of both kinds of addresses, and every device has it.
        carriers = [address for address in addresses if ":" not in address]
        version = IPVersion.V4Only if carriers else IPVersion.V6Only
        self._responder = AsyncZeroconf(interfaces=carriers or addresses, ip_version=version)
        info = ServiceInfo(
            SERVICE_TYPE,
            f"{self._name}.{SERVICE_TYPE}",
            self._port,
            properties=self._advertisement.properties(),
            server=f"inglenook-{_machine()}.local.",
            parsed_addresses=addresses,
        )
        # Whether the name is taken is asked by registering, but the answer to that may go to another program of this
        # machine; what is asked here is answered to all.
        network = self._responder.zeroconf
        question = DNSQuestionType.QM
        async with AsyncServiceBrowser(network, SERVICE_TYPE, handlers=[_hear], question_type=question):
            await (await self._responder.async_register_service(info, allow_name_change=True))
        return str(info.name.removesuffix(f".{SERVICE_TYPE}"))

    async def _withdraw(self) -> None:
        """Say goodbye and close the responder; without one nothing happens."""
        responder, self._responder, self._addresses = self._responder, None, None
        if responder is None:
            return
        from zeroconf import Error  # noqa: PLC0415 - an extra

        try:
            await responder.async_unregister_all_services()
        except (OSError, RuntimeError, Error) as error:  # of a network that has gone: nobody hears a goodbye
            _log.debug("the home could not say goodbye: %s", error)
        finally:
            await responder.async_close()


def _hear(**_: object) -> None:
    """Another home is announced, or no more: zeroconf itself remembers its name."""


def is_local(bound: Iterable[str]) -> bool:
    """True when only this machine reaches what listens on the IP addresses ``bound``."""
    return all(ip_address(address.partition("%")[0]).is_loopback for address in bound)


def addresses_of(bound: Iterable[str]) -> list[str]:
    """Return the IP addresses of this machine under which others reach what listens on ``bound``, IPv4 first."""
    import ifaddr  # noqa: PLC0415 - comes with zeroconf

    wanted = [ip_address(address.partition("%")[0]) for address in bound]
    every = {address.version for address in wanted if address.is_unspecified}
    found = {address for address in wanted if address.is_loopback}  # this machine has all of 127.0.0.0/8
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            address = ip_address(each.ip if isinstance(each.ip, str) else each.ip[0])
            if address in wanted or (address.version in every and not _is_out_of_reach(address)):
                found.add(address)
    return [str(address) for address in sorted(found, key=lambda address: (address.version, int(address)))]


def _is_out_of_reach(address: IPv4Address | IPv6Address) -> bool:
    """True when others cannot connect to ``address``, or only if they also say by which interface."""
    return address.is_loopback or (address.version == 6 and address.is_link_local)


def _machine() -> str:
    """Return the name of this machine as a label of DNS."""
    return re.sub(r"[^a-z0-9]+", "-", socket.gethostname().partition(".")[0].lower()).strip("-")[:40] or "hub"
