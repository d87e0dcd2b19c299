"""The systemd unit that ``inglenook service install`` writes."""

from pathlib import Path, PurePosixPath
from typing import Final

from inglenook.errors import ConfigError

WATCHDOG_S: Final = 30

_STATE_ROOT: Final = PurePosixPath("/var/lib")  # below it systemd makes the folder and gives it to the service's user
_HOMES: Final = tuple(map(PurePosixPath, ("/home", "/root", "/run/user")))

_UNIT: Final = """\
# Written by `inglenook service install`. Change it with `systemctl edit inglenook`, not here.
[Unit]
Description=inglenook home automation
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=notify
NotifyAccess=main
ExecStart={python} -m inglenook run --config {config} --data {data}
Restart=on-failure
RestartSec=2
WatchdogSec={watchdog}
TimeoutStartSec=60
TimeoutStopSec=15
LimitNOFILE=65536
{user}
{data_access}
UMask=0077

# It needs its own two folders and the network, nothing else of the machine.
ProtectSystem=strict
ProtectHome={protect_home}
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
DevicePolicy=closed
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def render_unit(python: Path, config: Path, data: Path, user: str = "inglenook") -> str:
    """Return the text of the unit.

    Args:
        python: the interpreter that inglenook is installed for.
        config: the configuration folder or file; the service can read it.
        data: the data folder, the only place the service can write.
        user: whom it runs as; empty for a user that systemd makes up at each start, whose data must be below
            ``/var/lib`` and who reads only what everybody may read.

    Raises:
        ConfigError: a path is not absolute, cannot be written in a unit, or the data folder does not go with the user.
    """
    return _UNIT.format(
        python=_quoted("the interpreter", python),
        config=_quoted("the configuration", config),
        data=_quoted("the data folder", data),
        watchdog=WATCHDOG_S,
        user=f"User={_checked_user(user)}" if user else "DynamicUser=yes",
        data_access=_data_access(data, user),
        protect_home="read-only" if any(map(_is_in_a_home, (python, config, data))) else "yes",
    )


def _data_access(data: Path, user: str) -> str:
    if PurePosixPath(data).is_relative_to(_STATE_ROOT) and PurePosixPath(data) != _STATE_ROOT:
        folder = _quoted("the data folder", Path(data.relative_to(_STATE_ROOT)), must_be_absolute=False)
        return f"StateDirectory={folder}\nStateDirectoryMode=0700"
    if not user:
        raise ConfigError(f"data folder {data}: a service without a user of its own keeps its data below {_STATE_ROOT}")
    return f"ReadWritePaths={_quoted('the data folder', data)}"


def _is_in_a_home(path: Path) -> bool:
    return any(PurePosixPath(path).is_relative_to(home) for home in _HOMES)


def _checked_user(user: str) -> str:
    if not user.isascii() or not user.replace("-", "").replace("_", "").isalnum():
        raise ConfigError(f"user {user!r}: expected a user's name of letters, digits, - and _")
    return user


def _quoted(what: str, path: Path, *, must_be_absolute: bool = True) -> str:
    """Return ``path`` so that systemd reads it as one word and expands nothing in it."""
    text = str(path)
    if must_be_absolute and not path.is_absolute():
        raise ConfigError(f"{what} {text!r}: expected an absolute path")
    if any(ord(character) < 32 for character in text):
        raise ConfigError(f"{what} {text!r}: a unit cannot hold a path with control characters")
    text = text.replace("%", "%%")
    if not any(character in text for character in " \"'\\$;"):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'
