"""``inglenook plugin``: what is installed, what the home uses, and how it is."""

from pathlib import Path

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.control import RunningHome
from inglenook.cli.tables import print_table


@click.group("plugin")
def command() -> None:
    """Look at plugins."""


@command.command("list")
@CONFIG_OPTION
@DATA_OPTION
def list_plugins(config: Path, data: Path | None) -> None:
    """List the plugins that are installed, lie in the folder ``plugins``, or handle a key of the configuration."""
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.plugins.finder import ALWAYS, find_plugins, find_sections  # noqa: PLC0415
    from inglenook.server.lock import is_running  # noqa: PLC0415

    configuration = read_configuration(config, data=data)
    sections = find_sections()
    named = {*ALWAYS, *configuration.sections.trees, *configuration.sections.platforms()}
    used = dict.fromkeys([*configuration.plugins, *(named & sections.keys())], ("used", ""))
    if is_running(configuration.settings.data_dir):
        running = RunningHome(configuration.settings.data_dir).ask("GET", "/report/plugins")
        used = {plugin["name"]: (plugin["state"], plugin["problem"]) for plugin in running}
    found = {**sections, **find_plugins(configuration.settings.config_dir)}
    rows = [
        (name, found[name].source if name in found else "not found", *used.get(name, ("not used", "")))
        for name in sorted({*found, *used})
    ]
    print_table(("plugin", "from", "state", "problem"), rows, empty="no plugins are installed")
