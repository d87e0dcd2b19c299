"""The service manager's ear: tell systemd that the home is ready, alive, reloading or stopping.

Speaks the datagrams of ``sd_notify(3)``; without a service manager nothing is sent.
"""

import os
import socket
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
ALIVE: Final = "WATCHDOG=1"


def notify(*lines: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send ``lines`` (``READY=1``, ``STATUS=…``) to the socket of ``NOTIFY_SOCKET``; False if nobody hears.

    The socket is a path, or after ``@`` a name in the abstract namespace. Never blocks and never raises: a home goes on
    without a service manager.
    """
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)
            sender.sendto("\n".join(lines).encode(), address)
    except OSError:
        return False
    return True


def watchdog_interval_s(environ: Mapping[str, str] = os.environ, pid: int | None = None) -> float | None:
    """Return how often to send :data:`ALIVE`, in seconds: half of what the manager waits; None without a watchdog.

    ``WATCHDOG_PID``, when given, must be this process (``pid``): a child of the service has no watchdog of its own.
    """
    try:
        limit_us = int(environ.get("WATCHDOG_USEC", ""))
        watched = int(environ.get("WATCHDOG_PID") or 0)
    except ValueError:
        return None
    if limit_us <= 0 or watched not in (0, pid or os.getpid()):
        return None
    return limit_us / 1_000_000 / 2
