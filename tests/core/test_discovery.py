"""A device finds its hub by mDNS, and says why when it does not."""

import asyncio
import sys
from ipaddress import ip_interface

import pytest
from zeroconf import IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from inglenook.device import FoundHub, HubNotFound, find_hub
from inglenook.device.discovery import nearest_first
from inglenook.protocol import MAX_NAME_BYTES, SERVICE_TYPE, Advertisement, instance_name

LOOPBACK = ["127.0.0.1"]


async def announced(network: AsyncZeroconf, name: str, properties: dict[str, str]) -> None:
    info = ServiceInfo(
        SERVICE_TYPE, f"{name}.{SERVICE_TYPE}", 8123,
        properties=properties, server="test.local.", parsed_addresses=LOOPBACK,
    )  # fmt: skip
    await (await network.async_register_service(info, cooperating_responders=True))


async def test_a_hub_of_another_protocol_is_passed_over_and_named() -> None:
    async with AsyncZeroconf(interfaces=LOOPBACK, ip_version=IPVersion.V4Only) as network:
        search = asyncio.create_task(find_hub("Future", timeout_s=1, interfaces=LOOPBACK))
        await announced(network, "Future", {"version": "2", "path": "/api/device", "tls": "0"})

        with pytest.raises(HubNotFound, match="Future speaks another protocol than version 1"):
            await search


async def test_where_nobody_answers_that_is_said() -> None:
    with pytest.raises(HubNotFound, match=r"no hub called 'Nobody' has answered within 0\.1 s"):
        await find_hub("Nobody", timeout_s=0.1, interfaces=LOOPBACK)


async def test_without_zeroconf_it_is_said_what_mends_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)

    with pytest.raises(HubNotFound, match=r"mend it with: .*pip install"):
        await find_hub()


def test_the_nearest_address_comes_first() -> None:
    own = [ip_interface(text) for text in ("192.168.1.9/24", "172.17.0.1/16", "fe80::1/64")]

    found = nearest_first(["2001:db8::2", "10.0.0.2", "172.17.0.1", "192.168.1.2"], own)

    assert found == ["192.168.1.2", "172.17.0.1", "10.0.0.2", "2001:db8::2"]


def test_a_found_hub_is_reached_by_its_first_url() -> None:
    assert FoundHub("Home", ("ws://a", "ws://b")).url == "ws://a"


@pytest.mark.parametrize("record", [Advertisement(1), Advertisement(2, "/elsewhere", is_tls=True)])
def test_what_a_hub_says_of_itself_arrives(record: Advertisement) -> None:
    assert Advertisement.parse(record.properties()) == record


@pytest.mark.parametrize("properties", [{"version": "one"}, {"version": "-1"}, {"path": "api"}, {"version": ""}])
def test_a_record_that_is_no_hub_s_is_none(properties: dict[str, str]) -> None:
    assert Advertisement.parse(properties) is None


@pytest.mark.parametrize(
    ("record", "address", "expected"),
    [
        (Advertisement(1), "192.168.1.2", "ws://192.168.1.2:8123/api/device"),
        (Advertisement(1, is_tls=True), "192.168.1.2", "wss://192.168.1.2:8123/api/device"),
        (Advertisement(1), "2001:db8::2", "ws://[2001:db8::2]:8123/api/device"),
    ],
)
def test_a_url_is_made_of_address_and_record(record: Advertisement, address: str, expected: str) -> None:
    assert record.url(address, 8123) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Zuhause", "Zuhause"), ("Home\nof\tus.", "Home of us"), (" . ", "inglenook"), ("é" * 40, "é" * 30)],
)
def test_the_name_of_a_home_is_made_fit_for_dns(name: str, expected: str) -> None:
    assert instance_name(name) == expected
    assert len(instance_name(name).encode()) <= MAX_NAME_BYTES
