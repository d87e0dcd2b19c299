"""A home is found in the local network while it runs, and only where it can be reached. Real mDNS on 127.0.0.1."""

import asyncio
import importlib.util
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import ifaddr
import pytest
from tests.core.server.homes import running_home
from zeroconf import IPVersion, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from inglenook.clock import Clock
from inglenook.config.configuration import read_configuration
from inglenook.device import find_hub
from inglenook.extras import DISCOVERY, install_command
from inglenook.protocol import SERVICE_TYPE, Advertisement
from inglenook.server.announcer import Announcer, addresses_of, is_local
from inglenook.server.running import HomeServer

LOOPBACK = ["127.0.0.1"]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what it means is what is tested


@pytest.fixture
def name() -> str:
    """A name that no other hub has, in this network or in another test."""
    return f"Test {secrets.token_hex(4)}"


@asynccontextmanager
async def running(folder: Path, name: str, http: str) -> AsyncIterator[HomeServer]:
    (folder / "configuration.yaml").write_text(f"homeassistant: {{name: {name}}}\nhttp: {{port: 0, {http}}}\n")
    async with running_home(folder) as server:
        yield server


class Ear:
    """Hears what is announced on 127.0.0.1."""

    def __init__(self, network: AsyncZeroconf) -> None:
        self.network = network
        self.heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def note(self, zeroconf: Any, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        self.heard.put_nowait((state_change.name, name.removesuffix(f".{SERVICE_TYPE}")))

    async def wait_for(self, change: str, name: str) -> None:
        async with asyncio.timeout(10):
            while await self.heard.get() != (change, name):
                pass

    async def info(self, name: str) -> AsyncServiceInfo:
        info = AsyncServiceInfo(SERVICE_TYPE, f"{name}.{SERVICE_TYPE}")
        assert await info.async_request(self.network.zeroconf, 3000)
        return info


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    async with AsyncZeroconf(interfaces=LOOPBACK, ip_version=IPVersion.V4Only) as network:
        ear = Ear(network)
        async with AsyncServiceBrowser(network.zeroconf, SERVICE_TYPE, handlers=[ear.note]):
            yield ear


@asynccontextmanager
async def until_logged(text: str) -> AsyncIterator[None]:
    """Leave only when the announcer has logged ``text``."""
    is_logged = asyncio.Event()

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if text in record.getMessage():
                is_logged.set()

    log, watch = logging.getLogger("inglenook.server.announcer"), Watch()
    log.addHandler(watch)
    log.setLevel(logging.INFO)
    try:
        yield
        await asyncio.wait_for(is_logged.wait(), 10)
    finally:
        log.removeHandler(watch)
        log.setLevel(logging.NOTSET)


async def test_a_home_is_announced_while_it_runs_and_says_goodbye(tmp_path: Path, name: str) -> None:
    async with listening() as ear:
        async with running(tmp_path, name, "announce: true") as server:
            await ear.wait_for("Added", name)
            info = await ear.info(name)
        await ear.wait_for("Removed", name)

    assert info.port == server.gateway.port
    assert info.parsed_addresses() == LOOPBACK
    assert info.decoded_properties == {"version": "1", "path": "/api/device", "tls": "0"}


async def test_a_device_finds_the_home_by_itself(tmp_path: Path, name: str) -> None:
    async with running(tmp_path, name, "announce: [127.0.0.1]") as server:
        hub = await find_hub(name, interfaces=LOOPBACK)

    assert (hub.name, hub.url) == (name, f"ws://127.0.0.1:{server.gateway.port}/api/device")


async def test_a_second_home_of_the_same_name_gets_another(name: str) -> None:
    homes = [Announcer(name, port, LOOPBACK, Advertisement(1), Clock()) for port in (1001, 1002)]
    async with listening() as ear:
        tasks = []
        async with until_logged(f"announced to devices as {name}-2 on 127.0.0.1"):
            for home, expected in zip(homes, (name, f"{name}-2"), strict=True):
                tasks.append(asyncio.create_task(home.run()))
                await ear.wait_for("Added", expected)
        infos = [await ear.info(name), await ear.info(f"{name}-2")]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    assert [info.port for info in infos] == [1001, 1002]


@pytest.mark.parametrize("http", ["host: 127.0.0.1", "host: localhost", "host: 127.0.0.1, announce: false"])
async def test_a_home_for_this_machine_alone_is_not_announced(tmp_path: Path, name: str, http: str) -> None:
    async with running(tmp_path, name, http):
        tasks = [task.get_name() for task in asyncio.all_tasks()]

    assert "announce the home" not in tasks


@pytest.mark.parametrize(("http", "is_announced"), [("host: 0.0.0.0", True), ("host: 0.0.0.0, announce: false", False)])
async def test_a_home_that_others_reach_is_announced_unless_told_not_to(
    tmp_path: Path, name: str, http: str, is_announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ifaddr, "get_adapters", list)  # the tests' machine has a network of its own, or none

    async with running(tmp_path, name, http):
        tasks = [task.get_name() for task in asyncio.all_tasks()]

    assert ("announce the home" in tasks) is is_announced


async def test_a_network_that_does_not_work_is_one_warning_and_the_home_goes_on(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path, name, "announce: [198.51.100.7]") as server:
        async with until_logged("cannot announce"):
            pass

        assert server.home.services.has("homeassistant", "restart")

    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["cannot announce the home yet: this machine has no address like 198.51.100.7"]


async def test_a_network_that_fails_is_tried_again(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [OSError(19, "No such device"), OSError(19, "No such device")]

    def open_network(**options: Any) -> AsyncZeroconf:
        if failures:
            raise failures.pop()
        return AsyncZeroconf(**options)

    monkeypatch.setattr("zeroconf.asyncio.AsyncZeroconf", open_network)
    monkeypatch.setattr("inglenook.server.announcer.CHECK_S", 0.05)
    async with until_logged(f"announced to devices as {name}"):
        task = asyncio.create_task(Announcer(name, 1001, LOOPBACK, Advertisement(1), Clock()).run())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["cannot announce the home yet: 127.0.0.1: [Errno 19] No such device"]


async def test_what_changes_of_the_addresses_is_announced_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = ifaddr.Adapter("eth0", "eth0", [ifaddr.IP("127.0.0.2", 8, "eth0")])
    adapters: list[ifaddr.Adapter] = []
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
    monkeypatch.setattr("inglenook.server.announcer.CHECK_S", 0.05)
    monkeypatch.setattr("inglenook.server.announcer._is_out_of_reach", lambda address: False)
    async with listening() as ear:
        task = asyncio.create_task(Announcer(name, 1001, [EVERYWHERE], Advertisement(1), Clock()).run())
        adapters.append(adapter)
        await ear.wait_for("Added", name)
        adapter.ips = [ifaddr.IP("127.0.0.3", 8, "eth0")]
        await ear.wait_for("Removed", name)
        await ear.wait_for("Added", name)
        info = await ear.info(name)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert info.parsed_addresses() == ["127.0.0.3"]


def test_without_zeroconf_the_configuration_says_what_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inglenook.config.configuration.find_spec", lambda name: None)
    (tmp_path / "configuration.yaml").write_text("http:\n  announce: true\n")

    warnings = [str(warning) for warning in read_configuration(tmp_path).warnings]

    assert warnings == [
        f"configuration.yaml:2:3: http.announce: this needs zeroconf; mend it with: {install_command(DISCOVERY)}"
    ]


async def test_without_zeroconf_a_home_that_others_reach_runs_and_says_what_would_announce_it(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    find = importlib.util.find_spec
    monkeypatch.setattr("inglenook.server.running.find_spec", lambda name: None if name == "zeroconf" else find(name))

    async with running(tmp_path, name, "host: 0.0.0.0"):
        pass

    assert f"for that: {install_command(DISCOVERY)}" in caplog.text


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (["127.0.0.1"], ["127.0.0.1"]),
        ([EVERYWHERE], ["192.168.1.2"]),
        (["::", EVERYWHERE], ["192.168.1.2", "2001:db8::2"]),
        (["192.168.1.2"], ["192.168.1.2"]),
        (["192.168.9.9"], []),
    ],
)
def test_what_is_announced_is_what_others_reach(
    bound: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ips = [
        ifaddr.IP("127.0.0.1", 8, "lo"), ifaddr.IP("192.168.1.2", 24, "eth0"),
        ifaddr.IP(("2001:db8::2", 0, 0), 64, "eth0"), ifaddr.IP(("fe80::1", 0, 2), 64, "eth0"),
    ]  # fmt: skip
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [ifaddr.Adapter("eth0", "eth0", ips)])

    assert addresses_of(bound) == expected


@pytest.mark.parametrize(
    ("bound", "expected"), [(["127.0.0.1", "::1"], True), (["127.0.1.1"], True), ([EVERYWHERE], False), (["::"], False)]
)
def test_what_only_this_machine_reaches_is_known(bound: list[str], expected: bool) -> None:
    assert is_local(bound) is expected
