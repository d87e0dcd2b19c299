"""``inglenook frontend``: Home Assistant's web frontend, which the home serves once it is installed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.tables import print_table

if TYPE_CHECKING:
    from inglenook.web.frontend.versions import Versions


@click.group("frontend")
def command() -> None:
    """Install Home Assistant's web frontend, and look after it."""


@command.command("install")
@click.argument("version", required=False)
@CONFIG_OPTION
@DATA_OPTION
def install_frontend(version: str | None, config: Path, data: Path | None) -> None:
    """Fetch the frontend with pip and serve it at /; VERSION is the one that fits this inglenook unless given.

    Works while the home runs: reload the page in the browser afterwards.
    """
    from inglenook.web.frontend.install import DEFAULT_VERSION, PACKAGE, install  # noqa: PLC0415 - only here

    chosen = version or DEFAULT_VERSION
    versions = _versions(config, data)
    if chosen in versions.all():
        versions.use(chosen)
        click.echo(f"{PACKAGE} {chosen} is installed already; it is served now.")
        return
    click.echo(f"Fetching {PACKAGE} {chosen}, about 120 MB …")
    folder = install(versions, chosen)
    click.echo(f"Installed in {folder}; the home serves it at / from now on.")


@command.command("list")
@CONFIG_OPTION
@DATA_OPTION
def list_frontends(config: Path, data: Path | None) -> None:
    """List the versions that are installed."""
    versions = _versions(config, data)
    current = versions.current()
    served = current.name if current is not None else None
    rows = [(version, "served" if version == served else "") for version in versions.all()]
    print_table(("version", "state"), rows, empty="no frontend is installed; `inglenook frontend install` does that")


@command.command("remove")
@click.argument("version")
@CONFIG_OPTION
@DATA_OPTION
def remove_frontend(version: str, config: Path, data: Path | None) -> None:
    """Delete a version; the newest of the others is served then, or the home's own page."""
    versions = _versions(config, data)
    versions.remove(version)
    current = versions.current()
    click.echo(f"Removed {version}; " + (f"{current.name} is served now." if current else "none is left."))


def _versions(config: Path, data: Path | None) -> "Versions":
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.web.frontend.versions import Versions  # noqa: PLC0415 - with it the web server is loaded

    return Versions(read_configuration(config, data=data).settings.data_dir)
