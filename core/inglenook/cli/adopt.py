"""``inglenook adopt``: what a Home Assistant folder comes to here."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from inglenook.errors import ConfigError


@click.command("adopt")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Tell what in the Home Assistant folder FOLDER runs as it is, what waits for a plugin, and what does not run.

    Nothing is written there.
    """
    from inglenook.server.adoption import adopt  # noqa: PLC0415 - the rules and all

    found = asyncio.run(adopt(folder))
    _show("Runs as it is", found.runs, found.counts)
    _show("Runs with a plugin", found.waits)
    _show("Does not run", found.fails)
    if found.registered:
        click.echo(f"Registered there: {_listed(found.registered)}")


def _show(title: str, findings: Sequence[ConfigError], counts: Mapping[str, int] = {}) -> None:
    click.echo(f"{title}: {len(findings)}" + (f" ({_listed(counts)})" if counts else ""))
    for finding in findings:
        click.echo(f"  {finding}")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in counts.items())
