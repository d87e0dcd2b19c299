"""``inglenook check``: everything wrong in a configuration at once, before it runs."""

import asyncio
import sys
from pathlib import Path

import click

from inglenook.cli import DATA_OPTION
from inglenook.errors import ConfigError


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@DATA_OPTION
def command(path: Path, data: Path | None) -> None:
    """Check the configuration folder or file PATH and its rules; exit status 1 if something is wrong."""
    from inglenook.server.checking import check_configuration  # noqa: PLC0415 - the rules and all

    result = asyncio.run(check_configuration(path, data))
    for warning in result.warnings:
        _show("warning", warning, result.folder)
    for error in result.errors:
        _show("error", error, result.folder)
    if result.errors:
        click.echo(f"{len(result.errors)} to mend, in {result.files} files looked at", err=True)
        sys.exit(1)
    click.echo(f"{len(result.rules)} rules in {result.files} files are in order")


def _show(kind: str, error: ConfigError, folder: Path) -> None:
    """Print an error or warning, with the line that it is about."""
    from inglenook.config.yaml import source_line  # noqa: PLC0415 - the YAML, which needs time to load

    click.echo(f"{kind}: {error}")
    if error.position and (line := source_line(error.position, folder)):
        click.echo(line)
