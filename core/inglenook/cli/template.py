"""``inglenook template``: try a template out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION

if TYPE_CHECKING:
    from inglenook.home import Home

_TYPED: Final = "<template>"  # what stands for the file where there is none


@click.command("template")
@click.argument("text", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Read the template from this file, or from standard input with -.",
)
@CONFIG_OPTION
@DATA_OPTION
def command(text: str | None, file: Path | None, config: Path, data: Path | None) -> None:
    """Render the template TEXT in the home: in the running one, else with the states that it last had.

    Exit status 1 if the template is wrong or fails.
    """
    from inglenook.cli.control import on_home  # noqa: PLC0415 - the database and all

    if (text is None) == (file is None):
        raise click.UsageError("give either a template or --file")
    name = _TYPED if file is None or str(file) == "-" else str(file)
    if text is None:
        text = _read(file)

    def offline(home: "Home") -> dict[str, Any]:
        from inglenook.config.macros import read_macros  # noqa: PLC0415 - as above
        from inglenook.server.template_trial import try_template  # noqa: PLC0415
        from inglenook.templates import Templates  # noqa: PLC0415

        templates = Templates(home)
        templates.set_macros(read_macros(config if config.is_dir() else config.parent))
        return try_template(templates, text)

    given = {"of": text}
    found = on_home(config, data, lambda home: home.ask("POST", "/report/template", given), offline)
    for warning in found["warnings"]:
        click.echo(f"warning: {warning}; taken as empty", err=True)
    if (error := found["error"]) is not None:
        click.echo(f"error: {name}:{error['line']}:{error['column']}: {error['message']}", err=True)
        sys.exit(1)
    click.echo(found["result"])


def _read(file: Path | None) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    assert file is not None
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from error
