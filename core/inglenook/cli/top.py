"""``inglenook top``: how the running home does, as it does it."""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.control import RunningHome
from inglenook.clock import Clock

if TYPE_CHECKING:
    from inglenook.web.vitals import Snapshot

_QUITS: Final = frozenset(b"qQ\x04")


@click.command("top")
@click.option("--once", is_flag=True, help="Measure for one period, print the table and end.")
@click.option("--every", type=click.FloatRange(0.1, 60), default=1.0, show_default=True, help="Seconds of a period.")
@CONFIG_OPTION
@DATA_OPTION
def command(once: bool, every: float, config: Path, data: Path | None) -> None:
    """Show what the running home does: events, runs, devices, queues, lag, memory."""
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.server.lock import is_running  # noqa: PLC0415

    data_dir = read_configuration(config, data=data, or_last_good=True).settings.data_dir
    if not is_running(data_dir):
        raise click.ClickException(f"there is nothing to see; start the home with: inglenook run --config {config}")
    home = RunningHome(data_dir)
    if once or not sys.stdout.isatty():
        _print_once(home, every)
    else:
        _show(home, every)


def _print_once(home: RunningHome, every: float) -> None:
    from rich.console import Console  # noqa: PLC0415 - needs time to load

    from inglenook.cli.top_table import top_table  # noqa: PLC0415 - the same

    before = _read(home)
    _wait(every, keyboard=None)
    Console(width=100, highlight=False).print(top_table(before, _read(home)))


def _show(home: RunningHome, every: float) -> None:
    """Show the table, anew each period, until a key or Ctrl-C ends it, or the home does."""
    from rich.console import Console  # noqa: PLC0415 - needs time to load
    from rich.live import Live  # noqa: PLC0415

    from inglenook.cli.top_table import top_table  # noqa: PLC0415 - the same

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the terminal is left as it was
    before = now = _read(home)
    console = Console(highlight=False)
    with _keyboard() as keyboard, Live(console=console, auto_refresh=False, screen=True) as live:
        try:
            live.update(top_table(before, now), refresh=True)
            while not _wait(every, keyboard):
                before, now = now, _read(home)
                live.update(top_table(before, now), refresh=True)
        except KeyboardInterrupt:
            return


def _read(home: RunningHome) -> "Snapshot":
    import msgspec  # noqa: PLC0415 - as above

    from inglenook.web.vitals import Snapshot  # noqa: PLC0415

    return msgspec.convert(home.ask("GET", "/report/vitals"), Snapshot)


def _wait(seconds: float, keyboard: int | None) -> bool:
    """Wait for so long; True, at once, when the key comes that ends it, or no more keys can come."""
    monotonic = Clock().monotonic
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        ready, _, _ = select.select([] if keyboard is None else [keyboard], [], [], left)
        if keyboard in ready and keyboard is not None:
            pressed = os.read(keyboard, 64)
            if not pressed or _QUITS.intersection(pressed):
                return True
    return False


@contextmanager
def _keyboard() -> Iterator[int | None]:
    """Let keys come as they are pressed; gives None where there is no keyboard."""
    import termios  # noqa: PLC0415 - only for a terminal
    import tty  # noqa: PLC0415

    if not sys.stdin.isatty():
        yield None
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    try:
        yield keyboard
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
