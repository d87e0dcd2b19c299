"""What the service manager is told, over a socket of our own in its place."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from inglenook.sdnotify import ALIVE, READY, notify, watchdog_interval_s


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens, and what ``NOTIFY_SOCKET`` says of it."""
    name = f"inglenook-{os.getpid()}-{tmp_path.name}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}" if request.param == "abstract" else name)
        listener.settimeout(5)
        yield listener, f"@{name}" if request.param == "abstract" else name


def test_the_manager_hears_all_lines_in_one_datagram(manager: tuple[socket.socket, str]) -> None:
    listener, address = manager

    was_sent = notify(READY, "STATUS=12 rules, 8 devices", environ={"NOTIFY_SOCKET": address})

    assert was_sent
    assert listener.recv(1024) == b"READY=1\nSTATUS=12 rules, 8 devices"


@pytest.mark.parametrize("address", ["", "relative/path", "/nowhere/at/all", "@inglenook-nobody-listens"])
def test_without_a_manager_nothing_happens(address: str) -> None:
    assert not notify(ALIVE, environ={"NOTIFY_SOCKET": address})


def test_a_manager_that_does_not_listen_never_blocks_the_home(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)

        sent = [notify(ALIVE * 1000, environ={"NOTIFY_SOCKET": address}) for _ in range(1000)]

    assert sent[0]
    assert not sent[-1]


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_it_asks(environ: dict[str, str], seconds: float | None) -> None:
    assert watchdog_interval_s(environ, pid=77) == seconds
