"""``inglenook check``: everything wrong in a configuration at once, before it runs."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from inglenook.cli import DATA_OPTION
from inglenook.cli.tables import counted
from inglenook.errors import ConfigError

if TYPE_CHECKING:
    from inglenook.server.checking import CheckResult

FORMATS: Final = ("text", "json", "github")


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path), default=Path(), envvar="INGLENOOK_CONFIG")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="For people, programs or GitHub.")
@DATA_OPTION
def command(path: Path, form: str, data: Path | None) -> None:
    """Check the configuration folder or file PATH and its rules; exit status 1 if something is wrong."""
    from inglenook.server.checking import check_configuration  # noqa: PLC0415 - the rules and all

    result = asyncio.run(check_configuration(path, data))
    _SHOW[form](result)
    if result.errors:
        sys.exit(1)


def _as_text(result: "CheckResult") -> None:
    """Print each error and warning with the line that it is about."""
    from inglenook.config.yaml import source_line  # noqa: PLC0415 - the YAML, which needs time to load

    for kind, error in _all(result):
        click.echo(f"{kind}: {error}")
        if error.position and (line := source_line(error.position, result.folder)):
            click.echo(line)
    if result.errors:
        click.echo(f"{counted(len(result.errors), 'error')} in {counted(result.files, 'file')}", err=True)
    else:
        scripts = f" and {counted(len(result.scripts), 'script')}" if result.scripts else ""
        click.echo(f"{counted(len(result.rules), 'rule')}{scripts} in {counted(result.files, 'file')}: in order")


def _as_json(result: "CheckResult") -> None:
    """Print one object; ``line`` and ``column`` from 1, null when it has no place in a file.

    ``is_fatal`` is false for an error that makes a rule or a template entity unavailable, and nothing else.
    """
    found: dict[str, Any] = {"errors": [], "warnings": [], "files": result.files}
    found |= {"rules": len(result.rules), "scripts": len(result.scripts)}
    for kind, error in _all(result):
        file, line, column = error.position or (None, None, None)
        place = {"file": file, "line": line or None, "column": column or None}
        told = {**place, "where": error.where, "message": error.message}
        found[f"{kind}s"].append({**told, "is_fatal": str(error) not in result.of_parts} if kind == "error" else told)
    click.echo(json.dumps(found, ensure_ascii=False))


def _as_github(result: "CheckResult") -> None:
    """Print the commands by which a workflow on GitHub marks lines."""
    for kind, error in _all(result):
        file, line, column = error.position or ("", 0, 0)
        place = {"file": file, "line": line, "col": column}
        properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in place.items() if value)
        message = f"{error.where}: {error.message}" if error.where else error.message
        click.echo(f"::{kind} {properties}::{_escaped(message)}")


def _all(result: "CheckResult") -> list[tuple[str, ConfigError]]:
    return [*(("warning", one) for one in result.warnings), *(("error", one) for one in result.errors)]


def _escaped(text: str, also: str = "") -> str:
    """Return ``text`` with what would end a command, and what is in ``also``, as its percent code."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in text)


_SHOW: Final[dict[str, Callable[["CheckResult"], None]]] = {
    "text": _as_text, "json": _as_json, "github": _as_github,
}  # fmt: skip
