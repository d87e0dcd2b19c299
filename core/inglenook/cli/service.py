"""``inglenook service``: run the home when the machine starts."""

import pwd
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.unit import render_unit
from inglenook.config.configuration import configuration_file

UNIT_FOLDER: Final = Path("/etc/systemd/system")
UNIT_NAME: Final = "inglenook.service"
DATA_FOLDER: Final = Path("/var/lib/inglenook")


@click.group("service")
def command() -> None:
    """Set the home up as a service of this machine."""


@command.command("install")
@CONFIG_OPTION
@DATA_OPTION
@click.option("--user", default="inglenook", show_default=True, help="The system user that the home runs as.")
@click.option("--print", "only_print", is_flag=True, help="Print the unit instead of installing it.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=UNIT_FOLDER,
    show_default=True,
    help="Where the unit goes.",
)
def install(config: Path, data: Path | None, user: str, only_print: bool, folder: Path) -> None:
    """Install a systemd unit that runs the home in --config; as root."""
    configuration_file(config)
    config, data = config.resolve(), (data or DATA_FOLDER).resolve()
    unit = render_unit(Path(sys.executable), config, data, user)
    if only_print:
        click.echo(unit, nl=False)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / UNIT_NAME).write_text(unit)
    except OSError as error:
        raise click.ClickException(f"{folder / UNIT_NAME} cannot be written ({error.strerror}); try as root") from error
    click.echo(f"Wrote {folder / UNIT_NAME}")
    if folder == UNIT_FOLDER and (systemctl := shutil.which("systemctl")):
        subprocess.run([systemctl, "daemon-reload"], check=False)  # noqa: S603 - the system's own, no words from outside
    if user and not _is_user(user):
        create = f"useradd --system --home-dir {DATA_FOLDER} --shell /usr/sbin/nologin {user}"
        click.echo(f"There is no user {user} yet; make it with: {create}")
    click.echo(f"Its data is in {data}; other commands have to be told: inglenook device list {_folders(config, data)}")
    click.echo(f"Start it now and with the machine: systemctl enable --now {UNIT_NAME}")


def _folders(config: Path, data: Path) -> str:
    return shlex.join(["--config", str(config), "--data", str(data)])


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
