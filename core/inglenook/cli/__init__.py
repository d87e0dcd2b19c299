"""The ``inglenook`` command: each of its words is a module, imported only when it is used."""

import importlib
from pathlib import Path
from typing import Any, Final

import click

from inglenook.errors import InglenookError
from inglenook.version import __version__

COMMANDS: Final = {
    "run": "inglenook.cli.run",
    "check": "inglenook.cli.check",
    "init": "inglenook.cli.init",
    "adopt": "inglenook.cli.adopt",
    "device": "inglenook.cli.device",
    "user": "inglenook.cli.user",
    "token": "inglenook.cli.token",
    "plugin": "inglenook.cli.plugin",
    "rule": "inglenook.cli.rule",
    "template": "inglenook.cli.template",
    "top": "inglenook.cli.top",
    "frontend": "inglenook.cli.frontend",
    "tls": "inglenook.cli.tls",
    "service": "inglenook.cli.service",
    "version": "inglenook.cli.version",
}


class Commands(click.Group):
    """The commands, found by name and imported late, so that each starts as fast as it can."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of :data:`COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong on purpose is one message and status 1, not a traceback."""
        try:
            return super().invoke(ctx)
        except InglenookError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inglenook")
def main() -> None:
    """Run and look after a home: rules in Home Assistant's dialect, devices over WebSocket."""


CONFIG_OPTION = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path),
    default=Path(),
    envvar="INGLENOOK_CONFIG",
    show_default="this folder",
    help="The configuration folder, or the file in it to use instead of configuration.yaml.",
)
DATA_OPTION = click.option(
    "--data",
    "data",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    envvar="INGLENOOK_DATA",
    help="The data folder, instead of the one the configuration names.",
)
