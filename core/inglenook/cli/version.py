"""``inglenook version``: what runs here, for a report."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import click

from inglenook.version import __version__

_PARTS: Final = ("aiohttp", "pluggy", "voluptuous", "sqlite-utils", "watchfiles", "msgspec", "Jinja2", "uvloop")


@click.command("version")
def command() -> None:
    """Print the versions of inglenook, Python and what it is built on."""
    click.echo(f"inglenook {__version__}")
    click.echo(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    for part in _PARTS:
        click.echo(f"{part} {_version(part)}")


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return "not installed"
